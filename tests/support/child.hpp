#pragma once

// Processes of their own, for what a process cannot take back.

#include <sys/wait.h>
#include <unistd.h>

namespace nabla::test {

// What the body returns, computed in a child of this process; -1 when a signal ends it.
template <typename Body>
int in_a_child(Body body) {
  const pid_t child = fork();
  if (child == 0) _exit(body());
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace nabla::test
