#include "lib/calculus/derivative.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <cmath>

#include "tests/calculus/support.hpp"

namespace nabla::test {
namespace {

using Derivative = Calculus;

TEST_F(Derivative, OfSumsProductsAndQuotients) {
  EXPECT_EQ(d(x + 3 * y, x), num(1));
  EXPECT_EQ(d(5 * x - 2 * y + 9, y), num(-2));
  EXPECT_EQ(d(x * y, x), y);
  EXPECT_EQ(at(d(x / y, y), 3, 2), -0.75);
  EXPECT_EQ(at(d((x + 1) / (x * x), x), 2), -0.5);
  EXPECT_EQ(d(1 - -2 * x, x), num(2));
}

TEST_F(Derivative, OfWhatDoesNotDependOnTheVariableIsZero) {
  EXPECT_EQ(d(call("gamma", y) * z, x), num(0));
  EXPECT_EQ(d(num(7), x), num(0));
  EXPECT_EQ(d(pow(x, 0), x), num(0));
}

TEST_F(Derivative, OfOrderZeroIsTheFunction) { EXPECT_EQ(d(x * y, x, 0), x * y); }

TEST_F(Derivative, OfAPowerIsRightAtZero) {
  EXPECT_EQ(d(pow(x, 2), x), 2 * x);
  EXPECT_EQ(d(pow(x, real(g, 1.875)), x), 1.875 * pow(x, real(g, 0.875)));
  EXPECT_EQ(at(d(pow(x, real(g, 1.875)), x), 0), 0);
  EXPECT_EQ(at(d(pow(x, y), x), 0, 3), 0);
  EXPECT_EQ(at(d(pow(x, y), x), 0, 1), 1);
  EXPECT_EQ(at(d(pow(x, 2), x), -3), -6);
  EXPECT_EQ(at(d(pow(pow(x, 2), half()), x), -3), -1);
}

TEST_F(Derivative, ByAnExponentIsZeroWhereTheBaseIsZeroAndTheExponentPositive) {
  const Expr f = pow(x, y);
  EXPECT_EQ(at(d(f, y), 0, 1), 0);
  EXPECT_EQ(at(d(f, y), 0, 2), 0);
  EXPECT_EQ(at(d(d(f, y), x), 0, 2), 0);
  EXPECT_EQ(at(d(f, y, 2), 0, 2), 0);
  EXPECT_DOUBLE_EQ(at(d(f, y), 2, 3), 8 * std::log(2));
  EXPECT_TRUE(std::isnan(at(d(f, y), -2, 2)));
  EXPECT_FALSE(std::isfinite(at(d(f, y), 0, 0))) << "0^y jumps at y = 0";
}

TEST_F(Derivative, OfZeroToAPowerIsZeroForPositiveExponentsOnly) {
  const Expr f = pow(num(0), x);
  EXPECT_EQ(at(d(f, x), 2), 0);
  EXPECT_FALSE(std::isfinite(at(d(f, x), 0)));
  EXPECT_FALSE(std::isfinite(at(d(f, x), -1)));
}

TEST_F(Derivative, ByAnExponentNeedsNoGuardWhereTheBaseCannotBeZero) {
  for (const Expr base :
       {num(2), call("exp", x) + 1, call("cosh", y), pow(y, 2) + pow(z, 2) + 1, call("sigmoid", y),
        1 + call("abs", z), call("exp", y) * call("exp", z)}) {
    EXPECT_EQ(count(Op::select, d(pow(base, x), x)), 0u);
  }
  for (const Expr base : {y, pow(y, 2), y + 1, call("abs", y), call("sin", y), call("exp", z) * y,
                          pow(y, 2) + pow(z, 2)}) {
    EXPECT_EQ(count(Op::select, d(pow(base, x), x)), 1u);
  }
}

TEST_F(Derivative, OfXToTheXHasNoGuard) {
  const Expr f = pow(x, x);
  EXPECT_EQ(count(Op::select, d(f, x)), 0u);
  EXPECT_DOUBLE_EQ(at(d(f, x), 2), 6.772588722239782);
  EXPECT_DOUBLE_EQ(at(d(pow(x, f), x), 2), 107.11041244660139);
}

TEST_F(Derivative, OfKinksAreWhatTheTableSays) {
  EXPECT_EQ(d(call("abs", x), x), call("sign", x));
  EXPECT_EQ(at(d(call("abs", x), x), 0), 0);
  EXPECT_EQ(d(call("sign", x), x), num(0));
  EXPECT_EQ(d(call("floor", x), x), num(0));
  EXPECT_EQ(d(call("mod", x, num(2)), x), num(1));
  EXPECT_EQ(at(d(call("mod", x, y), y), 7, 2), -3);
  EXPECT_EQ(d(call("max", x, num(0)), x), select(less_equal(num(0), x), num(1), num(0)));
  EXPECT_EQ(d(call("min", x, x), x), num(1));
  EXPECT_EQ(at(d(call("log", call("abs", x)), x), -2), -0.5);
}

TEST_F(Derivative, OfMinAndMaxAtATieLiesBetweenTheSlopes) {
  const Expr f = call("max", call("max", x, call("exp", x) - 1), pow(x + 1, 2) / 2 - half());
  EXPECT_EQ(at(d(f, x), 0), 1);
  const Expr r = call("max", x, y);
  EXPECT_EQ(at(d(r, x), 1, 1) + at(d(r, y), 1, 1), 1);
}

TEST_F(Derivative, OfConditionsIsZero) {
  EXPECT_EQ(d(less(x, y) * num(2), x), num(0));
  EXPECT_EQ(d(both(less(x, y), negation(equal(x, z))), x), num(0));
}

TEST_F(Derivative, IsStableWhereTheTextbookFormIsNot) {
  EXPECT_NEAR(at(d(call("tanh", x), x), 20), 1.6993417021166355e-17, 1e-31);
  EXPECT_DOUBLE_EQ(at(d(call("asin", x), x), 0.99999999), 7071.067811777938);
  EXPECT_DOUBLE_EQ(at(d(call("acosh", x), x), 1e200), 1e-200);
  EXPECT_DOUBLE_EQ(at(d(call("log2", x), x), 1), 1.4426950408889634);
  EXPECT_DOUBLE_EQ(at(d(call("sigmoid", x), x), 800), std::exp(-800.0));
  EXPECT_EQ(at(d(call("sigmoid", x), x, 2), -11500, 0, 0, 53) * 0, 0) << "finite";
}

TEST_F(Derivative, OfHighOrderStaysSmall) {
  EXPECT_EQ(d(call("log", 1 + x), x, 6), -120 * pow(1 + x, -6));
  EXPECT_EQ(d(call("sin", x), x, 100), call("sin", x));
  EXPECT_EQ(d(call("sin", x), x, 100'001), call("cos", x));
  EXPECT_EQ(d(pow(x, 5), x, 6), num(0));
  EXPECT_EQ(d(pow(x, 5), x, 4'000'000'000u), num(0));
  EXPECT_EQ(d(call("exp", x), x, 4'000'000'000u), call("exp", x));
}

// W7 of the workloads: a tree would have 10^7 nodes at order 10.
TEST_F(Derivative, OfNestedFunctionsGrowsPolynomially) {
  const auto sin = [](Expr u) { return call("sin"_fn, u); };
  const auto exp = [](Expr u) { return call("exp"_fn, u); };
  const Expr a = sin(sin(sin(sin(x)))), b = exp(sin(exp(sin(x))));
  EXPECT_LE(operations(d(a, x, 10)), 1100u);
  EXPECT_LE(operations(d(a, x, 20)), 7000u);
  EXPECT_LE(operations(d(b, x, 10)), 800u);
  EXPECT_LE(operations(d(b, x, 15)), 2400u);
  EXPECT_NEAR(at(d(a, x, 10), 0.5, 0, 0, 256), 434067.27884395143, 1e-9);
  EXPECT_NEAR(at(d(b, x, 10), 0.5, 0, 0, 256), -1958066.5507988536, 1e-8);
}

TEST_F(Derivative, OfASharedChainIsLinearInItsNodes) {
  Expr e = x;
  for (int i = 0; i < 1000; ++i) e = call("sin"_fn, e) * e + 1;
  EXPECT_LE(operations(d(e, x)), 8'000u);
}

TEST_F(Derivative, RemembersWhatItHasSeen) {
  Tangent tangent(g);
  const Expr f = call("sin", x * y) * call("exp", x);
  const auto first = tangent.derivative(f.id, x.id);
  const std::size_t before = g.size();
  const auto again = tangent.derivative(f.id, x.id);
  EXPECT_EQ(*first, *again);
  EXPECT_EQ(g.size(), before);
}

TEST_F(Derivative, MixedIsTheSameInAnyOrder) {
  const Expr f = call("exp", x * y) * call("sin", z + x);
  const std::vector<Expr> one{x, y, z}, two{z, y, x};
  const auto a = derivative(f, one), b = derivative(f, two);
  ASSERT_TRUE(a && b);
  EXPECT_NEAR(at(*a, 0.3, 0.4, 0.5), at(*b, 0.3, 0.4, 0.5), 1e-14);
}

TEST_F(Derivative, AlongADirectionIsTheGradientTimesTheDirection) {
  const Expr f = call("sin", x * y) + pow(z, 3) * x;
  const std::vector<Expr> direction{num(2), y, num(-1)};
  const auto along = directional(f, xyz, direction);
  ASSERT_TRUE(along);
  const auto partials = grad(f);
  const double product = 2 * at(partials[0], 0.3, 0.4, 0.5) + 0.4 * at(partials[1], 0.3, 0.4, 0.5) -
                         at(partials[2], 0.3, 0.4, 0.5);
  EXPECT_NEAR(at(*along, 0.3, 0.4, 0.5), product, 1e-14);
}

TEST_F(Derivative, RefusesWhatItCannotDo) {
  EXPECT_EQ(derivative(call("polygamma", x, y), x).error().code, "D201");
  EXPECT_THAT(derivative(call("polygamma", x, y), x).error().message,
              testing::AllOf(testing::HasSubstr("polygamma"), testing::HasSubstr("first")));
  EXPECT_TRUE(derivative(call("polygamma", num(1), y), y));
  EXPECT_TRUE(derivative(call("polygamma", x, y), y)) << "the first operand stays as it is";
  EXPECT_EQ(derivative(x * y, x * y).error().code, "D202");
  EXPECT_EQ(derivative(x, num(3)).error().code, "D202");
  Graph other;
  EXPECT_EQ(derivative(x, symbol(other, "x")).error().code, "D203");
  EXPECT_EQ(directional(x, xyz, std::vector{x}).error().code, "D204");
}

TEST(DerivativeLimits, TheNodeBudgetIsADiagnostic) {
  Graph g(Limits{.nodes = 300});
  const Expr x = symbol(g, "x");
  Expr f = x;
  for (int i = 0; i < 60; ++i) f = call("sin"_fn, f) * f;
  const auto result = derivative(f, x, 5);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, "L101");
  EXPECT_EQ(f, f) << "what was built before stays valid";
}

TEST(DerivativeLimits, AStopRequestIsADiagnostic) {
  std::atomic<bool> stop = false;
  Limits limits;
  limits.stop = &stop;
  Graph g(limits);
  const Expr x = symbol(g, "x");
  Expr f = call("exp", call("sin", call("exp", call("sin", x))));
  const Expr h = f * x;
  stop = true;
  const auto result = derivative(f, x, 60);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, "L110");
  const auto matrix = jacobian(std::vector{f, h}, std::vector{x});
  ASSERT_FALSE(matrix);
  EXPECT_EQ(matrix.error().code, "L110");
}

}  // namespace
}  // namespace nabla::test
