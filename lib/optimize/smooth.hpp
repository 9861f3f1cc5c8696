#pragma once

// Losses with kinks (mean absolute error, L1 penalties) as limits of smooth ones, so that Newton's
// method can follow the minimum down to the kink.

#include <optional>
#include <span>

#include "lib/core/expr.hpp"

namespace nabla {

// abs(u) becomes sqrt(u^2 + width^2) wherever u depends on a parameter. Nothing when there is no
// such abs. Linear in the distinct nodes.
std::optional<Expr> with_smooth_abs(Expr, std::span<const Expr> parameters, double width);

}  // namespace nabla
