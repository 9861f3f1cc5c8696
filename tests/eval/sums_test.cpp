#include "lib/eval/sums.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "lib/core/build.hpp"
#include "lib/core/graph.hpp"
#include "lib/eval/function.hpp"

namespace nabla {
namespace {

// The order of additions, spelled out.
double add_plainly(std::span<const double> values) {
  std::vector<double> level;
  for (std::size_t at = 0; at < values.size(); at += TileSum::tile) {
    double lane[8] = {};
    for (std::size_t i = at; i < std::min(at + TileSum::tile, values.size()); ++i) {
      lane[i % 8] += values[i];
    }
    level.push_back(sum_of_lanes(lane));
  }
  // Complete trees from the left, the largest powers of two first; added from the right.
  double sum = 0;
  bool first = true;
  std::vector<double> trees;
  for (std::size_t at = 0, rest = level.size(); rest > 0;) {
    std::size_t size = 1;
    while (2 * size <= rest) size *= 2;
    std::vector<double> tree(level.begin() + static_cast<std::ptrdiff_t>(at),
                             level.begin() + static_cast<std::ptrdiff_t>(at + size));
    while (tree.size() > 1) {
      for (std::size_t k = 0; k < tree.size() / 2; ++k) tree[k] = tree[2 * k] + tree[2 * k + 1];
      tree.resize(tree.size() / 2);
    }
    trees.push_back(tree[0]);
    at += size;
    rest -= size;
  }
  for (std::size_t k = trees.size(); k-- > 0; first = false) {
    sum = first ? trees[k] : trees[k] + sum;
  }
  return sum;
}

TEST(Sums, AddRowsInTheOrderThatIsPromised) {
  Graph g;
  const Expr x = column(g, "x");
  std::mt19937_64 random(3);
  for (const std::size_t n : {0u, 1u, 7u, 8u, 300u, 4095u, 4096u, 4097u, 12288u, 30001u}) {
    std::vector<double> values(n);
    for (double& v : values) v = std::ldexp(static_cast<double>(random() >> 11), -60) - 1;
    const Data data{.names = {"x"}, .columns = {values}, .rows = n};
    for (const Engine engine : {Engine::interpreter, Engine::native}) {
      for (const unsigned threads : {1u, 3u}) {
        const auto f =
            Function::compile({}, std::vector{data_sum(x)},
                              {.sums = SumOrder::lanes, .engine = engine, .threads = threads});
        ASSERT_TRUE(f);
        double sum[1];
        (*f)({}, sum, data);
        EXPECT_EQ(sum[0], add_plainly(values)) << n << " rows, " << threads << " threads";
      }
    }
  }
}

// Many totals, more than registers have room for, over a row count that fills neither vectors nor
// tiles.
TEST(Sums, AreTheSameBitsForEveryEngineWidthAndNumberOfThreads) {
  Graph g;
  const Expr x = column(g, "x"), y = column(g, "y"), a = symbol(g, "a"), b = symbol(g, "b");
  std::vector<Expr> outputs;
  const Expr e = call("exp"_fn, a * x), s = call("sin"_fn, b * y);
  for (int k = 0; k < 40; ++k) outputs.push_back(data_sum(pow(x, k % 5) * e + number(g, k) * s));
  outputs.push_back(data_sum(y));
  outputs.push_back(data_sum(a));
  std::mt19937_64 random(5);
  for (const std::size_t n : {3u, 8u, 23u, 4111u, 70001u, 300007u}) {
    std::vector<double> u(n), v(n);
    for (std::size_t i = 0; i < n; ++i) {
      u[i] = std::ldexp(static_cast<double>(random() >> 11), -53) - 0.5;
      v[i] = std::ldexp(static_cast<double>(random() >> 11), -50);
    }
    const Data data{.names = {"x", "y"}, .columns = {u, v}, .rows = n};
    for (const Math math : {Math::fast, Math::library}) {
      if (math == Math::library && n > 100000) continue;
      std::vector<double> expected;
      for (const Engine engine : {Engine::interpreter, Engine::native}) {
        for (const Width widest : {Width::one, Width::four, Width::eight}) {
          for (const unsigned threads : {1u, 2u, 8u}) {
            const auto f = Function::compile(std::vector{a, b}, outputs,
                                             {.math = math,
                                              .sums = SumOrder::lanes,
                                              .engine = engine,
                                              .widest = widest,
                                              .threads = threads});
            ASSERT_TRUE(f);
            std::vector<double> sums(outputs.size());
            (*f)(std::vector{0.7, 1.3}, sums, data);
            if (expected.empty()) expected = sums;
            ASSERT_EQ(sums, expected)
                << n << " rows, " << threads << " threads, width " << static_cast<int>(widest)
                << ", " << (engine == Engine::native ? "native" : "interpreted");
          }
        }
      }
    }
  }
}

TEST(Sums, PartsOfTheTreeMayBeAddedElsewhere) {
  std::mt19937_64 random(4);
  for (const std::size_t count : {1u, 5u, 8u, 13u, 100u}) {
    std::vector<double> tiles(count);
    for (double& v : tiles) v = static_cast<double>(random() >> 11) * 0x1p-53;
    TileSum whole, joined;
    for (const double v : tiles) whole.add(v);
    for (std::size_t at = 0; at < count; at += 4) {
      TileSum part;
      for (std::size_t k = at; k < std::min(at + 4, count); ++k) part.add(tiles[k]);
      joined.append(part);
    }
    EXPECT_EQ(whole.total(), joined.total());
  }
}

}  // namespace
}  // namespace nabla
