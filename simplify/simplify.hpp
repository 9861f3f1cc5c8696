#pragma once

// The door to simplification.

#include <span>
#include <string>
#include <vector>

#include "lib/core/diagnostic.hpp"
#include "lib/core/expr.hpp"
#include "simplify/price.hpp"
#include "simplify/rewrite.hpp"
#include "simplify/rule.hpp"

namespace nabla {

struct SimplifyOptions {
  int level = 2;  // 0: as it is; 1: canonical form; 2: the shortest of many forms; 3: more of them
  CostProfile profile = CostProfile::display;
  std::vector<std::string> assume = {};  // "x > 0", "0 < x < 1", "n integer"
  const RuleBook* rules = nullptr;       // besides the built-in ones, levels 2 and 3
};

// How a result came about.
struct SimplifyReport {
  std::vector<SimplifyStep> steps;
  std::vector<std::string> dropped;  // conditions the input asks for and the result does not
  double error_before = 0, error_after = 0;  // rounding error in units in the last place: the
                                             // largest bound over the sample points
};

// The report as lines for people: each rule with what it needed, the form it led to, what is asked
// for no longer, and how accurate the forms are in double arithmetic.
std::vector<std::string> explanation(const SimplifyReport& report);

// What the result says wherever e has a value; its domain may be wider, never narrower. Level 2 and
// above: never more operations than the canonical form, in the graph and in the unit of the
// profile; simplifying again changes nothing. Work is bounded by counts, so the result is the same
// in every run; what is too large keeps its canonical form. Time about 0.3 ms for a derivative of
// ten operations; O(n log n) beyond the bounds. Assumptions that cannot be read are ignored here:
// see check_assumptions.
Expr simplify(Expr e, const SimplifyOptions& options = {}, SimplifyReport* report = nullptr);

// Profiles display and accuracy: each root as if it stood alone, as long as all of them together
// are small enough to be read; beyond that, together, so that what they share stays shared.
// Profiles shared and run: for each root the form that costs least beside those of the others, such
// as a gradient beside its function; never more than the canonical forms cost together.
std::vector<Expr> simplify(std::span<const Expr> roots, const SimplifyOptions& options = {});

}  // namespace nabla
