#include "lib/core/order.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "lib/core/special.hpp"
#include "tests/support/random_expr.hpp"

namespace nabla {
namespace {

TEST(Order, NamesWithNumbersCompareAsPeopleCount) {
  EXPECT_TRUE(compare_names("x2", "x10") < 0);
  EXPECT_TRUE(compare_names("x_2", "x_10") < 0);
  EXPECT_TRUE(compare_names("a", "b") < 0);
  EXPECT_TRUE(compare_names("x", "x1") < 0);
  EXPECT_TRUE(compare_names("x07", "x07") == 0);
  EXPECT_TRUE(compare_names("x7", "x07") != 0);
  EXPECT_EQ(compare_names("x7", "x07") < 0, compare_names("x07", "x7") > 0);
}

TEST(Order, EqualRanksMeanEqualNodes) {
  Graph g;
  test::RandomExpressions random(g, {.seed = 5, .operations = 40, .anywhere = true});
  std::vector<NodeId> roots;
  for (int i = 0; i < 200; ++i) roots.push_back(random.next().id);
  const Order order(g, roots);
  std::vector<std::uint32_t> ranks;
  for (const NodeId id : g.below(roots)) ranks.push_back(order.rank(id));
  std::ranges::sort(ranks);
  EXPECT_EQ(std::ranges::adjacent_find(ranks), ranks.end());
}

TEST(Order, ComparingNodesAgreesWithTheirRanks) {
  Graph g;
  test::RandomExpressions random(g,
                                 {.seed = 6, .operations = 30, .columns = true, .anywhere = true});
  std::vector<NodeId> roots;
  for (int i = 0; i < 100; ++i) roots.push_back(random.next().id);
  const Order order(g, roots);
  ReadingOrder reading(g);
  const std::vector<NodeId> nodes = g.below(roots);
  for (int i = 0; i < 50'000; ++i) {
    const NodeId a = nodes[static_cast<std::size_t>(random.below(static_cast<int>(nodes.size())))];
    const NodeId b = nodes[static_cast<std::size_t>(random.below(static_cast<int>(nodes.size())))];
    ASSERT_EQ(reading.compare(a, b) < 0, order.rank(a) < order.rank(b));
    ASSERT_EQ(reading.compare(a, b) == 0, a == b);
  }
}

TEST(Order, NumbersAscendAndNaNComesLast) {
  Graph g;
  const double ascending[] = {-INFINITY, -1, 0.0, -0.0, 2, INFINITY, NAN};
  ReadingOrder order(g);
  for (std::size_t i = 0; i < std::size(ascending); ++i) {
    for (std::size_t j = 0; j < std::size(ascending); ++j) {
      const auto compared = order.compare(real(g, ascending[i]).id, real(g, ascending[j]).id);
      EXPECT_EQ(compared, i <=> j) << ascending[i] << " " << ascending[j];
    }
  }
}

// The same leaves met in another order get other ids, and the same ranks.
TEST(Order, DoesNotDependOnTheOrderOfCreation) {
  const auto ranks = [](bool backwards) {
    Graph g;
    std::vector<Expr> leaves;
    std::vector<std::string> names{"a", "b", "c", "d", "x10", "x9"};
    if (backwards) std::ranges::reverse(names);
    for (const auto& name : names) symbol(g, name);
    const auto s = [&](const char* name) { return symbol(g, name); };
    Expr product = backwards ? s("b") * s("a") : s("a") * s("b");
    Expr sum = backwards ? s("d") + product : product + s("d");
    Expr root = backwards ? call("sin", s("x9")) + (sum + call("cos", s("x10")))
                          : (call("cos", s("x10")) + sum) + call("sin", s("x9"));
    const Order order(g, {&root.id, 1});
    std::vector<std::uint32_t> result;
    for (const Expr e : {product, sum, s("a"), s("x10"), s("x9"), call("sin", s("x9"))}) {
      result.push_back(order.rank(e.id));
    }
    return result;
  };
  EXPECT_EQ(ranks(false), ranks(true));
}

TEST(Order, TermsStandByDegreeAndConstantsLast) {
  Graph g;
  const Expr x = symbol(g, "x"), y = symbol(g, "y"), one = number(g, 1);
  const Expr pi = constant(g, "pi");
  const std::vector<Expr> expected{pow(x, 2) * y,  x * pow(y, 2), pow(y, 3), x * y, y,
                                   call("exp", x), 1 / x,         pi,        one};
  std::vector<Expr> terms = expected;
  std::mt19937 shuffle(1);
  for (int i = 0; i < 50; ++i) {
    std::ranges::shuffle(terms, shuffle);
    ReadingOrder order(g);
    std::ranges::sort(terms, [&](Expr a, Expr b) { return order.term_before(a.id, b.id); });
    ASSERT_EQ(terms, expected);
  }
}

TEST(Order, FactorsStandFromNumbersToCalls) {
  Graph g;
  const Expr x = symbol(g, "x"), y = symbol(g, "y"), c = column(g, "c");
  const std::vector<Expr> expected{pow(number(g, 2), rational(g, 1, 2)),
                                   constant(g, "pi"),
                                   pow(x, 3),
                                   y,
                                   c,
                                   pow(x, y),
                                   x + 1,
                                   call("sin", x)};
  std::vector<Expr> factors = expected;
  std::mt19937 shuffle(2);
  for (int i = 0; i < 50; ++i) {
    std::ranges::shuffle(factors, shuffle);
    ReadingOrder order(g);
    std::ranges::sort(factors, [&](Expr a, Expr b) { return order.factor_before(a.id, b.id); });
    ASSERT_EQ(factors, expected);
  }
}

}  // namespace
}  // namespace nabla
