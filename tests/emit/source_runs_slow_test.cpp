// What generated functions compute, in every language of the table whose compiler is there.

#include <gtest/gtest.h>

#include <algorithm>
#include <clocale>
#include <cmath>
#include <limits>
#include <locale>
#include <string>
#include <vector>

#include "lib/calculus/derivative.hpp"
#include "lib/calculus/gradient.hpp"
#include "lib/core/build.hpp"
#include "lib/core/graph.hpp"
#include "lib/core/special.hpp"
#include "lib/emit/source.hpp"
#include "lib/eval/function.hpp"
#include "tests/emit/run_source.hpp"

namespace nabla::test {
namespace {

class Runs : public testing::TestWithParam<std::string> {
 protected:
  std::vector<double> interpret(const SourceRequest& r, const std::vector<double>& at,
                                const Data& data = {}) {
    std::vector<Expr> outputs;
    if (r.value) outputs.push_back(r.function);
    outputs.insert(outputs.end(), r.gradient.begin(), r.gradient.end());
    outputs.insert(outputs.end(), r.hessian.begin(), r.hessian.end());
    const auto f = Function::compile(r.inputs, outputs);
    EXPECT_TRUE(f);
    std::vector<double> out(outputs.size());
    (*f)(at, out, data);
    return out;
  }

  void expect(SourceRequest request, const std::vector<double>& at,
              const std::vector<double>& expected,
              const std::vector<std::vector<double>>& columns = {}) {
    request.language = GetParam();
    const Answer answer = run_source(request, at, columns);
    if (!answer.available) GTEST_SKIP() << answer.messages;
    ASSERT_EQ(answer.values.size(), expected.size()) << answer.messages;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      // Languages with a mathematical library of their own round differently.
      const bool own_library = GetParam() != "c" && GetParam() != "cpp";
      const double tolerance = own_library ? 1e-13 * std::fabs(expected[i]) : 0;
      EXPECT_TRUE(answer.values[i] == expected[i] ||
                  std::fabs(answer.values[i] - expected[i]) <= tolerance ||
                  (std::isnan(answer.values[i]) && std::isnan(expected[i])))
          << "result " << i << ": " << answer.values[i] << ", not " << expected[i] << "\n"
          << answer.messages;
    }
  }

  Graph g;
  Expr x = symbol(g, "x"), y = symbol(g, "y"), z = symbol(g, "z");
};

TEST_P(Runs, LargeIntegersAsTheNearestDouble) {
  expect({.inputs = {x}, .function = pow(number(g, 10), 30) * x}, {1.5}, {1e30 * 1.5});
  expect({.inputs = {x}, .function = (pow(number(g, 2), 64) + 1) * x}, {1},
         {18446744073709551616.0});
}

TEST_P(Runs, FractionsWithoutIntegerDivision) {
  expect({.inputs = {x}, .function = x / 3}, {3}, {1});
  expect({.inputs = {x}, .function = rational(g, 1, 2) + x}, {0}, {0.5});
  expect({.inputs = {x}, .function = 7 / x}, {2}, {3.5});
}

TEST_P(Runs, RemaindersWithTheSignTheyHaveHere) {
  expect({.inputs = {x}, .function = call("mod"_fn, x, number(g, 2))}, {-3}, {1});
  expect({.inputs = {x}, .function = call("rem"_fn, x, number(g, 2))}, {-3}, {-1});
}

TEST_P(Runs, RoundingOfHalvesAwayFromZero) {
  const Expr f = call("round"_fn, x);
  for (const auto& [at, to] : {std::pair{0.5, 1.0},
                               {2.5, 3.0},
                               {-0.5, -1.0},
                               {-1.5, -2.0},
                               {0.49999999999999994, 0.0},
                               {1e15 + 0.5, 1e15 + 1}}) {
    expect({.inputs = {x}, .function = f}, {at}, {to});
  }
}

TEST_P(Runs, SignsAndPowersInTheOrderOfMathematics) {
  expect({.inputs = {x}, .function = -pow(x, 2)}, {3}, {-9});
  expect({.inputs = {x}, .function = pow(-x, 3)}, {3}, {-27});
  expect({.inputs = {x, y}, .function = -x * (y - 1)}, {2, 5}, {-8});
  expect({.inputs = {x, y}, .function = x - (y - x)}, {2, 5}, {-1});
  expect({.inputs = {x, y}, .function = x / (y / x)}, {6, 4}, {9});
  expect({.inputs = {x}, .function = 1 - -2 * x}, {5}, {11});
  expect({.inputs = {x}, .function = pow(literal(g, -2.0), x)}, {3}, {-8});
  expect({.inputs = {x, y}, .function = pow(pow(x, y), y)}, {2, 3}, {512});
  expect({.inputs = {x, y}, .function = pow(x, pow(y, y))}, {2, 2}, {16});
  expect({.inputs = {x}, .function = -(-x - literal(g, -1e-7))}, {1}, {-(-1 - -1e-7)});
}

TEST_P(Runs, ConditionsAsConditionsAndAsNumbers) {
  const Expr less_xy = less(x, y), less_yz = less_equal(y, z);
  const Expr f = select(both(less_xy, less_yz), literal(g, 10), literal(g, 20)) +
                 100 * either(equal(x, y), negation(less_yz)) + 1000 * less_xy +
                 10000 * select(x - 1, literal(g, 1), literal(g, 2)) + select(less_xy, less_yz, x);
  expect({.inputs = {x, y, z}, .function = f}, {1, 2, 3}, {10 + 1000 + 20000 + 1});
  expect({.inputs = {x, y, z}, .function = f}, {2, 2, 1}, {20 + 100 + 10000 + 2});
  expect({.inputs = {x, y}, .function = less(less_xy, equal(x, x))}, {3, 2}, {1});
  expect({.inputs = {x, y}, .function = -less_xy}, {1, 2}, {-1});
}

TEST_P(Runs, FunctionsOfNoInputAndInputsOfNoUse) {
  expect({.inputs = {}, .function = constant(g, "pi")}, {}, {3.141592653589793});
  expect({.inputs = {x, y, z}, .function = y}, {1, 2, 3}, {2});
  const Expr infinite = literal(g, std::numeric_limits<double>::infinity());
  const Expr nan = literal(g, std::numeric_limits<double>::quiet_NaN());
  expect({.inputs = {x}, .function = select(less(x, literal(g, 0)), -infinite, infinite)}, {1},
         {std::numeric_limits<double>::infinity()});
  expect({.inputs = {x}, .function = select(less(x, literal(g, 0)), -infinite, infinite)}, {-1},
         {-std::numeric_limits<double>::infinity()});
  expect({.inputs = {x}, .function = select(less(x, literal(g, 0)), x, nan)}, {1},
         {std::numeric_limits<double>::quiet_NaN()});
}

TEST_P(Runs, ChainsOfTwoThousandCallsWithTheBitsOfTheInterpreter) {
  Expr f = x;
  for (int i = 0; i < 2000; ++i) f = call("sin"_fn, f);
  const SourceRequest request{.inputs = {x}, .function = f};
  expect(request, {0.5}, interpret(request, {0.5}));
}

TEST_P(Runs, ValueGradientAndHessianTogetherAndApart) {
  const Expr f = x * y * call("sin"_fn, z) + call("exp"_fn, x * y) / z + call("log"_fn, 1 + z * z);
  const std::vector<Expr> inputs{x, y, z};
  const auto slopes = gradient(f, inputs);
  const auto curvature = hessian(f, inputs);
  ASSERT_TRUE(slopes && curvature);
  for (int what = 1; what < 8; ++what) {
    SourceRequest request{.inputs = inputs, .function = f, .value = (what & 1) != 0};
    if (what & 2) request.gradient = *slopes;
    if (what & 4) request.hessian = curvature->entries;
    expect(request, {0.3, 0.7, 1.1}, interpret(request, {0.3, 0.7, 1.1}));
  }
}

TEST_P(Runs, TheMeanSquaredErrorAndItsGradient) {
  const Expr w = symbol(g, "w"), b = symbol(g, "b");
  const Expr rows = data_sum(literal(g, 1));
  const Expr loss = data_sum(pow(w * column(g, "x") + b - column(g, "y"), 2)) / rows;
  const std::vector<Expr> inputs{w, b};
  const auto slopes = gradient(loss, inputs);
  ASSERT_TRUE(slopes);
  expect({.name = "loss", .inputs = inputs, .function = loss, .gradient = *slopes}, {0.5, 1},
         {2.75, -9.4, -3.0}, {{1, 2, 3, 4, 5}, {2, 4, 5, 4, 5}});
  // n is the number of rows, and a parameter may be called n all the same.
  const Expr n = symbol(g, "n");
  const Expr free_n = data_sum(pow(w * column(g, "x") + b - column(g, "y"), 2)) / n;
  expect({.inputs = inputs, .function = free_n}, {0.5, 1}, {2.75},
         {{1, 2, 3, 4, 5}, {2, 4, 5, 4, 5}});
  expect({.inputs = {n, w, b}, .function = free_n}, {10, 0.5, 1}, {1.375},
         {{1, 2, 3, 4, 5}, {2, 4, 5, 4, 5}});
}

TEST_P(Runs, SumsThatNeedOtherSums) {
  const Expr xs = column(g, "x"), rows = data_sum(literal(g, 1));
  const Expr mean = data_sum(xs) / rows;
  const Expr scale = call("exp"_fn, x);
  expect({.inputs = {x}, .function = data_sum(pow(xs - mean, 2) * scale) / rows}, {0}, {2},
         {{1, 2, 3, 4, 5}});
}

TEST_P(Runs, EveryFunctionOfTheTable) {
  std::vector<Expr> values;
  for (std::size_t i = 0; i < functions.size(); ++i) {
    const FunctionRow& f = functions[i];
    if (f.value.kind == nabla::Value::Kind::shorthand) continue;
    const Fn fn{static_cast<std::uint8_t>(i)};
    const Dialect& dialect = *std::ranges::find(dialects, GetParam(), &Dialect::name);
    if (f.value.kind == nabla::Value::Kind::machine && spelling_of(dialect, fn) == "-") continue;
    const Expr u = literal(g, 0.5 * (f.sample.low + f.sample.high) + 0.1) + 0 * x;
    const Expr first = f.partials.defined[0] ? u + x : number(g, 1);
    const Expr v = literal(g, 0.5 * (f.second_sample.low + f.second_sample.high)) + y;
    values.push_back(f.value.arity == 2 ? call(Fn{static_cast<std::uint8_t>(i)}, first, v)
                                        : call(Fn{static_cast<std::uint8_t>(i)}, first));
  }
  SourceRequest request{.language = GetParam(),
                        .name = "f",
                        .inputs = {x, y},
                        .function = x,
                        .value = false,
                        .gradient = values};
  const std::vector<double> at{0.01, 0.02};
  const Answer answer = run_source(request, at);
  if (!answer.available) GTEST_SKIP() << answer.messages;
  const auto expected = interpret(request, at);
  ASSERT_EQ(answer.values.size(), expected.size()) << answer.messages;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(answer.values[i], expected[i], 1e-13 * std::max(1.0, std::fabs(expected[i])))
        << *generate({.language = "python", .inputs = {x, y}, .function = values[i]});
  }
}

TEST_P(Runs, TheSameUnderAGermanLocale) {
  struct Comma : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
    char do_thousands_sep() const override { return '.'; }
    std::string do_grouping() const override { return "\3"; }
  };
  const std::locale before = std::locale::global(std::locale(std::locale::classic(), new Comma));
  std::setlocale(LC_ALL, "de_DE.UTF-8");
  const auto text =
      generate({.language = GetParam(), .inputs = {x}, .function = 1234567.5 * x + 0.25});
  std::setlocale(LC_ALL, "C");
  std::locale::global(before);
  ASSERT_TRUE(text);
  EXPECT_NE(text->find("1234567.5"), std::string::npos) << *text;
  EXPECT_NE(text->find("0.25"), std::string::npos) << *text;
}

TEST_P(Runs, BranchesThatAreNotTakenNeverReachTheResult) {
  const Expr f = select(less(number(g, 0), x), pow(x, rational(g, 1, 2)), number(g, 0)) +
                 select(less(number(g, 1), x), call("log"_fn, x - 1) / (x - 1), number(g, 0)) +
                 pow(call("max"_fn, number(g, 0), pow(x, 2) - 16), rational(g, 1, 2));
  const std::vector<Expr> inputs{x};
  std::vector<Expr> derivatives;
  for (unsigned order = 1; order <= 3; ++order) {
    const auto next = derivative(f, x, order);
    ASSERT_TRUE(next);
    derivatives.push_back(*next);
  }
  SourceRequest request{.inputs = inputs, .function = f, .gradient = derivatives};
  for (const double at : {-3.0, 1.0, 0.0, 0.25, 3.0, -5.0}) {
    const auto expected = interpret(request, {at});
    if (at <= 0 && at > -4) {
      EXPECT_EQ(expected, std::vector<double>(4, 0.0));
    }
    expect(request, {at}, expected);
  }
}

TEST_P(Runs, NotANumberGoesThroughMinimaAndMaxima) {
  const double nan = std::numeric_limits<double>::quiet_NaN(),
               inf = std::numeric_limits<double>::infinity();
  const Expr f = call("max"_fn, x, y), h = call("min"_fn, x, y);
  for (const auto& at : {std::vector{1.0, nan}, {nan, 1.0}, {inf, nan}, {2.0, 1.0}, {-inf, inf}}) {
    SourceRequest request{.inputs = {x, y}, .function = f, .gradient = {h, call("sign"_fn, x)}};
    expect(request, at, interpret(request, at));
  }
}

TEST_P(Runs, SpecialValuesOfTheInterpreter) {
  // What a language raises, or rounds to another side, where IEEE arithmetic has a value.
  const Expr choice = select(less(x, y), x / y, call("log"_fn, x)) + 0 * call("floor"_fn, x);
  std::vector<Expr> values{choice, pow(x, y), call("exp"_fn, x), call("atanh"_fn, x)};
  for (const auto& at : {std::vector{0.0, 0.0},
                         {-1.0, 0.0},
                         {1.0, std::numeric_limits<double>::quiet_NaN()},
                         {-8.0, 1.0 / 3},
                         {0.0, -1.0},
                         {1e4, 2.5},
                         {-1e200, 3.0},
                         {-0.5, 2.0}}) {
    SourceRequest request{.inputs = {x, y}, .function = choice, .gradient = values};
    expect(request, at, interpret(request, at));
  }
}

INSTANTIATE_TEST_SUITE_P(Languages, Runs, testing::ValuesIn(all_languages()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace nabla::test
