#pragma once

// Expressions as LaTeX for people: fractions, roots, juxtaposed factors, sin^2, cases, sums over
// data.

#include <string>
#include <string_view>

#include "lib/core/expr.hpp"

namespace nabla {

// For math mode; needs amsmath. Linear in the length of the text; throws LimitError (L106) past the
// graph's limit on output.
std::string latex(Expr e);

// alpha is \alpha, x_1 and x1 are x_{1}, y_hat is \hat{y}, price is \mathrm{price}.
std::string latex_name(std::string_view name);

}  // namespace nabla
