#pragma once

// How many values of steps are alive at once.

#include <cstdint>

#include "lib/eval/code.hpp"

namespace nabla {

// Registers that are left to values of steps where a processor has 16 or 32 of them.
inline constexpr std::uint32_t fewest_registers = 14, usual_registers = 30;

struct Lifetimes {
  std::uint32_t most = 0;
  std::uint64_t beyond = 0;  // summed over the steps: values for which there is no register

  explicit Lifetimes(const Code&);  // O(steps)
};

}  // namespace nabla
