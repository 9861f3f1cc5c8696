#pragma once

// How many values of steps are alive at once.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "lib/eval/code.hpp"

namespace nabla {

// Registers that are left to values of steps where a processor has 16 or 32 of them.
inline constexpr std::uint32_t fewest_registers = 14, usual_registers = 30;

// Counts them while somebody goes through the steps backwards.
class LifetimeCount {
 public:
  explicit LifetimeCount(std::size_t steps) : is_read_(steps) {}

  std::uint32_t most = 0;
  std::uint64_t beyond = 0;  // summed over the steps: values for which there is no register

  // A step, and then the steps whose values it reads. The first reader that is met is the last one.
  void made(std::size_t step) {
    if (alive_ > fewest_registers) {
      beyond += alive_ - fewest_registers;
      if (alive_ > usual_registers) beyond += alive_ - usual_registers;
    }
    most = std::max(most, alive_);
    alive_ -= is_read_[step];
  }
  void read(std::size_t step) {
    alive_ += 1u - is_read_[step];
    is_read_[step] = 1;
  }

 private:
  std::vector<std::uint8_t> is_read_;
  std::uint32_t alive_ = 0;  // after the step at hand
};

struct Lifetimes {
  std::uint32_t most = 0;
  std::uint64_t beyond = 0;

  explicit Lifetimes(const Code&);  // O(steps)
};

}  // namespace nabla
