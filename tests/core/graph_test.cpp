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

TEST(Graph, FindsUsersOfOldOperandsWhenTheyWereBuiltEarlyAndLate) {
  Graph g;
  const Expr x = symbol(g, "x"), y = symbol(g, "y");
  const auto users = [&](int from, int to) {
    std::vector<Expr> all;
    for (int k = from; k < to; ++k) {
      all.push_back(pow(x, k));
      all.push_back(call("sin"_fn, y * k));
      all.push_back(select(less(x, number(g, k)), x, y));
    }
    return all;
  };
  const std::vector<Expr> early = users(2, 6);
  // more nodes than a slot of the table can count
  NodeId chain = x.id;
  for (int i = 0; i < 1'100'000; ++i) chain = g.insert(Node{.op = Op::sum, .a = chain, .b = y.id});
  const std::vector<Expr> late = users(6, 300);
  const std::size_t size = g.size();
  EXPECT_EQ(users(2, 6), early);
  EXPECT_EQ(users(6, 300), late);
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
  EXPECT_EQ(g.size(), index((x * x).id) + 1u);
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

}  // namespace
}  // namespace nabla
