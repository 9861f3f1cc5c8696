#include "lib/eval/function.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <thread>
#include <vector>

#include "lib/core/build.hpp"
#include "lib/core/graph.hpp"

namespace nabla {
namespace {

class FunctionTest : public testing::Test {
 protected:
  double at(Expr f, std::initializer_list<Binding> bindings, const Data& data = {}) {
    const auto value = evaluate(f, std::vector<Binding>(bindings), data);
    EXPECT_TRUE(value) << (value ? "" : value.error().message);
    return value ? *value : std::numeric_limits<double>::quiet_NaN();
  }
  std::string error_code(Expr f, std::initializer_list<Binding> bindings, const Data& data = {}) {
    const auto value = evaluate(f, std::vector<Binding>(bindings), data);
    return value ? "" : value.error().code;
  }

  Graph g;
  Expr x = symbol(g, "x"), y = symbol(g, "y"), w = symbol(g, "w"), b = symbol(g, "b");
  Expr xs = column(g, "x"), ys = column(g, "y");
};

TEST_F(FunctionTest, EvaluatesArithmeticAsWritten) {
  EXPECT_EQ(at(x * x + 3 * x * y + y * y, {{"x", 2}, {"y", 3}}), 31);
  EXPECT_EQ(at(x / 3, {{"x", 5}}), 5.0 / 3.0);
  EXPECT_EQ(at(2 * x / 3, {{"x", 5}}), 2 * 5.0 / 3.0);
  EXPECT_EQ(at(pow(x, 3) - pow(y, -2), {{"x", 2}, {"y", 4}}), 8 - 1.0 / 16);
  EXPECT_EQ(at(call("sin"_fn, x), {{"x", 1}}), std::sin(1.0));
}

TEST_F(FunctionTest, FollowsIeeeWhereMathematicsHasNoValue) {
  EXPECT_EQ(at(1 / x, {{"x", 0}}), std::numeric_limits<double>::infinity());
  EXPECT_EQ(at(-1 / x, {{"x", 0}}), -std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isnan(at(call("log"_fn, x), {{"x", -1}})));
  EXPECT_TRUE(std::isnan(at(pow(x, rational(g, 1, 3)), {{"x", -8}})));
  EXPECT_EQ(at(pow(number(g, 9), pow(number(g, 9), 9)), {}),
            std::numeric_limits<double>::infinity());
}

TEST_F(FunctionTest, NeverLetsTheBranchNotTakenIn) {
  const Expr f = select(less(literal(g, 0), x), call("log"_fn, x), literal(g, 0));
  EXPECT_EQ(at(f, {{"x", -1}}), 0);
  EXPECT_EQ(at(f, {{"x", 2}}), std::log(2.0));
}

TEST_F(FunctionTest, KeepsNanThroughMinAndMax) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Expr largest = call("max"_fn, x, y), smallest = call("min"_fn, x, y);
  for (const auto& [u, v] : {std::pair{1.0, nan}, {nan, 1.0}, {nan, nan}}) {
    EXPECT_TRUE(std::isnan(at(largest, {{"x", u}, {"y", v}})));
    EXPECT_TRUE(std::isnan(at(smallest, {{"x", u}, {"y", v}})));
  }
  EXPECT_EQ(at(largest, {{"x", 1}, {"y", 2}}), 2);
  EXPECT_EQ(at(smallest, {{"x", 1}, {"y", 2}}), 1);
}

TEST_F(FunctionTest, NamesWhatHasNoValueInTheOrderItIsRead) {
  const auto value = evaluate(y * x + w, std::vector<Binding>{{"w", 1}});
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().code, "E301");
  EXPECT_EQ(value.error().message, "no value for 'y', 'x'");
}

TEST_F(FunctionTest, RefusesInputsThatAreNoNamesOrComeTwice) {
  const std::vector<Expr> twice{x, x}, sum{x + 1};
  EXPECT_EQ(Function::compile(twice, std::vector{x}).error().code, "E303");
  EXPECT_EQ(Function::compile(sum, std::vector{x}).error().code, "E303");
}

TEST_F(FunctionTest, ComputesSeveralOutputsInOneCall) {
  const auto f = Function::compile(std::vector{x, y}, std::vector{x * y, x + y, literal(g, 7), x});
  ASSERT_TRUE(f);
  const double in[] = {3, 4};
  double out[4];
  (*f)(in, out);
  EXPECT_EQ(std::vector(out, out + 4), (std::vector<double>{12, 7, 7, 3}));
}

TEST_F(FunctionTest, SaysWhenSizesDoNotFit) {
  const auto f = Function::compile(std::vector{x, y}, std::vector{x * y});
  ASSERT_TRUE(f);
  std::vector<double> in(1), out(1);
  EXPECT_THROW((*f)(in, out), CallError);
  in.resize(2);
  out.resize(2);
  EXPECT_THROW((*f)(in, out), CallError);
}

// ---- sums over data

class Fit : public FunctionTest {
 protected:
  const std::vector<double> x_column{1, 2, 3, 4, 5}, y_column{2, 4, 5, 4, 5};
  const Data data{.names = {"x", "y"}, .columns = {x_column, y_column}, .rows = 5};
  Expr residual = w * xs + b - ys;
  Expr rows = data_sum(literal(g, 1));
};

TEST_F(Fit, MeanSquaredErrorAndItsGradientInOnePass) {
  const Expr loss = data_sum(pow(residual, 2)) / rows;
  const Expr by_w = data_sum(2 * residual * xs) / rows, by_b = data_sum(2 * residual) / rows;
  const auto f = Function::compile(std::vector{w, b}, std::vector{loss, by_w, by_b});
  ASSERT_TRUE(f);
  EXPECT_TRUE(f->needs_data());
  EXPECT_EQ(f->columns(), (std::vector<std::string>{"x", "y"}));
  const double in[] = {0.5, 1};
  double out[3];
  (*f)(in, out, data);
  EXPECT_EQ(out[0], 2.75);
  EXPECT_EQ(out[1], -9.4);
  EXPECT_EQ(out[2], -3.0);
}

TEST_F(Fit, TakesAFreeNAsTheNumberOfRowsAndSaysSo) {
  const Expr n = symbol(g, "n");
  const Expr loss = 1 / n * data_sum(pow(residual, 2));
  const auto f = Function::compile(std::vector{w, b}, std::vector{loss});
  ASSERT_TRUE(f);
  ASSERT_EQ(f->notes().size(), 1u);
  EXPECT_EQ(f->notes()[0].code, "S701");
  EXPECT_EQ(at(loss, {{"w", 0.5}, {"b", 1}}, data), 2.75);
  EXPECT_EQ(at(loss, {{"w", 0.5}, {"b", 1}, {"n", 1}}, data), 13.75) << "a value given wins";
  EXPECT_EQ(error_code(n * x, {{"x", 1}}), "E301") << "without data n is a name like any other";
}

TEST_F(Fit, UsesOneSumInsideAnother) {
  const Expr mean = data_sum(xs) / rows;
  const Expr variance = data_sum(pow(xs - mean, 2)) / rows;
  EXPECT_EQ(at(variance, {}, data), 2);
  // Three levels, and a row value that two loops need.
  const Expr u = xs - mean;
  const Expr scaled = data_sum(pow(u, 4)) / pow(data_sum(pow(u, 2)), 2) - data_sum(u / variance);
  EXPECT_EQ(at(scaled, {}, data), 34.0 / 100);
}

TEST_F(Fit, AddsTheRowsFromFirstToLast) {
  std::vector<double> values(1000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = 1 / (1 + static_cast<double>(i));
  double expected = 0;
  for (const double v : values) expected += std::sin(v);
  const Data many{.names = {"x"}, .columns = {values}, .rows = values.size()};
  EXPECT_EQ(at(data_sum(call("sin"_fn, xs)), {}, many), expected);
  EXPECT_EQ(at(data_sum(xs), {}, {.names = {"x"}, .columns = {{}}, .rows = 0}), 0);
}

TEST_F(Fit, SaysWhatIsMissingInTheData) {
  EXPECT_EQ(error_code(xs + 1, {}, data), "E302");
  EXPECT_EQ(error_code(data_sum(column(g, "z")), {}, data), "E306");
  EXPECT_EQ(error_code(data_sum(xs), {}, {.names = {"x"}, .columns = {x_column}, .rows = 4}),
            "E306");
  const auto f = Function::compile({}, std::vector{data_sum(xs)});
  ASSERT_TRUE(f);
  double out[1];
  EXPECT_THROW((*f)({}, out), CallError);
}

// ---- batches

TEST_F(FunctionTest, GivesTheSameBitsForABatchAsForEachPoint) {
  const Expr f = call("exp"_fn, -pow(x, 2)) * y + call("max"_fn, x, y) / pow(x, 3);
  const auto compiled = Function::compile(std::vector{x, y}, std::vector{f, y, literal(g, 2)});
  ASSERT_TRUE(compiled);
  for (const std::size_t n : {0u, 1u, 7u, 255u, 256u, 257u, 1000u}) {
    std::vector<double> in[2], out[3];
    for (auto& column : in) column.resize(n);
    for (auto& column : out) column.resize(n);
    for (std::size_t i = 0; i < n; ++i) {
      in[0][i] = std::sin(static_cast<double>(i)) * 3;
      in[1][i] = std::cos(static_cast<double>(i * i));
    }
    const double* ins[] = {in[0].data(), in[1].data()};
    double* outs[] = {out[0].data(), out[1].data(), out[2].data()};
    compiled->batch(ins, outs, n);
    for (std::size_t i = 0; i < n; ++i) {
      const double point[] = {in[0][i], in[1][i]};
      double value[3];
      (*compiled)(point, value);
      for (int k = 0; k < 3; ++k) EXPECT_EQ(out[k][i], value[k]) << i;
    }
  }
}

TEST_F(FunctionTest, TakesColumnsAsInputsOfABatch) {
  const auto f = Function::compile(std::vector{xs, y}, std::vector{xs * y});
  ASSERT_TRUE(f);
  EXPECT_FALSE(f->needs_data());
  const double in[] = {2, 3};
  double out[1];
  (*f)(in, out);
  EXPECT_EQ(out[0], 6);
}

TEST_F(FunctionTest, MayWriteABatchOverItsInputs) {
  const auto f = Function::compile(std::vector{x, y}, std::vector{x + y, x - y});
  ASSERT_TRUE(f);
  std::vector<double> u(600, 3), v(600, 1);
  const double* in[] = {u.data(), v.data()};
  double* out[] = {u.data(), v.data()};
  f->batch(in, out, 600);
  for (std::size_t i = 0; i < 600; ++i) {
    EXPECT_EQ(u[i], 4);
    EXPECT_EQ(v[i], 2);
  }
}

TEST_F(FunctionTest, MayBeCompiledAndCalledByThreadsSharingOneGraph) {
  Expr f = x;
  for (int i = 0; i < 200; ++i) f = call("sigmoid"_fn, f) * y + call("max"_fn, f, y);
  const double in[] = {0.3, 0.7};
  double expected[1];
  (*Function::compile(std::vector{x, y}, std::vector{f}))(in, expected);
  std::vector<double> results(4);
  std::vector<std::thread> threads;
  const std::size_t nodes = g.size();
  for (double& result : results) {
    threads.emplace_back([&] {
      const auto compiled = Function::compile(std::vector{x, y}, std::vector{f});
      (*compiled)(in, {&result, 1});
    });
  }
  for (auto& thread : threads) thread.join();
  for (const double result : results) EXPECT_EQ(result, expected[0]);
  EXPECT_EQ(g.size(), nodes) << "compiling adds nothing to the graph";
}

}  // namespace
}  // namespace nabla
