#include "cli/watchdog.hpp"

#include <unistd.h>

#include <string_view>

#include "cli/exit_code.hpp"

namespace nabla {
namespace {

constexpr std::chrono::milliseconds patience{500};

[[noreturn]] void end_program() {
  constexpr std::string_view message = "error[L110]: the time is up\n";
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, message.data(), message.size());
  ::_exit(static_cast<int>(Exit::limit));
}

}  // namespace

Watchdog::Watchdog(Seconds time, std::atomic<bool>& stop, bool last_resort)
    : time_(time), stop_(stop), last_resort_(last_resort), thread_([this] { watch(); }) {}

Watchdog::~Watchdog() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Watchdog::arm() {
  {
    const std::lock_guard lock(mutex_);
    take_back();
    deadline_ = std::chrono::steady_clock::now() +
                std::chrono::duration_cast<std::chrono::steady_clock::duration>(time_);
  }
  changed_.notify_one();
}

void Watchdog::disarm() {
  const std::lock_guard lock(mutex_);
  deadline_.reset();
  take_back();
}

// Only what it has set itself: Ctrl-C sets the flag as well.
void Watchdog::take_back() {
  if (expired_.exchange(false)) stop_ = false;
}

void Watchdog::watch() {
  std::unique_lock lock(mutex_);
  while (!ending_) {
    if (!deadline_) {
      changed_.wait(lock);
    } else if (std::chrono::steady_clock::now() < *deadline_) {
      const auto until = *deadline_;
      changed_.wait_until(lock, until);
    } else if (!expired_) {
      expired_ = true;
      stop_ = true;
      if (last_resort_)
        deadline_ = std::chrono::steady_clock::now() + patience;
      else
        deadline_.reset();
    } else {
      end_program();
    }
  }
}

}  // namespace nabla
