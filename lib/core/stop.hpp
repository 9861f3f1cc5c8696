#pragma once

// Stopping a computation from outside. Every loop that may run for more than a few milliseconds
// without building nodes (which looks by itself) asks through one of these.

#include <atomic>
#include <cstdint>

#include "lib/core/limits.hpp"

namespace nabla {

// Throws LimitError (L110).
[[noreturn]] void stop_now();

inline void check_stop(const std::atomic<bool>* stop) {
  if (stop != nullptr && stop->load(std::memory_order_relaxed)) [[unlikely]]
    stop_now();
}
inline void check_stop(const Limits& limits) { check_stop(limits.stop); }

// Looks once in `every` steps: for loops whose steps take well under a microsecond.
class StopCheck {
 public:
  explicit StopCheck(const Limits& limits, std::uint32_t every = 1024)
      : stop_(limits.stop), every_(every), left_(every) {}

  void operator()() {
    if (--left_ == 0) [[unlikely]] {
      left_ = every_;
      check_stop(stop_);
    }
  }

 private:
  const std::atomic<bool>* stop_;
  std::uint32_t every_, left_;
};

}  // namespace nabla
