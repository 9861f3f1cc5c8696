// Values and derivatives in double against MPFR with 4096 bits, at ordinary points and at the ends
// of the number line: each line says how many units in the last place the result may be off.

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "lib/calculus/derivative.hpp"
#include "lib/core/graph.hpp"
#include "lib/emit/print.hpp"
#include "lib/eval/function.hpp"
#include "parser/parse.hpp"
#include "simplify/normal_form.hpp"
#include "tests/support/mpfr_eval.hpp"

namespace nabla::test {
namespace {

constexpr double inf = std::numeric_limits<double>::infinity();

double ulps_between(double a, double b) {
  if (a == b || (std::isnan(a) && std::isnan(b))) return 0;
  if (!std::isfinite(a) || !std::isfinite(b)) return inf;
  const double size = std::max(std::fabs(a), std::fabs(b));
  const double ulp = std::nextafter(size, inf) - size;
  return std::fabs(a - b) / (std::isfinite(ulp) ? ulp : size * 0x1p-53);
}

struct Line {
  const char* formula;
  std::vector<double> at;  // of x
  double ulps[3];          // of value, slope and curvature; -1: not asked
};

// clang-format off
const std::vector<Line>& lines() {
  static const std::vector<Line> table{
      {"asin(x)",            {0, 0.5, -0.9, 0.9999999999999999, -0.9999999999999999}, {1, 2, 6}},
      {"acos(x)",            {0, 0.5, -0.9, 0.9999999999999999, -0.9999999999999999},         {1, 2, 6}},
      {"acosh(x)",           {1.0000000000000002, 1.5, 1e8, 1e200},                           {2, 3, -1}},
      {"asinh(x)",           {0, 1e-10, 0.5, -3, 1e8, -1e100},                                 {2, 2, 8}},
      {"atanh(x)",           {0, 0.5, -0.9999999999999999},                                   {2, 2, 6}},
      {"atan(x)",            {0, 1, -1e10, 1e200, 1e308},                                     {1, 3, -1}},
      {"tanh(x)",            {0, 0.5, 20, -20, 300, 1e4},                                     {2, 6, -1}},
      {"sigmoid(x)",         {0, 1, -1, 40, -40, 800, -800, 1e4, -1e4},                       {2, 4, -1}},
      {"softplus(x)",        {0, 1, -1, 40, -40, 800, -800, 1e4, -1e4},                       {2, 2, 4}},
      {"1/(1 + exp(-x))",    {0, 2, -2, 30, -30, 800, -1.15e4, 1e4},                          {2, 5, -1}},
      {"log(abs(x))",        {-2, 2, 1e-300, -1e300},                                         {1, 1, 2}},
      {"sqrt(x)",            {0, 4, 1e-300, 1e300},                                           {1, 1, 3}},
      {"x^1.875",            {0, 1, 1e100, 1e-100},                                           {1, 2, 3}},
      {"exp(2*x) - 1",       {3, -3},                                                         {2, 2, 2}},
      {"expm1(2*x)",         {1e-20, -1e-10, 3},                                              {2, 2, 2}},
      {"log1p(x)",           {1e-20, -0.5, 1e300},                                            {1, 1, 2}},
      {"hypot(x, 3)",        {0, 4, 1e200, -1e300},                                           {1, 2, -1}},
      {"erf(x)",             {0, 0.5, 5, -30},                                                {2, 60, -1}},
      {"cbrt(x)",            {8, -27, 1e300, 1e-300},                                         {1, 4, 8}},
      {"log(x, 2)",          {1, 3, 1e300},                                                   {2, 2, 3}},
  };
  return table;
}
// clang-format on

TEST(Accuracy, OfValueSlopeAndCurvatureIsAsStated) {
  for (const Line& line : lines()) {
    Graph g;
    const Expr x = symbol(g, "x");
    const auto read = parse(g, line.formula);
    ASSERT_TRUE(read) << line.formula;
    Expr f = read->value.scalar();
    for (int order = 0; order < 3; ++order) {
      if (order > 0) {
        const auto next = derivative(f, x);
        ASSERT_TRUE(next);
        f = *next;
      }
      if (line.ulps[order] < 0) continue;
      const Expr shown = canonical(f);
      for (const double at : line.at) {
        const double exact = value_at(f, std::vector{x}, std::vector{at}, 4096);
        for (const Expr e : {f, shown}) {
          const Binding here[] = {{"x", at}};
          const auto found = evaluate(e, here);
          ASSERT_TRUE(found);
          EXPECT_LE(ulps_between(*found, exact), line.ulps[order])
              << line.formula << ", derivative " << order << " at " << at << ": " << *found
              << ", right " << exact << ", computed as " << print(e);
        }
      }
    }
  }
}

// Where the expression itself does not say, in any precision, what mathematics says.
TEST(Limits, ArePartOfTheDerivative) {
  Graph g;
  struct Case {
    const char* text;
    double x, y, expected;
  };
  for (const Case& c : {Case{"diff(x^y, y)", 0, 2, 0},
                        {"diff(x^y, x)", 0, 1, 1},
                        {"diff(x^y, y)", 0, 1, 0},
                        {"diff(x^y, x)", 0, 2, 0},
                        {"diff(x^y, x)", 0, 3, 0},
                        {"diff(x^0, x)", 0, 0, 0},
                        {"diff(x^x, x)", 1, 0, 1},
                        {"diff(x^1.875, x)", 0, 0, 0},
                        {"diff(sqrt(x), x)", 0, 0, inf},
                        {"diff(sqrt((x-x)^2), x)", 3, 0, 0},
                        {"diff(sqrt(x^2), x)", -3, 0, -1},
                        {"diff(log(abs(x)), x)", -2, 0, -0.5},
                        {"diff(atan2(y, x), y)", -1, 1, -0.5},
                        {"diff(sigmoid(x), x)", -1e4, 0, 0},
                        {"diff(sigmoid(x), x, 2)", 1e4, 0, 0},
                        {"diff(softplus(x), x)", 1e4, 0, 1},
                        {"diff(softplus(x), x, 2)", -1e4, 0, 0},
                        {"1/(1+exp(-x))", -1.15e4, 0, 0},
                        {"diff(1/(1+exp(-x)), x)", -1.15e4, 0, 0},
                        {"diff(1/(1+exp(-x)), x, 2)", -1.15e4, 0, 0},
                        {"1/(1+exp(-x))", 800, 0, 1},
                        {"diff(1/(1+exp(-x)), x)", 800, 0, 0},
                        {"diff(1/(1+exp(-x)), x, 2)", 800, 0, 0},
                        {"diff(log(1+exp(x)), x)", 1e4, 0, 1},
                        {"diff(log(1+exp(x)), x)", -1e4, 0, 0},
                        {"diff(log(1+exp(x)), x, 2)", 1e4, 0, 0},
                        {"diff(log(1+exp(2*x)*1), x)", 1e4, 0, 2},
                        {"diff(y/(1+exp(x))^3, x)", 1e4, 2, 0},
                        {"diff(hypot(x, y), x)", 3e200, 4e200, 0.6},
                        {"hypot(x, y)", 3e200, 4e200, 5e200},
                        {"diff(tanh(x), x)", 20, 0, 1.6993417021166355e-17}}) {
    const auto read = parse(g, c.text, {.variables = {"x", "y"}, .columns = {}, .strict = false});
    ASSERT_TRUE(read) << c.text << read.error().message;
    const Binding at[] = {{"x", c.x}, {"y", c.y}};
    for (const Expr e : {read->value.scalar(), canonical(read->value.scalar())}) {
      const auto found = evaluate(e, at);
      ASSERT_TRUE(found) << c.text;
      EXPECT_LE(ulps_between(*found, c.expected), 4)
          << c.text << " is " << print(e) << " = " << *found << ", not " << c.expected;
    }
  }
}

}  // namespace
}  // namespace nabla::test
