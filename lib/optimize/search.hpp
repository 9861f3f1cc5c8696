#pragma once

// What all searches share: bounds, and what an observer is told.

#include <cstddef>
#include <span>
#include <vector>

namespace nabla {

// Lower and upper bounds per parameter; empty: none.
struct Box {
  std::vector<double> lower, upper;

  bool empty() const { return lower.empty() && upper.empty(); }
  double clamped(std::size_t i, double x) const;
  bool at_lower(std::size_t i, double x) const { return !lower.empty() && x <= lower[i]; }
  bool at_upper(std::size_t i, double x) const { return !upper.empty() && x >= upper[i]; }
  // A bound keeps x from going where the value falls.
  bool holds(std::size_t i, double x, double slope) const {
    return (slope >= 0 && at_lower(i, x)) || (slope <= 0 && at_upper(i, x));
  }
};

// At the start (step 0) and after every step.
struct Progress {
  std::size_t step = 0;
  double value = 0, gradient_norm = 0, rate = 0;
  std::span<const double> at;
};

// Norm of the gradient without what a bound holds.
double free_norm(const Box&, std::span<const double> at, std::span<const double> slope);

}  // namespace nabla
