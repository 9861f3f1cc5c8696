// Derivatives of random expressions against central differences in MPFR, relative 1e-25.
// NABLA_RANDOM_CASES sets the number of expressions.

#include <gtest/gtest.h>

#include "lib/calculus/derivative.hpp"
#include "lib/calculus/gradient.hpp"
#include "lib/emit/print.hpp"
#include "tests/support/central_difference.hpp"
#include "tests/support/random_expr.hpp"

namespace nabla::test {
namespace {

using Outcome = Verdict::Outcome;

// Decimals are doubles, and what the engine folds of them is rounded to 53 bits; everything else is
// exact, as this comparison needs.
RandomOptions exact_numbers(std::uint64_t seed, int operations = 24) {
  return {.seed = seed, .operations = operations, .decimals = false};
}

struct Tally {
  int checked = 0, unresolved = 0, zeros = 0;
  long most_bits = 0;

  void add(const Verdict& verdict, Expr f, Expr slope, Expr x) {
    ++checked;
    zeros += slope.id == Graph::zero;
    most_bits = std::max(most_bits, verdict.bits);
    if (verdict.outcome == Outcome::agree) return;
    if (verdict.outcome == Outcome::unresolved) {
      ++unresolved;
      return;
    }
    ADD_FAILURE() << "d/d" << x.graph->name_of(node(x)) << " of " << print(f) << "\nis said to be "
                  << print(slope) << "\n"
                  << verdict.explanation;
  }

  void report(double allowed_zeros) const {
    testing::Test::RecordProperty("unresolved", unresolved);
    testing::Test::RecordProperty("zeros", zeros);
    testing::Test::RecordProperty("bits", static_cast<int>(most_bits));
    EXPECT_LE(unresolved, 0.001 * checked)
        << unresolved << " of " << checked << " comparisons need more than 4096 bits";
    EXPECT_LE(zeros, allowed_zeros * checked)
        << "too many expressions do not depend on the variable";
  }
};

TEST(DerivativeAgainstDifferences, TheTangentSweepIsRightForRandomExpressions) {
  const int cases = random_cases(20'000);
  Tally tally;
  for (int batch = 0; tally.checked < cases; ++batch) {
    Graph g;
    RandomExpressions random(g, exact_numbers(1000 + static_cast<std::uint64_t>(batch)));
    for (int i = 0; i < 50; ++i) {
      const Expr f = random.next();
      const auto which = static_cast<std::size_t>(random.below(3));
      const Expr x = random.variables()[which];
      const auto slope = derivative(f, x);
      ASSERT_TRUE(slope) << slope.error().message;
      tally.add(check_slope(f, *slope, random.variables(), random.point(), which), f, *slope, x);
      if (HasFailure()) return;
    }
  }
  tally.report(0.4);
}

TEST(DerivativeAgainstDifferences, TheAdjointSweepIsRightForRandomExpressions) {
  const int cases = random_cases(20'000);
  Tally tally;
  for (int batch = 0; tally.checked < cases; ++batch) {
    Graph g;
    RandomExpressions random(g, exact_numbers(5000 + static_cast<std::uint64_t>(batch)));
    for (int i = 0; i < 50; ++i) {
      const Expr f = random.next();
      const auto slopes = gradient(f, random.variables());
      ASSERT_TRUE(slopes) << slopes.error().message;
      const auto which = static_cast<std::size_t>(random.below(3));
      const Expr slope = (*slopes)[which];
      tally.add(check_slope(f, slope, random.variables(), random.point(), which), f, slope,
                random.variables()[which]);
      if (HasFailure()) return;
    }
  }
  tally.report(0.4);
}

// A second derivative is the derivative of an expression that contains guards.
TEST(DerivativeAgainstDifferences, SecondDerivativesAreRightForRandomExpressions) {
  const int cases = random_cases(20'000);
  Tally tally;
  for (int batch = 0; tally.checked < cases; ++batch) {
    Graph g;
    RandomExpressions random(g, exact_numbers(9000 + static_cast<std::uint64_t>(batch), 8));
    for (int i = 0; i < 50; ++i) {
      const Expr f = random.next();
      const auto which = static_cast<std::size_t>(random.below(3));
      const Expr x = random.variables()[which];
      const auto first = derivative(f, x), second = derivative(f, x, 2);
      ASSERT_TRUE(first && second);
      tally.add(check_slope(*first, *second, random.variables(), random.point(), which), *first,
                *second, x);
      if (HasFailure()) return;
    }
  }
  tally.report(0.8);
}

TEST(DerivativeAgainstDifferences, TheOracleNoticesAWrongDerivative) {
  Graph g;
  const Expr x = symbol(g, "x");
  const std::vector<Expr> variables{x};
  const std::vector<double> point{0.7};
  const Expr f = call("sin", x) * x;
  const auto slope = derivative(f, x);
  EXPECT_EQ(check_slope(f, *slope, variables, point, 0).outcome, Outcome::agree);
  EXPECT_EQ(check_slope(f, *slope + real(g, 1e-20), variables, point, 0).outcome, Outcome::differ);
}

}  // namespace
}  // namespace nabla::test
