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
