#pragma once

// Ctrl-C. A signal handler can only reach what is global: the flags are, and this is the one place
// that sets them.

#include "lib/core/limits.hpp"

namespace nabla {

// While it lives SIGINT asks computations to stop. In a program that nobody talks to, a second one
// ends it at once with exit code 130.
class InterruptHandler {
 public:
  InterruptHandler();
  ~InterruptHandler();
  InterruptHandler(const InterruptHandler&) = delete;
  InterruptHandler& operator=(const InterruptHandler&) = delete;
};

// Set by SIGINT, and by whatever else stops computations.
Stop& stop_flag();

// Whether SIGINT came. take_interrupt() takes it back, with the request to stop.
bool interrupted();
bool take_interrupt();

// From now on a second SIGINT is one like the first.
void keep_running_when_interrupted();

// Readable once SIGINT came, for programs that wait for input; -1 when there is none.
int interrupt_descriptor();

}  // namespace nabla
