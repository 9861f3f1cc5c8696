// Compressed rows: exact patterns, symmetry, the same entries as the dense matrix.

#include "lib/calculus/sparse.hpp"
#include "tests/calculus/support.hpp"
#include "tests/support/random_expr.hpp"

namespace nabla::test {
namespace {

void expect_same(const SparseMatrix& sparse, const Matrix& dense, Expr zero) {
  ASSERT_EQ(sparse.rows, dense.rows);
  ASSERT_EQ(sparse.columns, dense.columns);
  ASSERT_EQ(sparse.row_starts.size(), dense.rows + 1);
  EXPECT_EQ(sparse.row_starts.back(), sparse.entries());
  std::vector<Expr> filled(dense.entries.size(), zero);
  for (std::size_t i = 0; i < sparse.rows; ++i) {
    for (std::uint32_t k = sparse.row_starts[i]; k < sparse.row_starts[i + 1]; ++k) {
      if (k > sparse.row_starts[i]) {
        EXPECT_LT(sparse.column_of[k - 1], sparse.column_of[k]);
      }
      EXPECT_NE(sparse.values[k], zero);
      filled[i * dense.columns + sparse.column_of[k]] = sparse.values[k];
    }
  }
  EXPECT_EQ(filled, dense.entries);
}

class Sparse : public Calculus {};

TEST_F(Sparse, TheHessianOfAChainIsTridiagonal) {
  constexpr std::size_t n = 50;
  std::vector<Expr> v;
  for (std::size_t i = 0; i < n; ++i) v.push_back(symbol(g, "v" + std::to_string(i)));
  Expr f = num(0);
  for (std::size_t i = 0; i + 1 < n; ++i) f = f + pow(v[i + 1] - v[i] * v[i], 2);
  const auto full = sparse_hessian(f, v);
  const auto lower = sparse_hessian(f, v, Triangle::lower);
  ASSERT_TRUE(full && lower);
  EXPECT_EQ(full->entries(), 3 * n - 2);
  EXPECT_EQ(lower->entries(), 2 * n - 1);
  expect_same(*full, *hessian(f, v), num(0));
  for (std::size_t i = 0; i < n; ++i) {
    for (std::uint32_t k = full->row_starts[i]; k < full->row_starts[i + 1]; ++k) {
      const auto j = static_cast<std::size_t>(full->column_of[k]);
      EXPECT_LE(std::max(i, j) - std::min(i, j), 1u);
    }
  }
}

TEST_F(Sparse, ADimensionThatCancelsLeavesNoEntry) {
  const auto m = sparse_jacobian(std::vector{x + y - x, y * z, num(3)}, xyz);
  ASSERT_TRUE(m);
  EXPECT_EQ(m->row_starts, (std::vector<std::uint32_t>{0, 1, 3, 3}));
  EXPECT_EQ(m->column_of, (std::vector<std::uint32_t>{1, 1, 2}));
}

TEST_F(Sparse, MatricesWithoutRowsOrEntriesAreMatrices) {
  const auto none = sparse_jacobian({}, xyz);
  ASSERT_TRUE(none);
  EXPECT_EQ(none->row_starts, std::vector<std::uint32_t>{0});
  const auto linear = sparse_hessian(x + 2 * y, xyz);
  ASSERT_TRUE(linear);
  EXPECT_EQ(linear->entries(), 0u);
}

TEST_F(Sparse, RandomMatricesAreTheDenseOnes) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Graph h;
    RandomExpressions random(h, {.seed = seed, .operations = 10, .variables = 5});
    const std::vector outputs{random.next(), random.next(), random.next()};
    const auto dense = jacobian(outputs, random.variables());
    const auto sparse = sparse_jacobian(outputs, random.variables());
    ASSERT_EQ(static_cast<bool>(dense), static_cast<bool>(sparse));
    if (dense) expect_same(*sparse, *dense, number(h, 0));
    const auto square = hessian(outputs[0], random.variables());
    const auto both = sparse_hessian(outputs[0], random.variables());
    ASSERT_EQ(static_cast<bool>(square), static_cast<bool>(both));
    if (square) expect_same(*both, *square, number(h, 0));
  }
}

}  // namespace
}  // namespace nabla::test
