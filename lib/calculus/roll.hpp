#pragma once

// Rolling: long sums of terms of one shape, kept as one term and a table. A sum of a million terms
// x_i^2 x_{i+1} + sin(x_i x_{i+1}) is one body s0^2 s1 + sin(s0 s1) and two columns of indices; it
// is differentiated once, whatever the number of terms, and evaluated as a loop. The idea of
// ExaModels (Shin, Pacaud & Anitescu, 2023), with the pattern found instead of declared.

#include <cstdint>
#include <span>
#include <vector>

#include "lib/core/diagnostic.hpp"
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

struct RollOptions {
  std::size_t least_terms = 8;    // fewer stay in the rest
  std::size_t largest_body = 64;  // in nodes; larger terms stay in the rest
};

// Finds the templates of f. Names that are no variables are part of the shape, like numbers. What a
// term shares with other terms is computed in each of them. Exact: order and grouping of the sum
// apart, nothing is changed. Linear in the distinct nodes of f and the sizes of the terms. Errors:
// D202, D203 as for gradient; L1xx.
Result<Rolled> roll(Expr f, std::span<const Expr> variables, const RollOptions& = {});

// df/dvariable_i = rest[i] + the sum, over all places of all tables where i stands in slot j of
// template t, of slopes[t][j] at that term. O(bodies + rest), whatever the number of terms. Errors
// as for gradient.
struct RolledGradient {
  std::vector<std::vector<Expr>> slopes;  // by template, then slot; over its slots
  std::vector<Expr> rest;                 // by variable; empty where the rest is constant
};
Result<RolledGradient> gradient(const Rolled&, std::span<const Expr> variables);

// f again, written out.
Result<Expr> unroll(const Rolled&, std::span<const Expr> variables);

}  // namespace nabla
