// Columns of float: what double gives for the same numbers, rounded once.

#include <gtest/gtest.h>

#include <Eigen/Core>
#include <array>
#include <atomic>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "lib/calculus/gradient.hpp"
#include "lib/core/build.hpp"
#include "lib/core/graph.hpp"
#include "lib/core/stop.hpp"
#include "lib/emit/print.hpp"
#include "lib/eval/function.hpp"
#include "tests/support/central_difference.hpp"
#include "tests/support/foreign.hpp"
#include "tests/support/random_expr.hpp"

namespace nabla::test {
namespace {

using Limits = std::numeric_limits<float>;

const std::vector<float>& float_edges() {
  static const std::vector<float> values{0.0F,
                                         -0.0F,
                                         1.0F,
                                         -1.0F,
                                         0.5F,
                                         3.0F,
                                         1e-20F,
                                         2e19F,
                                         -2e19F,
                                         1e30F,
                                         88.7F,
                                         -104.0F,
                                         0x1p-24F,
                                         Limits::min(),
                                         Limits::denorm_min(),
                                         -Limits::denorm_min(),
                                         Limits::min() / 2,
                                         Limits::max(),
                                         -Limits::max(),
                                         Limits::infinity(),
                                         -Limits::infinity(),
                                         Limits::quiet_NaN(),
                                         std::nextafter(1.0F, 2.0F)};
  return values;
}

TEST(Floats, AreTheResultsOfDoubleRoundedOnce) {
  constexpr std::size_t inputs = 3, outputs = 4;
  const auto& edges = float_edges();
  const int cases = random_cases(400);
  for (int done = 0; done < cases; ++done) {
    Graph g;
    RandomExpressions random(
        g, {.seed = 4100 + static_cast<std::uint64_t>(done), .operations = 4 + done % 50});
    const Expr f = random.next();
    const auto slopes = gradient(f, random.variables());
    ASSERT_TRUE(slopes);
    std::vector<Expr> results{f};
    results.insert(results.end(), slopes->begin(), slopes->end());
    const std::size_t rows = done % 20 == 19 ? 300 : static_cast<std::size_t>(done) % 19;
    std::array<std::vector<float>, inputs> in;
    std::array<const float*, inputs> from{};
    for (std::size_t k = 0; k < inputs; ++k) {
      for (std::size_t i = 0; i < rows; ++i) {
        in[k].push_back(
            random.below(2) == 0
                ? edges[static_cast<std::size_t>(random.below(static_cast<int>(edges.size())))]
                : static_cast<float>(random.uniform(-4, 4)));
      }
      from[k] = in[k].data();
    }
    const CompileOptions modes[] = {{}, {.math = Math::fast, .contract = true}};
    CompileOptions options = modes[done % 2];
    options.engine = Engine::interpreter;
    const auto reference = *Function::compile(random.variables(), results, options);
    for (const Engine engine : {Engine::interpreter, Engine::native}) {
      for (const Width widest : {Width::eight, Width::four, Width::one}) {
        options.engine = engine;
        options.widest = widest;
        const auto compiled = *Function::compile(random.variables(), results, options);
        std::array<std::vector<float>, outputs> out;
        std::array<float*, outputs> to{};
        for (std::size_t k = 0; k < outputs; ++k) {
          out[k].resize(rows);
          to[k] = out[k].data();
        }
        compiled.batch(from, to, rows);
        for (std::size_t i = 0; i < rows; ++i) {
          const double at[] = {in[0][i], in[1][i], in[2][i]};
          const float at_floats[] = {in[0][i], in[1][i], in[2][i]};
          double expected[outputs];
          float found[outputs];
          reference(at, expected);
          compiled(at_floats, found);
          for (std::size_t k = 0; k < outputs; ++k) {
            ASSERT_TRUE(same_bits(static_cast<float>(expected[k]), out[k][i]))
                << print(f) << ", output " << k << " at " << at[0] << ", " << at[1] << ", "
                << at[2];
            ASSERT_TRUE(same_bits(found[k], out[k][i])) << "one point";
          }
        }
        if (engine == Engine::interpreter) break;
      }
    }
  }
}

TEST(Floats, OverflowAndVanishOnlyWhereTheResultDoes) {
  Graph g;
  const Expr x = symbol(g, "x"), y = symbol(g, "y");
  const auto f = *Function::compile(std::vector{x, y},
                                    std::vector{x * y, x * y / x, x + y, call("hypot"_fn, x, y)});
  const auto at = [&](float u, float v) {
    const float in[] = {u, v};
    std::array<float, 4> out{};
    f(in, out);
    return out;
  };
  EXPECT_EQ(at(1e30F, 1e30F)[0], Limits::infinity());
  EXPECT_EQ(at(1e30F, 1e30F)[1], 1e30F) << "what lies between does not overflow";
  EXPECT_EQ(at(1e30F, 1e30F)[3], static_cast<float>(std::hypot(double{1e30F}, double{1e30F})));
  EXPECT_EQ(at(1e-30F, 1e-30F)[0], 0.0F);
  EXPECT_EQ(at(1e-30F, 1e-30F)[1], 1e-30F);
  EXPECT_TRUE(std::signbit(at(1e-30F, -1e-30F)[0]));
  EXPECT_EQ(at(1.0F, 0x1p-24F)[2], 1.0F) << "a tie goes to the even one";
  EXPECT_EQ(at(1.0F, std::nextafter(0x1p-24F, 1.0F))[2], std::nextafter(1.0F, 2.0F));
  EXPECT_EQ(at(Limits::denorm_min(), 1.0F)[0], Limits::denorm_min());
  EXPECT_EQ(at(Limits::denorm_min(), 0.5F)[0], 0.0F);
  EXPECT_EQ(at(-Limits::max(), 1.0F + Limits::epsilon())[0], -Limits::infinity());
}

TEST(Floats, MayBeWrittenOverTheirInputs) {
  Graph g;
  const Expr x = symbol(g, "x"), y = symbol(g, "y");
  const auto f = *Function::compile(std::vector{x, y}, std::vector{x + y, x - y});
  for (const std::size_t rows : {5u, 600u, 5000u}) {
    std::vector<float> u(rows), v(rows);
    for (std::size_t i = 0; i < rows; ++i) {
      u[i] = static_cast<float>(3 * i);
      v[i] = static_cast<float>(i);
    }
    const float* in[] = {u.data(), v.data()};
    float* out[] = {u.data(), v.data()};
    f.batch(in, out, rows);
    for (std::size_t i = 0; i < rows; ++i) {
      ASSERT_EQ(u[i], static_cast<float>(4 * i));
      ASSERT_EQ(v[i], static_cast<float>(2 * i));
    }
  }
}

class FloatRows : public testing::Test {
 protected:
  static constexpr std::size_t rows = 200003;
  FloatRows() {
    std::mt19937_64 random(9);
    for (std::size_t i = 0; i < rows; ++i) {
      for (auto* column : {&u, &v}) {
        column->push_back(static_cast<float>(std::ldexp(static_cast<double>(random()), -63)) - 1);
      }
    }
    wide_u.assign(u.begin(), u.end());
    wide_v.assign(v.begin(), v.end());
  }

  Graph g;
  const Expr a = symbol(g, "a"), b = symbol(g, "b");
  std::vector<float> u, v;
  std::vector<double> wide_u, wide_v;
};

TEST_F(FloatRows, GiveTheSameBitsForEveryNumberOfThreads) {
  const Expr x = symbol(g, "x"), y = symbol(g, "y");
  const std::vector<Expr> outputs{call("exp"_fn, a * x) + y, x * y};
  const double parameter[] = {0.7};
  const double* wide_in[] = {wide_u.data(), wide_v.data()};
  std::vector<double> wide[2] = {std::vector<double>(rows), std::vector<double>(rows)};
  double* wide_out[] = {wide[0].data(), wide[1].data()};
  CompileOptions options{.math = Math::fast, .parameters = 1};
  Function::compile(std::vector{x, y, a}, outputs, options)
      ->batch(wide_in, parameter, wide_out, rows);
  for (const Engine engine : {Engine::interpreter, Engine::native}) {
    for (const unsigned threads : {1u, 2u, 8u}) {
      options.engine = engine;
      options.threads = threads;
      const auto f = *Function::compile(std::vector{x, y, a}, outputs, options);
      std::vector<float> found[2] = {std::vector<float>(rows), std::vector<float>(rows)};
      const float* in[] = {u.data(), v.data()};
      float* out[] = {found[0].data(), found[1].data()};
      f.batch(in, parameter, out, rows);
      for (int k = 0; k < 2; ++k) {
        for (std::size_t i = 0; i < rows; ++i) {
          ASSERT_EQ(found[k][i], static_cast<float>(wide[k][i])) << k << " " << i;
        }
      }
    }
  }
}

TEST_F(FloatRows, AreAddedInDoubleInEitherOrder) {
  const Expr x = column(g, "x"), y = column(g, "y");
  std::vector<Expr> outputs{data_sum(call("sigmoid"_fn, a * x + b)), data_sum(x * y)};
  for (int k = 0; k < 20; ++k) outputs.push_back(data_sum(x + number(g, k) * y));
  const FloatData data{.names = {"y", "x"}, .columns = {v, u}, .rows = rows};
  const Data wide{.names = {"x", "y"}, .columns = {wide_u, wide_v}, .rows = rows};
  const double in[] = {1.5, -0.25};
  for (const SumOrder order : {SumOrder::in_order, SumOrder::lanes}) {
    CompileOptions options{.math = Math::fast, .sums = order};
    std::vector<double> expected(outputs.size());
    (*Function::compile(std::vector{a, b}, outputs, options))(in, expected, wide);
    for (const Engine engine : {Engine::interpreter, Engine::native}) {
      for (const Width widest : {Width::eight, Width::four, Width::one}) {
        for (const unsigned threads : {1u, 3u}) {
          options.engine = engine;
          options.widest = widest;
          options.threads = threads;
          std::vector<double> found(outputs.size());
          (*Function::compile(std::vector{a, b}, outputs, options))(in, found, data);
          EXPECT_EQ(found, expected);
        }
      }
    }
  }
}

TEST_F(FloatRows, ThatDoNotFitAreRefused) {
  const Expr x = column(g, "x");
  const auto sum = *Function::compile({}, std::vector{data_sum(x)});
  double total[1];
  EXPECT_THROW(sum({}, total, FloatData{.names = {"y"}, .columns = {u}, .rows = rows}), CallError);
  EXPECT_THROW(sum({}, total, FloatData{.names = {"x"}, .columns = {u}, .rows = 3}), CallError);
  const auto f = *Function::compile(std::vector{a}, std::vector{a + 1});
  const float* in[] = {u.data(), v.data()};
  float* out[] = {v.data()};
  EXPECT_THROW(f.batch(in, out, 4), CallError);
  EXPECT_THROW(f(std::span<const float>(u).first(2), std::span<float>(v).first(1)), CallError);
  const std::atomic<bool> stop = true;
  EXPECT_THROW(f.batch(std::span(in).first(1), out, rows, &stop), LimitError);
}

TEST_F(FloatRows, MayBelongToEigen) {
  const Expr x = symbol(g, "x"), y = symbol(g, "y");
  const auto f = *Function::compile(std::vector{x, y}, std::vector{x * y, x - y});
  Eigen::ArrayXXf in(100, 2);
  in.col(0) = Eigen::Map<const Eigen::ArrayXf>(u.data(), 100);
  in.col(1) = Eigen::Map<const Eigen::ArrayXf>(v.data(), 100);
  Eigen::ArrayXf product(100), difference(100);
  const float* from[] = {in.col(0).data(), in.col(1).data()};
  float* to[] = {product.data(), difference.data()};
  f.batch(from, to, 100);
  EXPECT_TRUE((product == in.col(0) * in.col(1)).all());
  EXPECT_TRUE((difference == in.col(0) - in.col(1)).all());
}

}  // namespace
}  // namespace nabla::test
