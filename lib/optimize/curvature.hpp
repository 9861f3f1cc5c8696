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

// "minimum", "maximum", ...: words for people, not the functions of the same name.
constexpr std::string_view name_of(CriticalPoint kind) {
  constexpr std::string_view a_minimum = "a minimum", a_maximum = "a maximum";
  switch (kind) {
    case CriticalPoint::minimum: return a_minimum.substr(2);
    case CriticalPoint::maximum: return a_maximum.substr(2);
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
