// The arena: every distinct node once, operands before users, budgets with clear errors.

#include "lib/core/graph.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>

#include "lib/core/build.hpp"
#include "lib/core/diagnostic.hpp"
#include "lib/core/functions.hpp"

namespace nabla {
namespace {

TEST(Graph, StoresADistinctNodeOnce) {
  Graph g;
  const Expr x = symbol(g, "x"), y = symbol(g, "y");
  const Expr first = call("sin"_fn, x * y) + 1;
  const std::size_t size = g.size();
  EXPECT_EQ(call("sin"_fn, y * x) + 1, first);
  EXPECT_EQ(g.size(), size);
}

TEST(Graph, KeepsTheOrderInWhichOperandsWereFirstWritten) {
  Graph g;
  const Expr x = symbol(g, "x"), y = symbol(g, "y"), sum = y + x;
  EXPECT_EQ(g[(x + y).id].a, y.id);
  EXPECT_EQ(x + y, sum);
}

TEST(Graph, StaysCorrectThroughEveryGrowthOfItsTables) {
  Graph g;
  const Expr x = symbol(g, "x");
  std::vector<Expr> all;
  Expr e = x;
  for (int i = 0; i < 100'000; ++i) {
    e = call("sin"_fn, e) + i % 7;
    all.push_back(e);
  }
  const std::size_t size = g.size();
  Expr again = x;
  for (int i = 0; i < 100'000; ++i) {
    again = call("sin"_fn, again) + i % 7;
    ASSERT_EQ(again, all[static_cast<std::size_t>(i)]);
  }
  EXPECT_EQ(g.size(), size);
}

TEST(Graph, FindsNodesWhoseNeighbourhoodInTheTableIsFull) {
  // A thousand products with the same largest operand compete for the slots next to it.
  Graph g;
  std::vector<Expr> v;
  for (int i = 0; i < 1000; ++i) v.push_back(symbol(g, "v" + std::to_string(i)));
  const Expr last = symbol(g, "last");
  std::vector<Expr> products;
  for (const Expr& e : v) products.push_back(e * last);
  const std::size_t size = g.size();
  for (std::size_t i = 0; i < v.size(); ++i) EXPECT_EQ(last * v[i], products[i]);
  EXPECT_EQ(g.size(), size);
}

TEST(Graph, BelowListsOperandsBeforeUsers) {
  Graph g;
  const Expr x = symbol(g, "x"), y = symbol(g, "y");
  const Expr unused = call("exp"_fn, y);
  const Expr e = select(less(x, y), call("sin"_fn, x * y), pow(x, y));
  const auto ids = g.below(e.id);
  EXPECT_EQ(ids.size(), 7u);  // x, y, x<y, x*y, sin, x^y, select
  for (const NodeId id : ids) {
    EXPECT_NE(id, unused.id);
    for (int i = 0; i < operand_count(g[id]); ++i) EXPECT_LT(g[id].operand(i), id);
  }
}

TEST(Graph, SymbolsAppearInReadingOrder) {
  Graph g;
  symbol(g, "a");
  const Expr w = symbol(g, "w"), b = symbol(g, "b"), x = column(g, "x");
  const NodeId roots[] = {((w * x + b) * w).id};
  EXPECT_EQ(g.symbols(roots), (std::vector<std::string>{"w", "b"}));
  EXPECT_EQ(g.symbols(roots, Op::column), (std::vector<std::string>{"x"}));
}

TEST(Graph, TheNodeBudgetIsExact) {
  for (const int spare : {0, 1}) {
    Graph g;
    const Expr x = symbol(g, "x"), y = symbol(g, "y");
    g.limits.nodes = g.size() + static_cast<std::size_t>(spare);
    if (spare == 1) {
      EXPECT_NO_THROW(x * y);
    } else {
      EXPECT_THROW(x * y, LimitError);
    }
    EXPECT_NO_THROW(symbol(g, "x"));  // what is there needs no budget
  }
}

TEST(Graph, ALimitErrorNamesTheLimitAndLeavesTheGraphUsable) {
  Graph g;
  const Expr x = symbol(g, "x");
  g.limits.nodes = g.size();
  try {
    (void)(x * x);
    FAIL() << "no error";
  } catch (const LimitError& error) {
    EXPECT_EQ(error.diagnostic().code, "L101");
    EXPECT_NE(error.diagnostic().hint.find("nodes"), std::string::npos);
  }
  g.limits.nodes = Limits{}.nodes;
  const Expr square = x * x;
  EXPECT_EQ(g.size(), index(square.id) + 1u);
}

TEST(Graph, AStopRequestEndsLongConstructions) {
  Graph g;
  std::atomic<bool> stop = false;
  g.limits.stop = &stop;
  Expr e = symbol(g, "x");
  for (int i = 0; i < 2000; ++i) e = call("sin"_fn, e);
  stop = true;
  EXPECT_THROW(for (int i = 0; i < 2000; ++i) e = call("cos"_fn, e), LimitError);
  stop = false;
  EXPECT_NO_THROW(call("exp"_fn, e));
}

TEST(Graph, OnlyIdentifiersBecomeNames) {
  Graph g;
  for (const char* bad : {"", "x+1", "a\nprint(1)", "1x", "x y", "é", "a-b", "x;"}) {
    EXPECT_THROW(symbol(g, bad), NameError) << bad;
  }
  EXPECT_THROW(symbol(g, std::string(256, 'x')), NameError);
  EXPECT_NO_THROW(symbol(g, std::string(255, 'x')));
  EXPECT_NO_THROW(symbol(g, "_x_1"));
}

TEST(Graph, DoublesAreDistinguishedByTheirBitsExceptNaN) {
  Graph g;
  EXPECT_NE(real(g, 0.0), real(g, -0.0));
  EXPECT_EQ(real(g, std::nan("1")), real(g, std::nan("2")));
  EXPECT_NE(real(g, 2.0), number(g, 2));
}

TEST(Graph, HoldsAMillionNodesIn24BytesEach) {
  Graph g;
  Expr e = symbol(g, "x");
  for (int i = 0; i < 1'000'000; ++i) e = call("sin"_fn, e);
  EXPECT_LE(g.bytes(), g.size() * 24 + 4096);
}

TEST(Graph, AFinishedGraphIsReadFromManyThreads) {
  Graph g;
  Expr e = symbol(g, "x");
  for (int i = 0; i < 10'000; ++i) e = call("sin"_fn, e) * e;
  const Graph& finished = g;
  const auto expected = finished.below(e.id);
  std::vector<std::thread> readers;
  std::atomic<int> wrong = 0;
  for (int t = 0; t < 4; ++t) {
    readers.emplace_back([&] {
      for (int i = 0; i < 20; ++i) wrong += finished.below(e.id) != expected;
    });
  }
  for (std::thread& t : readers) t.join();
  EXPECT_EQ(wrong, 0);
}

// Everything that leaves traces: numbers of each kind, crowded neighbourhoods, names of each kind.
std::vector<NodeId> build_something(Graph& g) {
  std::vector<NodeId> ids;
  Expr e = number(g, 0);
  const auto x = symbols(g, "x", 50);
  for (int i = 0; i < 300; ++i) {
    const Expr v = symbol(g, "v" + std::to_string(i));
    e = e + pow(x[static_cast<std::size_t>(i % 50)], i) * v + rational(g, i, 7) + real(g, i + 0.5);
    ids.push_back(e.id);
    ids.push_back(data_sum(e * column(g, "c")).id);
  }
  return ids;
}

TEST(Graph, AClearedGraphIsLikeANewOne) {
  Graph fresh, used;
  for (int i = 0; i < 5000; ++i) {
    (void)(symbol(used, "w" + std::to_string(i % 100)) * i + rational(used, 1, i + 2));
  }
  for (const std::size_t keep : {~std::size_t{0}, std::size_t{0}}) {
    used.clear(keep);
    Graph control;
    EXPECT_EQ(used.size(), control.size());
    EXPECT_EQ(used.leaves_with_names(), 0u);
    EXPECT_EQ(build_something(used), build_something(control));
    EXPECT_EQ(used.size(), control.size());
    EXPECT_EQ(build_something(used), build_something(control)) << "what is there is found";
    for (std::uint32_t i = 0; i < used.size(); ++i) {
      ASSERT_EQ(used[NodeId{i}], control[NodeId{i}]) << i;
    }
  }
}

// What the nodes of before have left in memory is found by nobody.
TEST(Graph, AClearedGraphBuildsALongSumAgain) {
  const auto build = [](Graph& g) {
    const auto x = symbols(g, "x", 20'000);
    Expr total = x[0];
    for (std::size_t i = 0; i + 1 < x.size(); ++i) {
      const Expr u = x[i] * x[i + 1], square = x[i] * u;
      total = total + (square + call("sin"_fn, u));
    }
    return total;
  };
  Graph g;
  const NodeId first = build(g).id;
  const std::size_t size = g.size();
  g.clear();
  EXPECT_EQ(build(g).id, first);
  EXPECT_EQ(g.size(), size);
}

TEST(Graph, AClearedGraphNeedsNoMoreMemory) {
  Graph g;
  (void)build_something(g);
  const std::size_t bytes = g.bytes();
  for (int i = 0; i < 20; ++i) {
    g.clear();
    (void)build_something(g);
  }
  EXPECT_LE(g.bytes(), bytes + bytes / 4);
}

}  // namespace
}  // namespace nabla
