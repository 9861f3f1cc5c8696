#pragma once

// Expansion: products of sums and powers of sums multiplied out, the opposite of sharing. Only on
// request; the canonical form never does it.

#include "lib/core/expr.hpp"

namespace nabla {

// The same value with every product over sums distributed and every positive integer power of a sum
// written out by the multinomial theorem, inside functions too; in canonical form. Denominators and
// other powers keep their shape. Cost: O(n log n) in the terms that are formed, which are limited,
// before like ones are collected, by `expansion_terms`. Throws LimitError: L109 before it begins
// when that is too few, L111 when the coefficients would not fit the memory, L101, L108, L110.
Expr expand(Expr e);

}  // namespace nabla
