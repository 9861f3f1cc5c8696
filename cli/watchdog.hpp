#pragma once

// Watchdog: a thread that asks a computation to stop once its time is up (--timeout).

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

namespace nabla {

class Watchdog {
 public:
  using Seconds = std::chrono::duration<double>;

  // Sets `stop` when an armed clock runs out. With `last_resort`, a program that has not stopped a
  // while later ends at once with exit code 4.
  Watchdog(Seconds time, std::atomic<bool>& stop, bool last_resort);
  ~Watchdog();

  void arm();
  void disarm();  // takes the request to stop back

  bool expired() const { return expired_; }

 private:
  void watch();
  void take_back();

  const Seconds time_;
  std::atomic<bool>& stop_;
  const bool last_resort_;
  std::atomic<bool> expired_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<std::chrono::steady_clock::time_point> deadline_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace nabla
