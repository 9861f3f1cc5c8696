#pragma once

// Every bound the engine keeps, in one place: a name, a default, a setter (the member itself). A
// limit that is reached gives a diagnostic with code L1xx that names the limit; nothing hangs or
// aborts.

#include <atomic>
#include <cstddef>

namespace nabla {

struct Limits {
  std::size_t nodes = std::size_t{1} << 24;  // distinct nodes in one Graph
  std::size_t number_bits = std::size_t{1}
                            << 24;  // of an exact integer; larger powers stay symbolic
  std::size_t input_bytes = std::size_t{16} << 20;
  std::size_t nesting = 1000;  // parentheses, calls and signs inside one another
  std::size_t name_bytes = 255;
  std::size_t arguments = 1'000'000;  // of one call, vector or matrix
  std::size_t output_bytes = std::size_t{64} << 20;

  // Set from another thread or a signal handler to stop a computation; polled while building nodes.
  const std::atomic<bool>* stop = nullptr;
};

}  // namespace nabla
