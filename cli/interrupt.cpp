#include "cli/interrupt.hpp"

#include <fcntl.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "cli/exit_code.hpp"

namespace nabla {
namespace {

static_assert(Stop::is_always_lock_free);
Stop stop = false, came = false, ends_on_second = true;
std::atomic<int> reading_end = -1, writing_end = -1;
struct sigaction before {};
std::atomic<std::int64_t> came_at = 0;

// Nanoseconds; may be asked in a signal handler.
std::int64_t now() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

void interrupt(int) {
  const int saved = errno;
  // Whoever signals a process and its group, as timeout(1) does, means it once.
  constexpr std::int64_t one_press = 100'000'000;
  const std::int64_t at = now();
  if (!came.exchange(true)) {
    came_at = at;
  } else if (ends_on_second && at - came_at > one_press) {
    ::_exit(static_cast<int>(Exit::interrupted));
  }
  stop = true;
  if (const int to = writing_end; to >= 0) {
    const char byte = 0;
    [[maybe_unused]] const auto written = ::write(to, &byte, 1);
  }
  errno = saved;
}

}  // namespace

InterruptHandler::InterruptHandler() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0) {
    reading_end = ends[0];
    writing_end = ends[1];
  }
  struct sigaction action {};
  action.sa_handler = interrupt;
  sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, nullptr, &before);
  // Whoever started the program may want it to ignore the signal (nohup).
  if (before.sa_handler != SIG_IGN) ::sigaction(SIGINT, &action, nullptr);
}

InterruptHandler::~InterruptHandler() {
  ::sigaction(SIGINT, &before, nullptr);
  for (std::atomic<int>* end : {&reading_end, &writing_end}) {
    if (const int descriptor = end->exchange(-1); descriptor >= 0) ::close(descriptor);
  }
}

Stop& stop_flag() { return stop; }
bool interrupted() { return came; }

bool take_interrupt() {
  // In this order a signal that comes meanwhile is kept.
  const bool taken = came.exchange(false);
  char bytes[64];
  while (reading_end >= 0 && ::read(reading_end, bytes, sizeof bytes) > 0) {
  }
  stop = came.load();
  return taken;
}

void keep_running_when_interrupted() { ends_on_second = false; }

int interrupt_descriptor() { return reading_end; }

}  // namespace nabla
