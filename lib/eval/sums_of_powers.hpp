#pragma once

// The sums of a tape that are polynomials in one value, as far as they get shorter when they are
// nested. Private to polynomials.cpp.

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "lib/eval/tape.hpp"

namespace nabla {

// A sum with its terms: coefficients of the powers of a value, and what else is added. Values are
// those of the tape.
struct Polynomial {
  std::uint32_t root = 0;  // the operation
  std::uint32_t base = 0;
  std::vector<std::optional<double>> coefficient;      // by exponent
  std::vector<std::pair<std::uint32_t, bool>> others;  // true: subtracted
  std::uint32_t terms = 0;
};

struct SumsOfPowers {
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  std::vector<Polynomial> polynomials;
  std::vector<std::uint32_t> at;  // which of them an operation is the root of, or none

  // Linear in the operations and in the degrees.
  explicit SumsOfPowers(const Tape&);
};

}  // namespace nabla
