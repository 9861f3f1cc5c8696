#pragma once

// The canonical form: like terms and equal bases collected, in the order readers expect. Cheap
// enough to run on every result. Products are never expanded over sums, numbers never distributed.

#include <span>
#include <vector>

#include "lib/core/expr.hpp"

namespace nabla {

// Sums and products are read as flat lists, collected, sorted by structure, and rebuilt through the
// constructors: `x^2 - 4*x + 5`, `2*x*sin(x)`, `a/(b*c)`. The value is the same wherever the
// argument has one; the domain may widen (x/x is 1) and never shrinks. Idempotent.
//
// Subexpressions used in several places, also by several roots, stay shared: they are opened only
// where they are small and nothing grows by it. O(n log n) in the distinct nodes.
Expr canonical(Expr e);
std::vector<Expr> canonical(std::span<const Expr> roots);

}  // namespace nabla
