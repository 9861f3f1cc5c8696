#pragma once

// Substitution: symbols (or any nodes) replaced by expressions, all of them at once, so that
// {x -> y, y -> x} swaps.

#include <span>
#include <vector>

#include "lib/core/expr.hpp"

namespace nabla {

struct Replacement {
  Expr symbol, by;
};

// Linear in the distinct nodes below the roots; shared nodes are rebuilt once.
Expr substitute(Expr root, std::span<const Replacement> replacements);
std::vector<Expr> substitute(std::span<const Expr> roots,
                             std::span<const Replacement> replacements);

}  // namespace nabla
