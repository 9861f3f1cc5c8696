// Edge pushing, balanced products and proofs.

#include <cmath>

#include "lib/calculus/balance.hpp"
#include "lib/calculus/edges.hpp"
#include "lib/calculus/joint.hpp"
#include "lib/calculus/operations.hpp"
#include "lib/calculus/proof.hpp"
#include "lib/core/substitute.hpp"
#include "lib/emit/print.hpp"
#include "tests/calculus/support.hpp"
#include "tests/support/random_expr.hpp"

namespace nabla::test {
namespace {

using calculus::balance_products;
using calculus::compare_exactly;
using calculus::push_edges;
using calculus::Verdict;

class EdgePushing : public Calculus {};

TEST_F(EdgePushing, AnInnerProductHasOneWeightForEachPair) {
  const auto h = pushed_hessian_entries(x * y + y * z, xyz);
  ASSERT_TRUE(h);
  ASSERT_EQ(h->size(), 2u);
  EXPECT_EQ((*h)[0].row, 1u);
  EXPECT_EQ((*h)[0].column, 0u);
  EXPECT_EQ((*h)[0].value, Graph::one);
  EXPECT_EQ((*h)[1].row, 2u);
  EXPECT_EQ((*h)[1].column, 1u);
}

TEST_F(EdgePushing, WhatIsLinearHasNoEntries) {
  EXPECT_TRUE(pushed_hessian_entries(3 * x + y - z, xyz)->empty());
}

TEST_F(EdgePushing, ASquareOfASumReachesEveryPair) {
  const auto h = pushed_hessian_entries(pow(x + 2 * y, 2), xyz);
  ASSERT_TRUE(h);
  ASSERT_EQ(h->size(), 3u);
  const double expected[] = {2, 4, 8};
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(at(g.expr((*h)[i].value), 1, 1), expected[i]);
}

// A name may be stored after what it is multiplied by.
TEST_F(EdgePushing, YoungNamesHaveTheirPairsToo) {
  Expr f = x * y;
  std::vector<Expr> v{x, y};
  for (const char* name : {"late", "later", "last"}) {
    v.push_back(symbol(g, name));
    f = call("sin"_fn, f) * v.back() + f;
  }
  const auto pushed = pushed_hessian_entries(f, v);
  const auto swept = hessian_entries(f, v);
  ASSERT_TRUE(pushed && swept);
  ASSERT_EQ(pushed->size(), swept->size());
  const std::vector<double> point{0.3, 1.2, 0.7, -0.4, 2};
  for (std::size_t i = 0; i < pushed->size(); ++i) {
    const Entry &a = (*pushed)[i], &b = (*swept)[i];
    EXPECT_EQ(a.row, b.row);
    EXPECT_EQ(a.column, b.column);
    EXPECT_NEAR(value_at(g.expr(a.value), v, point, 53), value_at(g.expr(b.value), v, point, 53),
                1e-13);
  }
}

TEST_F(EdgePushing, ChoicesTakeTheOtherWay) {
  const Expr f = select(less(x, y), x * x, y * y) * z;
  EXPECT_FALSE(push_edges(g, f.id, std::vector{x.id, y.id, z.id}));
  EXPECT_TRUE(pushed_hessian_entries(f, xyz));
}

TEST_F(EdgePushing, RandomHessiansAreThoseOfTheTangents) {
  int pushed = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Graph h;
    RandomExpressions random(h, {.seed = seed,
                                 .operations = 12,
                                 .kinks = false,
                                 .choices = false,
                                 .decimals = false,
                                 .variable_exponents = seed % 2 == 0});
    Expr f = random.next();
    std::vector<Expr> variables(random.variables().begin(), random.variables().end());
    if (seed % 3 == 0) {
      // Names that are younger than parts of the function.
      std::vector<Replacement> late;
      for (Expr& v : variables) {
        late.push_back({v, symbol(h, h.name_of(h[v.id]) + "_late")});
        f = f * (1 + v);
        v = late.back().by;
      }
      f = substitute(f, late);
    }
    std::vector<NodeId> ids;
    for (const Expr v : variables) ids.push_back(v.id);
    const auto edges = push_edges(h, f.id, ids);
    if (!edges) continue;
    ++pushed;
    const auto dense = hessian(f, variables);
    ASSERT_TRUE(dense);
    std::vector<NodeId> roots;
    for (const Expr e : dense->entries) roots.push_back(e.id);
    for (const Entry& e : *edges) roots.push_back(e.value);
    MpfrEvaluator exact(h, roots, 256);
    for (std::size_t i = 0; i < variables.size(); ++i) {
      exact.set(variables[i].id, random.point()[i]);
    }
    exact.run();
    const std::size_t n = variables.size();
    std::vector<bool> seen(n * n);
    Real difference(256);
    for (const Entry& e : *edges) {
      EXPECT_LE(e.column, e.row);
      seen[e.row * n + e.column] = true;
      const mpfr_srcptr a = exact.value(dense->entries[e.row * n + e.column].id);
      if (!mpfr_number_p(a)) continue;
      mpfr_sub(difference, a, exact.value(e.value), MPFR_RNDN);
      const double size = std::max(1.0, std::fabs(mpfr_get_d(a, MPFR_RNDN)));
      EXPECT_LE(std::fabs(difference.to_double()), 1e-50 * size) << seed << " " << print(f);
    }
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j <= i; ++j) {
        if (seen[i * n + j]) continue;
        const mpfr_srcptr a = exact.value(dense->entries[i * n + j].id);
        if (mpfr_number_p(a)) {
          EXPECT_LE(std::fabs(mpfr_get_d(a, MPFR_RNDN)), 1e-60) << seed;
        }
      }
    }
  }
  EXPECT_GT(pushed, 100);
}

class Balance : public Calculus {};

TEST_F(Balance, ALongProductIsLogarithmicallyDeepAndItsGradientHas3nMinus6Operations) {
  for (const std::size_t n : {8u, 37u, 100u}) {
    std::vector<Expr> v;
    for (std::size_t i = 0; i < n; ++i) v.push_back(symbol(g, "v" + std::to_string(i)));
    Expr f = v[0];
    for (std::size_t i = 1; i < n; ++i) f = f * v[i];
    const Expr tree = g.expr(balance_products(g, {&f.id, 1})[0]);
    std::vector<unsigned> depth(index(tree.id) + 1);
    for (const NodeId id : g.below(tree.id)) {
      const Node& node = g[id];
      if (node.op == Op::product) {
        depth[index(id)] = 1 + std::max(depth[index(node.a)], depth[index(node.b)]);
      }
    }
    EXPECT_LE(depth[index(tree.id)], std::ceil(std::log2(n)));
    const auto slopes = *gradient(tree, v);
    EXPECT_EQ(nabla::operations(slopes).count, 3 * n - 6);
  }
}

TEST_F(Balance, ShortProductsAndSharedOnesStay) {
  const Expr brief = x * y * z * call("sin"_fn, x);
  EXPECT_EQ(balance_products(g, {&brief.id, 1})[0], brief.id);
  Expr f = x;
  std::vector<NodeId> roots;
  for (int i = 0; i < 12; ++i) {
    f = f * call("sin"_fn, y + i);
    roots.push_back(f.id);
  }
  EXPECT_EQ(balance_products(g, roots), roots);
}

class Proof : public Calculus {};

TEST_F(Proof, MultiplyingOutDecidesPolynomials) {
  const Expr a = (x + y) * (x - y), b = x * x - y * y;
  EXPECT_EQ(compare_exactly(g, a.id, b.id, Number(1)), Verdict::equal);
  EXPECT_EQ(compare_exactly(g, (3 * a).id, b.id, Number(3)), Verdict::equal);
  EXPECT_EQ(compare_exactly(g, a.id, b.id, Number(-1)), Verdict::different);
}

TEST_F(Proof, CirclesAreReduced) {
  const Expr s = call("sin"_fn, x), c = call("cos"_fn, x);
  const Expr a = pow(c, 4) - pow(s, 4), b = pow(c, 2) - pow(s, 2);
  EXPECT_EQ(compare_exactly(g, a.id, b.id, Number(1)), Verdict::equal);
  EXPECT_EQ(compare_exactly(g, a.id, s.id, Number(1)), Verdict::undecided);
}

TEST_F(Proof, WhatIsTooLargeIsLeftUndecided) {
  const Expr f = pow(x + y + z + 1, 12);
  EXPECT_EQ(compare_exactly(g, f.id, (f * 1 + x - x).id, Number(2)), Verdict::undecided);
}

// Whatever fingerprints merge in random polynomials, multiplying out agrees.
TEST_F(Proof, SharingOnlyWhatIsProvedFindsTheSamePolynomials) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Graph h;
    RandomExpressions random(
        h, {.seed = seed, .operations = 8, .decimals = false, .polynomial = true});
    const Expr f = random.next();
    const auto first = *gradient(f, random.variables());
    const auto fast = share(first, {.decimals = false});
    const auto proved = share(first, {.decimals = false, .proved = true});
    ASSERT_TRUE(fast && proved);
    EXPECT_LE(nabla::operations(*fast).count, nabla::operations(*proved).count) << seed;
  }
}

}  // namespace
}  // namespace nabla::test
