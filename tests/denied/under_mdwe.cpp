// Runs a program whose memory may never become executable (PR_SET_MDWE, Linux 6.3):
//   under_mdwe PROGRAM [ARGUMENT]...

#include <sys/prctl.h>
#include <unistd.h>
#include <cstdio>

int main(int count, char** arguments) {
  constexpr int set_mdwe = 65, refuse_gain = 1, skipped = 77;
  if (count < 2) return 2;
  if (prctl(set_mdwe, refuse_gain, 0, 0, 0) != 0) {
    std::puts("this kernel does not know PR_SET_MDWE");
    return skipped;
  }
  execvp(arguments[1], arguments + 1);
  std::perror(arguments[1]);
  return 2;
}
