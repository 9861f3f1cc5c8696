#pragma once

// All first derivatives of a scalar in one reverse sweep, and what is made of them: Jacobians and
// Hessians, dense and sparse. An entry that is zero by structure is Graph::zero, nothing else is.

#include <cstdint>
#include <span>
#include <vector>

#include "lib/core/diagnostic.hpp"
#include "lib/core/expr.hpp"
#include "lib/core/graph.hpp"

namespace nabla {

// df/dvariables[i], all of them for at most about four times the operations of f (Baur & Strassen).
// Linear in the distinct nodes below f. A per-row expression (columns outside any sum) is
// differentiated variable by variable instead.
// Errors: D201 function without derivative, D202 a variable is no name, L1xx limits.
Result<std::vector<Expr>> gradient(Expr f, std::span<const Expr> variables);

// The same, with products of powers like x^(2*y)*z^x by their logarithmic derivative: two
// operations for each of them where the product rule takes four. Has no value where the base of
// such a power is 0, and reads differently; otherwise equal.
Result<std::vector<Expr>> logarithmic_gradient(Expr f, std::span<const Expr> variables);

// Row major.
struct Matrix {
  std::size_t rows = 0, columns = 0;
  std::vector<Expr> entries;

  Expr operator()(std::size_t row, std::size_t column) const {
    return entries[row * columns + column];
  }
};

// `tangent` sweeps forward once per variable, `adjoint` backward once per output. `automatic`
// takes, for each weakly connected block of outputs and variables, the one with fewer operations: a
// dry run counts both in step and stops when the winner is certain, at no more than twice its cost.
enum class Mode { automatic, tangent, adjoint };

// Error L105 when rows * columns exceeds the limit `arguments`; jacobian_entries has no such bound.
Result<Matrix> jacobian(std::span<const Expr> outputs, std::span<const Expr> variables,
                        Mode = Mode::automatic);

// Symmetric; the lower triangle is built and mirrored.
Result<Matrix> hessian(Expr f, std::span<const Expr> variables);

// The entries that are not structurally zero, by row, then column.
struct Entry {
  std::uint32_t row = 0, column = 0;
  NodeId value{};
};
Result<std::vector<Entry>> jacobian_entries(std::span<const Expr> outputs,
                                            std::span<const Expr> variables,
                                            Mode = Mode::automatic);

// Of the lower triangle (column <= row).
Result<std::vector<Entry>> hessian_entries(Expr f, std::span<const Expr> variables,
                                           Mode = Mode::automatic);

// The same by edge pushing: one pass over f that carries a weight for each pair of nodes that act
// together (edges.hpp), whatever the number of variables. Where f makes choices or sums over rows,
// as hessian_entries.
Result<std::vector<Entry>> pushed_hessian_entries(Expr f, std::span<const Expr> variables);

}  // namespace nabla
