// What constructors do at once, and what they must leave alone.

#include "lib/core/build.hpp"

#include <gtest/gtest.h>

#include "lib/core/functions.hpp"
#include "lib/core/graph.hpp"

namespace nabla {
namespace {

struct Build : testing::Test {
  Graph g;
  Expr x = symbol(g, "x"), y = symbol(g, "y"), zero = number(g, 0), one = number(g, 1);
  Expr half = rational(g, 1, 2);

  Op op(Expr e) const { return g[e.id].op; }
};

TEST_F(Build, FoldsExactNumbersOfAnySize) {
  EXPECT_EQ(number(g, 1) / 3 * 3 - 1, zero);
  EXPECT_EQ((pow(number(g, 2), 64) + 1) - pow(number(g, 2), 64), one);
  EXPECT_EQ(pow(number(g, 10), 400) / pow(number(g, 10), 399), number(g, 10));
  EXPECT_EQ(pow(number(g, 2), -3), rational(g, 1, 8));
  EXPECT_EQ(pow(number(g, 8), rational(g, 2, 3)), number(g, 4));
  EXPECT_EQ(pow(zero, 0), one);
}

TEST_F(Build, RoundsOnceWhenADoubleIsInvolved) {
  EXPECT_EQ(real(g, 0.1) + real(g, 0.2), real(g, 0.1 + 0.2));
  EXPECT_EQ(rational(g, 1, 3) * real(g, 0.5), real(g, 1.0 / 3.0 * 0.5));
}

TEST_F(Build, NeverDividesByZeroNorTakesTheRootOfANegativeNumber) {
  EXPECT_EQ(op(one / zero), Op::power);
  EXPECT_EQ(op(zero / zero), Op::product);
  EXPECT_EQ(op(zero * (one / zero)), Op::product);
  EXPECT_EQ(op(pow(number(g, -8), rational(g, 1, 3))), Op::power);
}

TEST_F(Build, PowersTooLargeForTheBitLimitStaySymbolic) {
  const Expr nine = number(g, 9);
  EXPECT_EQ(op(pow(nine, pow(nine, pow(nine, nine)))), Op::power);
  // The base grows under parentheses: the size of the result counts, not the exponent.
  Expr tower = nine;
  for (int i = 0; i < 6; ++i) tower = pow(tower, 64);
  EXPECT_EQ(op(tower), Op::power);

  Graph small({.number_bits = 100});
  const auto kind = [&](Expr e) { return small[e.id].op; };
  EXPECT_EQ(kind(pow(number(small, 2), 99)), Op::rational);  // 100 bits
  EXPECT_EQ(kind(pow(number(small, 2), 100)), Op::power);
  const Expr most = pow(number(small, 2), 99) - 1 + pow(number(small, 2), 99);
  EXPECT_EQ(kind(most), Op::rational);
  EXPECT_EQ(kind(most + 1), Op::sum);
  EXPECT_EQ(kind(pow(number(small, 2), 50) * pow(number(small, 2), 49)), Op::rational);
  EXPECT_EQ(kind(pow(number(small, 2), 50) * pow(number(small, 2), 50)), Op::product);
}

TEST_F(Build, DropsNeutralAndAbsorbingElements) {
  EXPECT_EQ(x + 0, x);
  EXPECT_EQ(1 * x, x);
  EXPECT_EQ(0 * x, zero);
  EXPECT_EQ(pow(x, 1), x);
  EXPECT_EQ(pow(x, 0), one);
  EXPECT_EQ(pow(one, x), one);
  EXPECT_EQ(op(pow(zero, x)), Op::power);
}

TEST_F(Build, CollectsTwoEqualOperands) {
  EXPECT_EQ(x + x, 2 * x);
  EXPECT_EQ(2 * x + 3 * x, 5 * x);
  EXPECT_EQ(x - x, zero);
  EXPECT_EQ(x * x, pow(x, 2));
  EXPECT_EQ(pow(x, 2) * pow(x, half), pow(x, rational(g, 5, 2)));
  EXPECT_EQ(x / x, one);
  EXPECT_EQ(2 * (3 * x), 6 * x);
}

TEST_F(Build, KeepsWhatMayNotExist) {
  // log(0) - log(0) is not 0, and (0*y)... but an unknown y may be anything, so only constants
  // count.
  const Expr undefined_constant = call("log"_fn, zero);
  EXPECT_EQ(op(undefined_constant - undefined_constant), Op::sum);
  EXPECT_EQ(op(undefined_constant / undefined_constant), Op::product);
}

TEST_F(Build, MergesDecimalCoefficientsOnlyWithoutRounding) {
  EXPECT_EQ(real(g, 0.5) * (2 * x), x * real(g, 1.0));
  EXPECT_EQ(g[(real(g, 0.1) * (3 * x)).id].a, real(g, 0.1).id);
}

TEST_F(Build, NeverExpandsOrFlattens) {
  EXPECT_EQ(op(2 * (x + y)), Op::product);
  EXPECT_EQ(g[(x + (y + 1)).id].b, (y + 1).id);
  const Expr e = 2 * x;
  EXPECT_EQ(g[(e * y).id].a, e.id);  // hoisting the 2 would break the sharing of 2 x
}

TEST_F(Build, PowersOfPowersMergeWhenTheDomainOnlyGrows) {
  EXPECT_EQ(pow(pow(x, half), 2), x);
  EXPECT_EQ(pow(pow(x, 2), 3), pow(x, 6));
  EXPECT_EQ(pow(pow(x, 2), half) == x, false);
  EXPECT_EQ(pow(-x, 2), pow(x, 2));
  EXPECT_EQ(pow(-x, 3), -pow(x, 3));
  EXPECT_EQ(pow(x, 0.5), call("sqrt", x));
  EXPECT_EQ(op(pow(x, 2.1)), Op::power);
}

TEST_F(Build, SignsLeaveOddAndEvenFunctions) {
  EXPECT_EQ(call("sin"_fn, -x), -call("sin"_fn, x));
  EXPECT_EQ(call("cos"_fn, -2 * x), call("cos"_fn, 2 * x));
  EXPECT_EQ(call("exp"_fn, -x) == call("exp"_fn, x), false);
}

TEST_F(Build, EIsTheExponentialFunction) { EXPECT_EQ(pow(constant(g, "e"), x), call("exp"_fn, x)); }

TEST_F(Build, ExactArgumentsGiveExactValues) {
  EXPECT_EQ(call("log", number(g, 8), number(g, 2)), number(g, 3));
  EXPECT_EQ(call("gamma"_fn, number(g, 6)), number(g, 120));
  EXPECT_EQ(call("abs"_fn, number(g, -3)), number(g, 3));
  EXPECT_EQ(call("floor"_fn, rational(g, -7, 2)), number(g, -4));
  EXPECT_EQ(call("mod"_fn, number(g, -5), number(g, 3)), one);
  EXPECT_EQ(call("cbrt"_fn, number(g, -8)), number(g, -2));
  EXPECT_EQ(call("max"_fn, number(g, 2), rational(g, 5, 2)), rational(g, 5, 2));
}

TEST_F(Build, AnInverseUndoesItsFunctionWhereThatIsRightForEveryArgument) {
  EXPECT_EQ(call("atanh"_fn, call("tanh"_fn, x)), x);
  EXPECT_EQ(call("atanh"_fn, -call("tanh"_fn, x)), -x);
  EXPECT_EQ(call("log"_fn, call("exp"_fn, x)), x);
  EXPECT_EQ(op(call("asin"_fn, call("sin"_fn, x))), Op::call);
  EXPECT_EQ(op(call("acosh"_fn, call("cosh"_fn, x))), Op::call);
}

TEST_F(Build, ConditionsFoldAndSelectChooses) {
  EXPECT_EQ(less(one, number(g, 2)), one);
  EXPECT_EQ(select(less(x, y), x, x), x);
  EXPECT_EQ(select(one, x, y), x);
  EXPECT_EQ(both(less(x, y), zero), zero);
  EXPECT_EQ(negation(negation(one)), one);
}

TEST_F(Build, WhatIsTheSameInEveryRowLeavesADataSum) {
  const Expr column_x = column(g, "x");
  const Expr rows = data_sum(one);
  EXPECT_EQ(data_sum(x * column_x), x * data_sum(column_x));
  EXPECT_EQ(data_sum(3 * column_x), 3 * data_sum(column_x));
  EXPECT_EQ(data_sum(x), x * rows);
  EXPECT_EQ(data_sum(zero), zero);
  Expr deep = column_x;
  for (int i = 0; i < 300'000; ++i) deep = (y + i) * deep;  // no recursion over factors
  EXPECT_EQ(op(data_sum(deep)), Op::product);
  EXPECT_EQ(g[data_sum(column_x).id].flags & varies_by_row, 0);
}

}  // namespace
}  // namespace nabla
