#pragma once

// Rolled sums: long sums of terms of one shape, kept as one term and a table of indices. What
// roll() finds (lib/calculus/roll.hpp), RolledFunction runs (lib/eval/rolled.hpp) and generate()
// writes as a loop (lib/emit/rolled_source.hpp).

#include <cstdint>
#include <vector>

#include "lib/core/expr.hpp"

namespace nabla {

// Terms of one shape: the body over `slots`, and for each term which variables stand in them.
struct Template {
  Expr body;
  std::vector<Expr> slots;           // symbols of their own, named _s0, _s1, ...
  std::vector<std::uint32_t> table;  // by term, then slot: positions among the variables

  std::size_t terms() const { return slots.empty() ? 0 : table.size() / slots.size(); }
};

// f = rest + the sum over all templates and their terms.
struct Rolled {
  std::vector<Template> templates;
  Expr rest;
  std::size_t variables = 0;
};

// df/dvariable_i = rest[i] + the sum, over all places of all tables where i stands in slot j of
// template t, of slopes[t][j] at that term.
struct RolledGradient {
  std::vector<std::vector<Expr>> slopes;  // by template, then slot; over its slots
  std::vector<Expr> rest;                 // by variable; empty where the rest is constant
};

}  // namespace nabla
