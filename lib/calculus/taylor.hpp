#pragma once

// Taylor mode: all derivatives up to an order at once, as coefficients of f(x + t) in t. Products
// become convolutions, and f' = g'(u) u' gives each coefficient of g(u) from earlier ones, for
// every row of the function table (Griewank & Walther, Evaluating Derivatives, chapter 13).
// O(order^2) operations for each operation of f: fewer than repeated tangents from about order six.

#include <vector>

#include "lib/core/diagnostic.hpp"
#include "lib/core/expr.hpp"

namespace nabla {

// f^(k)(x)/k! for k = 0..order. Where f makes choices (if, min, max) or has a power with x in base
// and exponent, the coefficients come from repeated tangents, which keep what is not taken apart.
// Errors: D201 function without derivative, D202 x is no name, L1xx limits.
Result<std::vector<Expr>> taylor_coefficients(Expr f, Expr x, unsigned order);

// The same times k!: f, f', f'', ...
Result<std::vector<Expr>> derivatives(Expr f, Expr x, unsigned order);

}  // namespace nabla
