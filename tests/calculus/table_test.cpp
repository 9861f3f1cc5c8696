// Every row of the function table is differentiated and compared with differences of its value in
// MPFR. New rows are found by themselves.

#include <cmath>

#include "lib/core/special.hpp"
#include "tests/calculus/support.hpp"
#include "tests/support/central_difference.hpp"
#include "tests/support/random_expr.hpp"

namespace nabla::test {
namespace {

class FunctionRows : public testing::TestWithParam<std::size_t> {
 protected:
  const FunctionRow& f = functions[GetParam()];
  const bool two = f.value.arity == 2;
  Graph g;
  RandomExpressions random{g, {.seed = GetParam() + 1, .variables = 2}};
  const std::vector<Expr> variables{random.variables().begin(), random.variables().end()};

  Expr applied(Expr u, Expr v) {
    const Fn fn{static_cast<std::uint8_t>(GetParam())};
    return two ? call(fn, u, v) : call(fn, u);
  }

  // The first operand is a literal where there is no derivative by it.
  bool literal_first() const {
    return f.value.kind != Value::Kind::shorthand && !f.partials.defined[0];
  }

  std::vector<double> draw() {
    return {random.uniform(f.sample.low, f.sample.high),
            random.uniform(f.second_sample.low, f.second_sample.high)};
  }

  bool near_a_kink(double u, double v) const {
    const auto near_integer = [](double t) { return std::fabs(t - std::nearbyint(t)) < 1e-3; };
    switch (f.kink) {
      case Kink::none: return false;
      case Kink::at_zero: return std::fabs(u) < 1e-3;
      case Kink::at_integers: return near_integer(two ? u / v : u);
      case Kink::at_half_integers: return near_integer(u + 0.5);
      case Kink::at_equality: return std::fabs(u - v) < 1e-3;
    }
    return true;
  }
};

// Rows that are nodes: the others are replaced as soon as they are written.
class FunctionNodes : public FunctionRows {};

TEST_P(FunctionNodes, HaveAnIndependentDefinitionInMpfr) {
  EXPECT_TRUE(has_mpfr(Fn{static_cast<std::uint8_t>(GetParam())}))
      << f.name << " is missing in tests/support/mpfr_eval.cpp";
}

TEST_P(FunctionRows, HaveTheDerivativesThatDifferencesHave) {
  int compared = 0;
  for (int i = 0; i < 100; ++i) {
    const Expr u = literal_first() ? number(g, i % 4) : variables[0];
    const Expr y = applied(u, variables[1]);
    const std::vector<double> point = draw();
    if (near_a_kink(literal_first() ? i % 4 : point[0], point[1])) continue;
    for (std::size_t which = literal_first() ? 1 : 0; which < (two ? 2u : 1u); ++which) {
      const auto slope = derivative(y, variables[which]);
      ASSERT_TRUE(slope) << slope.error().message;
      const Verdict verdict = check_slope(y, *slope, variables, point, which);
      ASSERT_EQ(verdict.outcome, Verdict::Outcome::agree)
          << f.name << " by operand " << which + 1 << " at " << point[0] << ", " << point[1] << ": "
          << verdict.explanation;
      ++compared;
    }
  }
  EXPECT_GT(compared, 50);
}

// The same by the chain rule and in reverse: the operands are expressions, the result is used.
TEST_P(FunctionRows, HaveTheSameDerivativesInReverse) {
  const Expr one = number(g, 1);
  const Expr u = literal_first() ? one : variables[0] * variables[1];
  const Expr y = call("exp", applied(u, variables[1] + variables[0] / 16) / 8) * variables[0];
  const auto reverse = gradient(y, variables);
  ASSERT_TRUE(reverse) << reverse.error().message;
  for (int i = 0; i < 20; ++i) {
    std::vector<double> point = draw();
    point[0] = literal_first() ? random.uniform(0.2, 1) : point[0] / point[1];
    for (std::size_t which = 0; which < 2; ++which) {
      const auto forward = derivative(y, variables[which]);
      ASSERT_TRUE(forward);
      const double a = value_at(*forward, variables, point),
                   b = value_at((*reverse)[which], variables, point);
      if (std::isnan(a) && std::isnan(b)) continue;
      EXPECT_NEAR(a, b, 1e-13 * (std::fabs(a) + 1)) << f.name;
    }
  }
}

TEST_P(FunctionNodes, RefuseTheDerivativeTheyDoNotHave) {
  const Expr y = applied(variables[0], variables[1]);
  for (std::size_t i = 0; i < (two ? 2u : 1u); ++i) {
    const auto slope = derivative(y, variables[i]);
    const auto both = gradient(y, std::vector{variables[i]});
    EXPECT_EQ(bool(slope), f.partials.defined[i]) << f.name << " by operand " << i + 1;
    EXPECT_EQ(bool(both), f.partials.defined[i]) << f.name << " by operand " << i + 1;
    if (!slope) {
      EXPECT_EQ(slope.error().code, "D201");
      EXPECT_NE(slope.error().message.find(f.name), std::string::npos);
    }
  }
}

std::vector<std::size_t> rows_where(bool (*wanted)(const FunctionRow&)) {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < functions.size(); ++i) {
    if (wanted(functions[i])) rows.push_back(i);
  }
  return rows;
}

std::string name_of(const testing::TestParamInfo<std::size_t>& info) {
  const FunctionRow& f = functions[info.param];
  return std::string(f.name) + "_" + std::to_string(f.value.arity);
}

INSTANTIATE_TEST_SUITE_P(Table, FunctionNodes,
                         testing::ValuesIn(rows_where([](const FunctionRow& f) {
                           return f.value.kind != Value::Kind::shorthand;
                         })),
                         name_of);
// A row of three operands is made of rows of two.
INSTANTIATE_TEST_SUITE_P(Table, FunctionRows,
                         testing::ValuesIn(rows_where([](const FunctionRow& f) {
                           return f.value.arity <= 2;
                         })),
                         name_of);

}  // namespace
}  // namespace nabla::test
