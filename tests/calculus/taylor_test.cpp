// Taylor mode against repeated tangents, and the memory of Tangent.

#include <cmath>

#include "lib/calculus/taylor.hpp"
#include "tests/calculus/support.hpp"
#include "tests/support/random_expr.hpp"

namespace nabla::test {
namespace {

class TaylorMode : public Calculus {
 protected:
  std::vector<Expr> all(Expr f, unsigned order) {
    const auto result = derivatives(f, x, order);
    EXPECT_TRUE(result);
    return result ? *result : std::vector<Expr>(order + 1, f);
  }
};

TEST_F(TaylorMode, CoefficientsAreDerivativesOverFactorials) {
  const auto c = taylor_coefficients(call("exp"_fn, x), x, 4);
  ASSERT_TRUE(c);
  EXPECT_EQ(c->size(), 5u);
  EXPECT_NEAR(at((*c)[4], 1.5), std::exp(1.5) / 24, 1e-15);
}

TEST_F(TaylorMode, NestedSinesTakeFewerOperationsThanRepeatedTangents) {
  Expr f = x;
  for (int i = 0; i < 4; ++i) f = call("sin"_fn, f);
  const Expr tenth = all(f, 10)[10];
  EXPECT_NEAR(at(tenth, 0.5, 0, 0, 256) / 434067.27884395143, 1, 1e-14);
  EXPECT_LT(operations(tenth), operations(d(f, x, 10)));
}

TEST_F(TaylorMode, GrowsWithTheSquareOfTheOrder) {
  Expr f = x;
  for (int i = 0; i < 4; ++i) f = call("sin"_fn, f);
  const auto ten = operations(all(f, 10)), twenty = operations(all(f, 20));
  EXPECT_LE(twenty, 5 * ten);
}

TEST_F(TaylorMode, PowersAreRightAtZero) {
  const auto cube = all(pow(x, 3) * y, 4);
  for (const auto& [k, expected] : {std::pair{0u, 0.0}, {2u, 0.0}, {3u, 12.0}, {4u, 0.0}}) {
    EXPECT_EQ(at(cube[k], 0, 2), expected) << k;
  }
  const auto half = all(pow(x, rational(g, 5, 2)), 2);
  EXPECT_EQ(at(half[1], 0), 0);
  EXPECT_EQ(at(half[2], 0), 0);
}

TEST_F(TaylorMode, ChoicesKeepWhatIsNotTakenApart) {
  const Expr f = select(less(num(0), x), root(x), num(0)) * y;
  EXPECT_EQ(at(all(f, 3)[3], -1, 2), 0);
  EXPECT_EQ(all(f, 2)[2], d(f, x, 2));
}

TEST_F(TaylorMode, SomethingWithoutTheVariableHasNoDerivatives) {
  const auto c = all(call("sin"_fn, y), 3);
  EXPECT_EQ(c[0], call("sin"_fn, y));
  for (unsigned k = 1; k <= 3; ++k) EXPECT_EQ(c[k], num(0));
}

TEST_F(TaylorMode, RefusesWhatIsNoName) {
  const auto c = taylor_coefficients(x * x, x + y, 2);
  ASSERT_FALSE(c);
  EXPECT_EQ(c.error().code, "D202");
}

TEST_F(TaylorMode, RandomFunctionsHaveTheDerivativesThatTangentsFind) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Graph h;
    RandomExpressions random(h, {.seed = seed, .operations = 8, .decimals = false});
    const Expr f = random.next();
    const Expr by = random.variables()[0];
    const auto series = derivatives(f, by, 4);
    const auto fourth = derivative(f, by, 4);
    ASSERT_EQ(static_cast<bool>(series), static_cast<bool>(fourth)) << seed;
    if (!series) continue;
    const std::vector<NodeId> ids{(*series)[4].id, fourth->id};
    MpfrEvaluator exact(h, ids, 256);
    for (std::size_t i = 0; i < random.variables().size(); ++i) {
      exact.set(random.variables()[i].id, random.point()[i]);
    }
    exact.run();
    if (!mpfr_number_p(exact.value(ids[1]))) continue;
    EXPECT_TRUE(mpfr_number_p(exact.value(ids[0]))) << seed;
    const double size = std::max(1.0, std::fabs(mpfr_get_d(exact.value(ids[1]), MPFR_RNDN)));
    Real difference(256);
    mpfr_sub(difference, exact.value(ids[0]), exact.value(ids[1]), MPFR_RNDN);
    EXPECT_LE(std::fabs(difference.to_double()), 1e-40 * size) << seed;
  }
}

TEST_F(TaylorMode, TangentsRememberAcrossCallsAndGrowth) {
  Tangent tangent(g);
  const Expr f = call("sin"_fn, x * y) * call("exp"_fn, x);
  const auto first = tangent.derivative(f.id, x.id);
  ASSERT_TRUE(first);
  // The graph grows by unrelated and by related nodes.
  Expr ballast = y;
  for (int i = 0; i < 1000; ++i) ballast = call("cos"_fn, ballast) + z;
  const Expr larger = call("exp"_fn, f) + ballast;
  const auto second = tangent.derivative(larger.id, x.id);
  ASSERT_TRUE(second);
  EXPECT_EQ(g.expr(*second), d(larger, x));

  const std::size_t before = g.size();
  EXPECT_EQ(*tangent.derivative(f.id, x.id), *first);
  EXPECT_EQ(*tangent.derivative(larger.id, x.id), *second);
  EXPECT_EQ(g.size(), before);

  // Mixed partials in either order go through the same memory.
  const auto xy = tangent.derivative(*second, y.id);
  const auto y_first = tangent.derivative(larger.id, y.id);
  const auto yx = tangent.derivative(*y_first, x.id);
  ASSERT_TRUE(xy && yx);
  EXPECT_NEAR(at(g.expr(*xy), 0.3, 0.4, 0.5), at(g.expr(*yx), 0.3, 0.4, 0.5), 1e-12);
}

}  // namespace
}  // namespace nabla::test
