#pragma once

// What the Hessian says about a point where the gradient is zero, and about step sizes near it.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "lib/optimize/objective.hpp"

namespace nabla {

enum class CriticalPoint : std::uint8_t {
  minimum,     // all eigenvalues positive
  maximum,     // all negative
  saddle,      // of both signs
  degenerate,  // none of the other sign, but some zero: the second derivative does not decide
  unknown,     // no Hessian, or not finite
};

constexpr std::string_view name_of(CriticalPoint kind) {
  switch (kind) {
    case CriticalPoint::minimum: return "minimum";
    case CriticalPoint::maximum: return "maximum";
    case CriticalPoint::saddle: return "saddle";
    case CriticalPoint::degenerate: return "degenerate";
    case CriticalPoint::unknown: return "unknown";
  }
  return {};
}

// Signs of the eigenvalues of the symmetric n by n matrix, after each row and column is scaled by
// the root of its diagonal entry: scaling the parameters changes nothing. O(n^3).
CriticalPoint kind_of(std::span<const double> hessian, std::size_t n);

// Ascending; NaN when the matrix is not finite. O(n^3).
std::vector<double> eigenvalues(std::span<const double> hessian, std::size_t n);

// The largest eigenvalue of the Hessian at a point; NaN without a Hessian.
double largest_curvature(const Objective&, std::span<const double> at);

// The inverse of the Hessian at a point, row by row; empty unless it is positive definite. O(n^3).
std::vector<double> inverse_hessian(const Objective&, std::span<const double> at);

}  // namespace nabla
