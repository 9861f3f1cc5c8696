#pragma once

// The tables that the step `lookup` reads.

#include <array>
#include <cstdint>
#include <span>

#include "lib/eval/kernels/coefficients.hpp"

namespace nabla::kernel {

enum Table : std::uint8_t { exp2_high_table, exp2_low_table, log_inverse_table, log_value_table };

inline constexpr std::array<std::span<const double, 16>, 4> tables{exp2_high, exp2_low, log_inverse,
                                                                   log_value};

}  // namespace nabla::kernel
