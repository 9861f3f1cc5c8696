#include "lib/calculus/gradient.hpp"

#include <cmath>

#include "lib/emit/print.hpp"
#include "tests/calculus/support.hpp"
#include "tests/support/central_difference.hpp"
#include "tests/support/random_expr.hpp"

namespace nabla::test {
namespace {

using Gradient = Calculus;

std::vector<Expr> symbols(Graph& g, int n, const std::string& stem = "v") {
  std::vector<Expr> result;
  for (int i = 0; i < n; ++i) result.push_back(symbol(g, stem + std::to_string(i)));
  return result;
}

std::size_t shared_operations(const Graph& g, std::span<const Expr> roots) {
  std::vector<NodeId> ids;
  for (const Expr root : roots) ids.push_back(root.id);
  std::size_t count = 0;
  for (const NodeId id : g.below(ids)) count += !g[id].is_leaf();
  return count;
}

TEST_F(Gradient, HasOneEntryPerVariableInTheOrderGiven) {
  const auto partials = gradient(x * y, std::vector{y, x, z, x});
  ASSERT_TRUE(partials);
  EXPECT_EQ(*partials, (std::vector{x, y, num(0), y}));
}

TEST_F(Gradient, OfAVariableOrANumberIsOneAndZero) {
  EXPECT_EQ(grad(y), (std::vector{num(0), num(1), num(0)}));
  EXPECT_EQ(grad(num(3)), (std::vector{num(0), num(0), num(0)}));
}

TEST_F(Gradient, IgnoresWhatDoesNotDependOnTheVariables) {
  // polygamma has no derivative by its first operand, but nothing asks for it here.
  const Expr f = call("polygamma", z, y + 1) * x;
  EXPECT_TRUE(gradient(f, std::vector{x, y}));
  EXPECT_EQ(gradient(f, std::vector{x, z}).error().code, "D201");
  EXPECT_EQ(gradient(f, std::vector{x * y}).error().code, "D202");
}

// Baur & Strassen: value and all partials for at most five times the operations of the value.
TEST_F(Gradient, CostsAtMostFiveTimesTheFunction) {
  const std::vector<Expr> v = symbols(g, 1000);
  Expr product = v[0], sum = v[0], logistic = v[0];
  for (std::size_t i = 1; i < v.size(); ++i) {
    product = product * v[i];
    sum = sum + v[i] * call("exp"_fn, v[i - 1]);
    logistic = logistic * v[i] / (1 + logistic);
  }
  for (const Expr f : {product, sum, logistic}) {
    auto all = gradient(f, v);
    ASSERT_TRUE(all);
    all->push_back(f);
    EXPECT_LE(shared_operations(g, *all), 5 * shared_operations(g, {&f, 1}));
  }
}

// W6: 3n - 6 multiplications, no division, right at zeros.
TEST_F(Gradient, OfAProductNeedsThreeMultiplicationsPerFactor) {
  const std::vector<Expr> v = symbols(g, 100);
  Expr f = v[0];
  for (std::size_t i = 1; i < v.size(); ++i) f = f * v[i];
  const auto partials = gradient(f, v);
  ASSERT_TRUE(partials);
  EXPECT_EQ(shared_operations(g, *partials), 3 * v.size() - 6);
}

// W8: 7 (n - 1) - 1 operations for the gradient alone, 11 n with the function.
TEST_F(Gradient, OfALongSumSharesItsTerms) {
  const std::vector<Expr> v = symbols(g, 1000);
  Expr f = num(0);
  for (std::size_t i = 0; i + 1 < v.size(); ++i) {
    const Expr u = v[i] * v[i + 1];
    f = f + (v[i] * u + call("sin"_fn, u));
  }
  auto all = gradient(f, v);
  ASSERT_TRUE(all);
  EXPECT_LE(shared_operations(g, *all), 7 * v.size());
  all->push_back(f);
  EXPECT_LE(shared_operations(g, *all), 11 * v.size());
  std::vector<double> point;
  for (std::size_t i = 0; i < v.size(); ++i) {
    point.push_back(0.5 + static_cast<double>(i % 97) / 200);
  }
  double total = 0;
  for (std::size_t i = 0; i < v.size(); ++i) total += value_at((*all)[i], v, point, 53);
  EXPECT_NEAR(total, 2865.25784683721, 1e-9);
}

// --- sums over data

class GradientOverData : public Calculus {
 protected:
  const Expr a = column(g, "a"), b = column(g, "b");
  const std::vector<double> rows_a{1, 2, 3, 4, 5}, rows_b{5, 8, 11, 14, 17};

  double over_rows(Expr f, double px, double py) {
    MpfrEvaluator at(g, {&f.id, 1}, 53);
    at.set(x.id, px);
    at.set(y.id, py);
    at.set_column(a.id, rows_a);
    at.set_column(b.id, rows_b);
    at.run();
    return mpfr_get_d(at.value(f.id), MPFR_RNDN);
  }

  // Both sweeps against a difference quotient.
  void check(Expr f) {
    const std::vector<Expr> xy{x, y};
    const auto reverse = gradient(f, xy);
    ASSERT_TRUE(reverse) << reverse.error().message;
    const double h = 1e-6;
    const double slopes[] = {(over_rows(f, 0.5 + h, 0.25) - over_rows(f, 0.5 - h, 0.25)) / (2 * h),
                             (over_rows(f, 0.5, 0.25 + h) - over_rows(f, 0.5, 0.25 - h)) / (2 * h)};
    for (std::size_t i = 0; i < 2; ++i) {
      EXPECT_NEAR(over_rows((*reverse)[i], 0.5, 0.25), slopes[i],
                  1e-6 * (1 + std::fabs(slopes[i])));
      EXPECT_NEAR(over_rows(d(f, xy[i]), 0.5, 0.25), slopes[i], 1e-6 * (1 + std::fabs(slopes[i])));
    }
  }
};

TEST_F(GradientOverData, OfAMeanSquareError) {
  const Expr loss = data_sum(pow(x * a + y - b, 2)) / data_sum(num(1));
  check(loss);
  const auto partials = grad(loss);
  EXPECT_EQ(count(Op::data_sum, partials[0]), 2u)
      << "one loop for the slope, one for the row count";
  EXPECT_EQ(count(Op::data_sum, partials[1]), 2u);
}

TEST_F(GradientOverData, CountsEveryRowOfASharedNode) {
  const Expr w = x * y;  // the same in every row
  check(data_sum(w + a));
  check(data_sum(a * call("sin", w)) * w + data_sum(call("exp", w * a / 8)));
}

TEST_F(GradientOverData, OfASumInsideASum) {
  const Expr mean = data_sum(a * x) / data_sum(num(1));
  check(data_sum(pow(a * x - mean, 2) * y));
  check(call("log", data_sum(call("exp", a * x - data_sum(b * y) / 64))));
}

TEST_F(GradientOverData, OfChoicesThatDifferBetweenRows) {
  check(data_sum(call("max", num(0), a * x - 1 - y)));
  check(call("sqrt", data_sum(select(less(a, num(3)), pow(a * x, 2), b * y))));
  const Expr f = data_sum(select(less(num(3), a), call("sqrt", a - 3 + x - x * y * 2), x * y));
  check(f);
}

TEST_F(GradientOverData, OfAnExpressionPerRowIsPerRow) {
  const Expr f = a * x + data_sum(b * x);
  const auto partials = grad(f);
  EXPECT_EQ(partials[0], a + data_sum(b));
  EXPECT_EQ(d(f, x), a + data_sum(b));
  EXPECT_EQ(d(pow(a, 2), a), 2 * a);
}

TEST_F(GradientOverData, HasSecondDerivativesToo) {
  const Expr loss = data_sum(pow(x * a + y - b, 2));
  const std::vector<Expr> xy{x, y};
  const auto h = hessian(loss, xy);
  ASSERT_TRUE(h);
  EXPECT_EQ(over_rows((*h)(0, 0), 0.5, 0.25), 110);  // twice the sum of squares
  EXPECT_EQ(over_rows((*h)(0, 1), 0.5, 0.25), 30);
  EXPECT_EQ(over_rows((*h)(1, 1), 0.5, 0.25), 10);
}

TEST(RandomGradientOverData, IsTheTangentsOneByOne) {
  const int cases = random_cases(2000);
  int compared = 0;
  for (int i = 0; i < cases && !testing::Test::HasFailure(); ++i) {
    Graph g;
    RandomExpressions random(g, {.seed = 40 + static_cast<std::uint64_t>(i), .columns = true});
    const Expr inner = random.next(), f = call("atan", inner) * data_sum(column(g, "c1") * inner);
    const auto partials = gradient(f, random.variables());
    ASSERT_TRUE(partials);
    for (std::size_t k = 0; k < partials->size(); ++k) {
      const auto tangent = derivative(f, random.variables()[k]);
      ASSERT_TRUE(tangent);
      const std::vector<NodeId> roots{tangent->id, (*partials)[k].id};
      MpfrEvaluator at(g, roots, 256);
      for (std::size_t v = 0; v < 3; ++v) at.set(random.variables()[v].id, random.point()[v]);
      at.set_column(column(g, "c1").id, std::vector{0.5, 0.8, 1.1, 1.4});
      at.set_column(column(g, "c2").id, std::vector{1.4, 0.6, 0.9, 0.7});
      at.run();
      if (!mpfr_number_p(at.value(roots[0])) || !mpfr_number_p(at.value(roots[1]))) continue;
      const double a = mpfr_get_d(at.value(roots[0]), MPFR_RNDN),
                   b = mpfr_get_d(at.value(roots[1]), MPFR_RNDN);
      EXPECT_NEAR(a, b, 1e-10 * (std::fabs(a) + 1)) << print(f);
      ++compared;
    }
  }
  EXPECT_GT(compared, cases);
}

// By all names of a graph there is one pass, otherwise what depends on them is marked before.
TEST_F(Gradient, IsTheSameWhetherTheGraphHasOtherNamesOrNot) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    std::string texts[2];
    for (const bool others : {false, true}) {
      Graph graph;
      RandomExpressions random(graph, {.seed = seed, .operations = 40, .columns = seed % 4 == 0});
      const Expr f = random.next();
      if (others) symbol(graph, "other");
      const auto slopes = gradient(f, random.variables());
      if (!slopes) {
        texts[others] = slopes.error().code;
        continue;
      }
      for (const Expr slope : *slopes) texts[others] += print(slope) + "\n";
    }
    EXPECT_EQ(texts[0], texts[1]) << seed;
  }
}

}  // namespace
}  // namespace nabla::test
