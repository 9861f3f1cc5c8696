// Functions of one shape share machine code and differ in nothing else.

#include "lib/eval/code_cache.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <memory>
#include <thread>
#include <vector>

#include "lib/core/build.hpp"
#include "lib/core/graph.hpp"
#include "lib/eval/function.hpp"

namespace nabla {
namespace {

class CodeCacheTest : public testing::Test {
 protected:
  // Two outputs with four constants that are no special numbers.
  std::vector<Expr> model(Graph& g, double k) {
    const Expr x = symbol(g, "x"), y = symbol(g, "y");
    const auto c = [&](double by) { return literal(g, k * by + 0.0371); };
    const Expr decay = call("exp"_fn, -(c(1.1) * x)) * call("sin"_fn, c(2.3) * y);
    return {decay + c(0.7) * pow(x, 3), select(less(x, c(0.31)), decay, x / (y * y + c(5.9)))};
  }
  Function compiled(double k, std::shared_ptr<CodeCache> cache, CompileOptions options = {}) {
    Graph g;
    const auto outputs = model(g, k);
    options.code = std::move(cache);
    auto f = Function::compile(std::vector{symbol(g, "x"), symbol(g, "y")}, outputs, options);
    EXPECT_TRUE(f);
    f->prepare_point();
    f->prepare_batch();
    return *f;
  }
  static bool has_machine_code() {
    Graph g;
    const Expr x = symbol(g, "x");
    return Function::compile(std::vector{x}, std::vector{x + 1})->engine() == Engine::native;
  }
  static std::vector<std::uint64_t> bits(const Function& f) {
    constexpr std::size_t n = 43;
    std::vector<double> x(n), y(n), u(n), v(n);
    for (std::size_t i = 0; i < n; ++i) {
      x[i] = std::cos(static_cast<double>(i)) * 3;
      y[i] = std::sin(static_cast<double>(7 * i)) * (i % 5 == 0 ? 1e9 : 2);
    }
    x[3] = std::numeric_limits<double>::infinity();
    y[4] = -0.0;
    const double* in[] = {x.data(), y.data()};
    double* out[] = {u.data(), v.data()};
    f.batch(in, out, n);
    std::vector<std::uint64_t> result;
    const auto add = [&](double value) {
      result.push_back(value == value ? std::bit_cast<std::uint64_t>(value) : 1);
    };
    for (std::size_t i = 0; i < n; ++i) {
      add(u[i]);
      add(v[i]);
      double point[2];
      f(std::vector{x[i], y[i]}, point);
      add(point[0]);
      add(point[1]);
    }
    return result;
  }
};

TEST_F(CodeCacheTest, GivesTheBitsOfFunctionsCompiledAlone) {
  for (const Math math : {Math::library, Math::fast}) {
    for (const Width widest : {Width::four, Width::eight}) {
      const CompileOptions options{.math = math, .contract = true, .widest = widest};
      const auto cache = std::make_shared<CodeCache>();
      for (const double k : {1.0, 0.25, 3.7, 1e-9, 2e17}) {
        EXPECT_EQ(bits(compiled(k, cache, options)), bits(compiled(k, nullptr, options))) << k;
      }
      if (has_machine_code()) {
        EXPECT_EQ(cache->found(), 8u) << "a point and a batch, four times";
      }
    }
  }
}

TEST_F(CodeCacheTest, HoldsOneShapeForAFamilyOfConstants) {
  if (!has_machine_code()) GTEST_SKIP() << "no machine code here";
  const auto cache = std::make_shared<CodeCache>();
  std::vector<Function> family;
  for (int k = 1; k <= 100; ++k) family.push_back(compiled(k * 0.37, cache));
  EXPECT_EQ(cache->shapes(), 2u) << "points and rows";
  EXPECT_EQ(cache->found(), 198u);
}

TEST_F(CodeCacheTest, TellsShapesApartThatDifferInOneOperandOnly) {
  const auto cache = std::make_shared<CodeCache>();
  Graph g;
  const Expr x = symbol(g, "x"), y = symbol(g, "y");
  const auto value = [&](Expr f) {
    const auto compiled = Function::compile(std::vector{x, y}, std::vector{f}, {.code = cache});
    const double in[] = {7, 2};
    double out[1];
    (*compiled)(in, out);
    return out[0];
  };
  EXPECT_EQ(value(x - y), 5);
  EXPECT_EQ(value(y - x), -5);
  EXPECT_EQ(value(x / y), 3.5);
  EXPECT_EQ(value(x - 0.5), 6.5);
  EXPECT_EQ(value(y - 0.5), 1.5);
  EXPECT_EQ(value(y - 0.75), 1.25);
  if (has_machine_code()) {
    EXPECT_EQ(cache->shapes(), 5u);
  }
}

TEST_F(CodeCacheTest, LetsGoOfTheCodeThatWasUsedLongestAgo) {
  if (!has_machine_code()) GTEST_SKIP() << "no machine code here";
  const auto cache = std::make_shared<CodeCache>(2);
  Graph g;
  const Expr x = symbol(g, "x");
  const auto compile = [&](Expr f) {
    auto result = *Function::compile(std::vector{x}, std::vector{f}, {.code = cache});
    result.prepare_point();
    return result;
  };
  const auto held = std::make_unique<Function>(compile(x + 1));
  compile(x * 2);
  compile(x / 3);
  EXPECT_EQ(cache->shapes(), 3u) << "one is in use, two were used last";
  compile(x - 4);
  EXPECT_EQ(cache->shapes(), 3u);
  compile(x / 5);
  EXPECT_EQ(cache->found(), 1u) << "has the shape of x/3";
  const auto none = std::make_shared<CodeCache>(0);
  {
    const auto f = Function::compile(std::vector{x}, std::vector{x + 1}, {.code = none});
    f->prepare_point();
    EXPECT_EQ(none->shapes(), 1u);
  }
  EXPECT_EQ(none->shapes(), 0u) << "memory comes back with the last function";
}

TEST_F(CodeCacheTest, OutlivesItsCacheInAFunction) {
  auto cache = std::make_shared<CodeCache>();
  const Function f = compiled(0.7, cache);
  cache.reset();
  EXPECT_EQ(bits(f), bits(compiled(0.7, nullptr)));
}

TEST_F(CodeCacheTest, MayBeSharedByThreads) {
  const auto cache = std::make_shared<CodeCache>(1);
  std::vector<std::vector<std::uint64_t>> wanted, got(8 * 16);
  for (int k = 0; k < 16; ++k) wanted.push_back(bits(compiled(k * 0.11, nullptr)));
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (std::size_t k = 0; k < 16; ++k) {
        got[16 * t + k] = bits(compiled(static_cast<double>(k) * 0.11, cache));
      }
    });
  }
  for (auto& thread : threads) thread.join();
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_EQ(got[i], wanted[i % 16]) << i;
}

TEST_F(CodeCacheTest, SharesSumsOverData) {
  Graph g;
  const Expr w = symbol(g, "w"), xs = column(g, "x");
  std::vector<double> data(1003);
  for (std::size_t i = 0; i < data.size(); ++i) data[i] = std::sin(static_cast<double>(i));
  const Data table{.names = {"x"}, .columns = {data}, .rows = data.size()};
  const auto cache = std::make_shared<CodeCache>();
  for (const double k : {0.3, 0.4, 0.5}) {
    double sum[2][1];
    int at = 0;
    for (const auto& code : {cache, std::shared_ptr<CodeCache>{}}) {
      const auto f =
          Function::compile(std::vector{w}, std::vector{data_sum(pow(w * xs - literal(g, k), 2))},
                            {.math = Math::fast, .sums = SumOrder::lanes, .code = code});
      (*f)(std::vector{1.7}, sum[at++], table);
    }
    EXPECT_EQ(sum[0][0], sum[1][0]);
  }
  if (has_machine_code()) {
    EXPECT_GT(cache->found(), 0u);
  }
}

}  // namespace
}  // namespace nabla
