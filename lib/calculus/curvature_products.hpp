#pragma once

// Curvature times a vector, without the matrix: what Newton's method by conjugate gradients and
// solvers for many parameters ask for. As expressions, so that they are compiled like any other.

#include <span>
#include <vector>

#include "lib/core/diagnostic.hpp"
#include "lib/core/expr.hpp"

namespace nabla {

// Hessian of f times `direction`, one entry for each variable: a tangent sweep, then an adjoint one
// (Pearlmutter, "Fast exact multiplication by the Hessian", Neural Computation 6(1), 1994). The
// direction is constant, whatever names it uses. At most some twenty times the operations of f, for
// any number of variables. Errors D201, D202, D204, L1xx.
Result<std::vector<Expr>> hessian_product(Expr f, std::span<const Expr> variables,
                                          std::span<const Expr> direction);

// JᵀJ times `direction`, where row i of J is the gradient of `residual` in row i of the data: half
// of the Hessian of the sum of squared residuals where these are small or linear (Gauss-Newton).
// Sums over the rows of one differentiated body: J is never formed. Errors as above.
Result<std::vector<Expr>> gauss_newton_product(Expr residual, std::span<const Expr> parameters,
                                               std::span<const Expr> direction);

}  // namespace nabla
