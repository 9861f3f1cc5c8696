// The way to a derivative: each part once, inner parts first, and the end is the derivative.

#include "lib/calculus/explain.hpp"

#include <gmock/gmock.h>

#include "tests/calculus/support.hpp"
#include "tests/support/random_expr.hpp"

namespace nabla::test {
namespace {

using testing::ElementsAre;
using enum DerivationRule;

class Explain : public Calculus {
 protected:
  std::vector<DerivationRule> rules(Expr f) {
    const auto steps = derivation(f, x);
    EXPECT_TRUE(steps);
    std::vector<DerivationRule> found;
    if (steps) {
      for (const DerivationStep& step : *steps) found.push_back(step.rule);
    }
    return found;
  }
};

TEST_F(Explain, StepsGoFromTheInnerPartsToTheWhole) {
  EXPECT_THAT(rules(pow(x, 2) * call("sin"_fn, 3 * x)),
              ElementsAre(power, constant_factor, function, product));
  EXPECT_THAT(rules(call("exp"_fn, call("sin"_fn, x))), ElementsAre(function, function));
  EXPECT_THAT(rules(pow(y, x)), ElementsAre(exponential));
  EXPECT_THAT(rules(pow(x, x)), ElementsAre(general_power));
  EXPECT_THAT(rules(x), ElementsAre(variable));
  EXPECT_THAT(rules(y + 2), ElementsAre(constant));
}

// x^2 + y + x^3 + 4 is stored as sums of two; people read one sum.
TEST_F(Explain, ASumIsOneStepAndItsConstantsVanishBeforeIt) {
  EXPECT_THAT(rules(pow(x, 2) + y + pow(x, 3) + 4),
              ElementsAre(power, power, constant, constant, sum));
  // A part that is needed elsewhere too is a step of its own.
  const Expr part = x + y;
  EXPECT_THAT(rules((part + pow(x, 2)) * part), ElementsAre(constant, sum, power, sum, product));
}

TEST_F(Explain, ConditionsAreNoSteps) {
  EXPECT_THAT(rules(less(x, y)), ElementsAre(constant));  // unless there is nothing else
  EXPECT_THAT(rules(select(less(x, y), pow(x, 2), 3 * x)),
              ElementsAre(power, constant_factor, choice));
}

TEST_F(Explain, TheChainRuleIsNamedWhereTheOperandIsNotTheVariable) {
  const auto steps = derivation(call("sin"_fn, x) + call("cos"_fn, 2 * x), x);
  ASSERT_TRUE(steps);
  EXPECT_FALSE((*steps)[0].inner);
  EXPECT_TRUE((*steps)[2].inner);
  EXPECT_EQ((*steps)[2].of, call("cos"_fn, 2 * x));
}

TEST_F(Explain, TheLastStepIsTheDerivative) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    RandomExpressions random(g, {.seed = seed});
    for (int i = 0; i < 30; ++i) {
      const Expr f = random.next(), by = random.variables()[0];
      const auto steps = derivation(f, by);
      const auto whole = derivative(f, by);
      ASSERT_EQ(bool(steps), bool(whole));
      if (!steps) continue;
      EXPECT_EQ(steps->back().of, f);
      EXPECT_EQ(steps->back().derivative, *whole);
    }
  }
}

TEST_F(Explain, TheOrderIsThatOfReadingWhateverTheGraphHasSeen) {
  const Expr right = call("sin"_fn, x), left = pow(x, 2);
  const Expr f = left * right;
  EXPECT_THAT(rules(f), ElementsAre(power, function, product));
}

TEST_F(Explain, NeedsAName) { EXPECT_EQ(derivation(x * y, x * y).error().code, "D202"); }

}  // namespace
}  // namespace nabla::test
