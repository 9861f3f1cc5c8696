#pragma once

// The way to a derivative in words: the steps of lib/calculus/explain.hpp, and the limit of the
// difference quotient.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/command.hpp"
#include "lib/calculus/explain.hpp"
#include "lib/core/diagnostic.hpp"

namespace nabla {

// "product rule: (u*v)' = u'*v + u*v'"; of a function what its row of the table says.
std::string rule_text(const DerivationStep&);

// One line for each step, numbered: the part, its derivative, the rule.
std::string write(const std::vector<DerivationStep>&, const std::string& variable, Format);

// (f(x + h) - f(x))/h, what algebra makes of it, and the slope as h goes to 0.
struct DifferenceQuotient {
  std::string h;  // a name that f does not have
  Expr quotient, shortened;
  std::optional<Expr> limit;  // `shortened` at h = 0, where that is the derivative
  std::vector<std::pair<double, double>> secants;  // else h and the quotient near `at`
  double at = 0, slope = 0;
};

// Error L1xx limits, D201.
Result<DifferenceQuotient> difference_quotient(Expr f, Expr x, Expr derivative,
                                               std::optional<double> at);
std::string write(const DifferenceQuotient&, const std::string& variable, Format);

}  // namespace nabla
