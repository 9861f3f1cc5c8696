#pragma once

// Numbers that bear a derivative out, or do not: differences over a sweep of step sizes, and two
// functions compared at many points.

#include <optional>
#include <span>
#include <vector>

#include "lib/core/diagnostic.hpp"
#include "lib/core/expr.hpp"

namespace nabla {

// The central difference (f(x+h) - f(x-h))/2h at one step size, and the parts of its error.
struct DifferenceRow {
  double h = 0, difference = 0, error = 0;  // against the derivative
  double truncation = 0;                    // h^2/6 times the third derivative
  double rounding = 0;                      // what the last bit of f is worth, over h
};

struct Comparison {
  bool equal = true;
  std::size_t points = 0;            // where both have a value
  double max_relative_error = 0;     // relative to 1 + size where the values are small
  std::vector<double> worst;         // the point of it, one number per variable
  double left = 0, right = 0;        // the values there
  std::vector<DifferenceRow> sweep;  // at the first point
  std::vector<double> sweep_at;      // that point
};

// Points to compare at, one number per variable; none: drawn by a fixed seed, some of them
// negative.
using CheckPoints = std::span<const std::vector<double>>;

// `derivative` against central differences of f by `x`: equal when at every point the best of the
// step sizes agrees as well as double precision allows. Points where f has no value on both sides
// are left out. Errors: E301, E302, D201.
Result<Comparison> against_differences(Expr f, Expr derivative, Expr x,
                                       std::span<const Expr> variables, CheckPoints points = {});

// Two expressions at the same points: equal when they agree to 1e-9 relative to the size of what
// cancels in them.
Result<Comparison> against_each_other(Expr left, Expr right, std::span<const Expr> variables,
                                      CheckPoints points = {});

}  // namespace nabla
