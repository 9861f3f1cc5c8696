#pragma once

// Jacobians and Hessians as compressed rows, for solvers that work on the entries that are not
// structurally zero. The pattern is exact: zeros fold while derivatives are built.

#include <cstdint>
#include <span>
#include <vector>

#include "lib/calculus/gradient.hpp"

namespace nabla {

// The entries of row i are columns[k], values[k] for k = row_starts[i] .. row_starts[i + 1] - 1,
// columns ascending.
struct SparseMatrix {
  std::size_t rows = 0, columns = 0;
  std::vector<std::uint32_t> row_starts, column_of;
  std::vector<Expr> values;

  std::size_t entries() const { return values.size(); }
};

// From a list by row, then column (as jacobian_entries and hessian_entries return it). O(entries).
SparseMatrix compressed(Graph&, std::span<const Entry>, std::size_t rows, std::size_t columns);

// Errors as for jacobian, without L105: there is no bound but the number of entries.
Result<SparseMatrix> sparse_jacobian(std::span<const Expr> outputs, std::span<const Expr> variables,
                                     Mode = Mode::automatic);

// `lower`: column <= row only; `full`: both triangles, sharing their values.
enum class Triangle { lower, full };
Result<SparseMatrix> sparse_hessian(Expr f, std::span<const Expr> variables,
                                    Triangle = Triangle::full);

}  // namespace nabla
