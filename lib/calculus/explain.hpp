#pragma once

// The rules a derivative applied, in order: what the tangent sweep found for each subexpression and
// by which rule. The same sweep as derivative(), so the last step is that derivative.

#include <cstdint>
#include <vector>

#include "lib/core/diagnostic.hpp"
#include "lib/core/expr.hpp"

namespace nabla {

enum class DerivationRule : std::uint8_t {
  variable,         // x' = 1
  constant,         // what does not depend on x
  sum,              // term by term
  constant_factor,  // (c u)' = c u'
  product,          // (u v)' = u' v + u v'
  power,            // (u^n)' = n u^(n - 1) u'
  exponential,      // (a^u)' = a^u log(a) u'
  general_power,    // (u^v)'
  function,         // a row of the function table
  choice,           // each branch by itself
  rows,             // a sum over the data, row by row
  given             // a function of the program with the partial derivatives it came with
};

struct DerivationStep {
  Expr of;          // a subexpression
  Expr derivative;  // as the rule gave it, nothing collected
  DerivationRule rule = DerivationRule::constant;
  bool inner = false;                  // of another expression than x itself: the chain rule
  bool first = false, second = false;  // which operands depend on x
};

// One step for each distinct subexpression that depends on x, operands first, the last one for f.
// Sums are one step with all their terms; a term that does not depend on x has a step of its own,
// because it vanishes. Linear in the distinct nodes below f. Errors: D201 function without
// derivative, D202 x is no name, L1xx limits.
Result<std::vector<DerivationStep>> derivation(Expr f, Expr x);

}  // namespace nabla
