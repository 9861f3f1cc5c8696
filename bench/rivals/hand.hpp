#pragma once

// What a programmer would write by hand for the nine expressions; each variant of compiler and
// flags gives one table of functions.

#include <cstddef>

namespace nabla::rivals {

inline constexpr std::size_t expressions = 9;
enum Expression : std::size_t {
  poly10,
  powers,
  sxe,
  logistic,
  gmm,
  rosenbrock,
  rational,
  network,
  hessian
};

using Batch = void (*)(const double* const* in, const double* parameters, double* const* out,
                       std::size_t n);
using Point = void (*)(const double* in, double* out);
// Sums of the logistic loss and its gradient over the rows.
using Sums = void (*)(const double* const* in, const double* parameters, double* out,
                      std::size_t n);

struct Hand {
  const char* name;
  Batch batch[expressions];
  Point point[expressions];  // null where the variant has vectors only
  Sums sums;
};

}  // namespace nabla::rivals
