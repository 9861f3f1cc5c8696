#include "lib/calculus/sparse.hpp"

#include <utility>

#include "lib/core/graph.hpp"

namespace nabla {

SparseMatrix compressed(Graph& g, std::span<const Entry> list, std::size_t rows,
                        std::size_t columns) {
  SparseMatrix m{.rows = rows, .columns = columns, .row_starts = {}, .column_of = {}, .values = {}};
  m.row_starts.assign(rows + 1, 0);
  m.column_of.reserve(list.size());
  m.values.reserve(list.size());
  for (const Entry& e : list) {
    ++m.row_starts[e.row + 1];
    m.column_of.push_back(e.column);
    m.values.push_back(g.expr(e.value));
  }
  for (std::size_t i = 0; i < rows; ++i) m.row_starts[i + 1] += m.row_starts[i];
  return m;
}

Result<SparseMatrix> sparse_jacobian(std::span<const Expr> outputs, std::span<const Expr> variables,
                                     Mode mode) {
  const auto entries = jacobian_entries(outputs, variables, mode);
  if (!entries) return entries.error();
  if (outputs.empty()) {
    SparseMatrix none;
    none.columns = variables.size();
    none.row_starts = {0};
    return none;
  }
  return compressed(*outputs.front().graph, *entries, outputs.size(), variables.size());
}

Result<SparseMatrix> sparse_hessian(Expr f, std::span<const Expr> variables, Triangle triangle) {
  const auto lower = hessian_entries(f, variables);
  if (!lower) return lower.error();
  const std::size_t n = variables.size();
  if (triangle == Triangle::lower) return compressed(*f.graph, *lower, n, n);

  // Below the diagonal come the rows as they are; above it, columns in the order of their rows.
  std::vector<std::uint32_t> next(n + 1, 0);
  for (const Entry& e : *lower) {
    ++next[e.row];
    if (e.row != e.column) ++next[e.column];
  }
  std::uint32_t total = 0;
  for (std::uint32_t& count : next) total += std::exchange(count, total);
  std::vector<Entry> full(total);
  for (const Entry& e : *lower) full[next[e.row]++] = e;
  for (const Entry& e : *lower) {
    if (e.row != e.column) full[next[e.column]++] = {e.column, e.row, e.value};
  }
  return compressed(*f.graph, full, n, n);
}

}  // namespace nabla
