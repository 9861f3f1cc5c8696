#pragma once

// Rolling: long sums of terms of one shape, kept as one term and a table. A sum of a million terms
// x_i^2 x_{i+1} + sin(x_i x_{i+1}) is one body s0^2 s1 + sin(s0 s1) and two columns of indices; it
// is differentiated once, whatever the number of terms, and evaluated as a loop. The idea of
// ExaModels (Shin, Pacaud & Anitescu, 2023), with the pattern found instead of declared.

#include <cstddef>
#include <span>

#include "lib/core/diagnostic.hpp"
#include "lib/core/expr.hpp"
#include "lib/core/rolled.hpp"

namespace nabla {

struct RollOptions {
  std::size_t least_terms = 8;    // fewer stay in the rest
  std::size_t largest_body = 64;  // in nodes; larger terms stay in the rest
};

// Finds the templates of f. Names that are no variables are part of the shape, like numbers. What a
// term shares with other terms is computed in each of them. Exact: order and grouping of the sum
// apart, nothing is changed. Linear in the distinct nodes of f and the sizes of the terms. Errors:
// D202, D203 as for gradient; L1xx.
Result<Rolled> roll(Expr f, std::span<const Expr> variables, const RollOptions& = {});

// Differentiates each template once: O(bodies + rest), whatever the number of terms. Errors as for
// gradient.
Result<RolledGradient> gradient(const Rolled&, std::span<const Expr> variables);

// f again, written out.
Result<Expr> unroll(const Rolled&, std::span<const Expr> variables);

}  // namespace nabla
