#pragma once

// The oracle for derivatives: a symbolic derivative and a central difference of the function, both
// in MPFR, compared at growing precision.

#include <span>
#include <string>

#include "lib/core/expr.hpp"

namespace nabla::test {

struct Verdict {
  enum class Outcome { agree, differ, unresolved } outcome;
  long bits = 0;            // precision that decided
  std::string explanation;  // both numbers
};

// Is `slope` the derivative of f by variables[which] at the point? Five-point stencil
// (f(x-2h) - 8 f(x-h) + 8 f(x+h) - f(x+2h)) / 12h, relative 1e-25, at 256 bits; doubled up to 4096
// until they agree. Unresolved: neither value settled between the last two precisions.
Verdict check_slope(Expr f, Expr slope, std::span<const Expr> variables,
                    std::span<const double> point, std::size_t which);

// Number of random cases: the environment variable NABLA_RANDOM_CASES, or `usual`.
int random_cases(int usual);

}  // namespace nabla::test
