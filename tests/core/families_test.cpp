// Numbered names: the same symbols as by their texts, whoever comes first.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>

#include "lib/core/diagnostic.hpp"
#include "lib/core/graph.hpp"

namespace nabla {
namespace {

std::string numbered(std::string_view prefix, std::size_t i) {
  return std::string(prefix) + std::to_string(i);
}

// Is symbols(g, prefix, n) what symbol() says name by name?
void expect_named(Graph& g, std::string_view prefix, std::size_t n) {
  const auto all = symbols(g, prefix, n);
  ASSERT_EQ(all.size(), n);
  for (std::size_t i = 0; i < n; ++i) {
    EXPECT_EQ(all[i], symbol(g, numbered(prefix, i)));
    EXPECT_EQ(g.name_of(node(all[i])), numbered(prefix, i));
  }
}

TEST(Families, AreTheSymbolsOfTheirTexts) {
  Graph g;
  expect_named(g, "x", 120);
  expect_named(g, "x_", 15);
  const std::size_t size = g.size();
  expect_named(g, "x", 120);
  EXPECT_EQ(g.size(), size);
  EXPECT_EQ(g.leaves_with_names(), 135u);
}

TEST(Families, GrowWhenMoreAreAskedFor) {
  Graph g;
  const auto few = symbols(g, "x", 10);
  (void)symbols(g, "y", 10);
  const auto more = symbols(g, "x", 1000), less = symbols(g, "x", 5);
  EXPECT_TRUE(std::equal(few.begin(), few.end(), more.begin()));
  EXPECT_TRUE(std::equal(less.begin(), less.end(), more.begin()));
  expect_named(g, "x", 1000);
  EXPECT_EQ(g.leaves_with_names(), 1010u);
}

TEST(Families, TakeInSymbolsThatWereThereBefore) {
  Graph g;
  const Expr known = symbol(g, "x17"), other = symbol(g, "x017"), longer = symbol(g, "x20");
  const auto all = symbols(g, "x", 20);
  EXPECT_EQ(all[17], known);
  expect_named(g, "x", 20);
  expect_named(g, "x", 40);
  EXPECT_EQ(symbol(g, "x017"), other);
  EXPECT_EQ(symbols(g, "x", 40)[20], longer);
}

TEST(Families, WhosePrefixesEndInDigitsShareTheirNames) {
  for (const bool shorter_first : {true, false}) {
    Graph g;
    expect_named(g, shorter_first ? "x" : "x1", 30);
    expect_named(g, shorter_first ? "x1" : "x", 30);
    EXPECT_EQ(symbols(g, "x1", 10)[5], symbols(g, "x", 16)[15]);
  }
}

TEST(Families, LeaveNamesThatOnlyLookAlikeToThemselves) {
  Graph g;
  const auto all = symbols(g, "x", 20);
  for (const char* name : {"x", "x20", "x03", "x00", "x1y", "y1", "x1_", "x99999999999999999999"}) {
    const Expr e = symbol(g, name);
    EXPECT_EQ(std::ranges::find(all, e), all.end()) << name;
    EXPECT_EQ(g.name_of(node(e)), name);
  }
  EXPECT_NE(column(g, "x3"), all[3]);
  EXPECT_EQ(g.name_of(node(column(g, "x3"))), "x3");
  EXPECT_EQ(symbol(g, "x3"), all[3]);
}

TEST(Families, MakeNoTextsUntilOneIsAskedFor) {
  Graph g;
  const auto all = symbols(g, "x", 100'000);
  EXPECT_LE(g.bytes(), g.size() * 24 + 4096);
  EXPECT_FALSE(g.name_starts_with(node(all[7]), "_s"));
  EXPECT_TRUE(g.name_starts_with(node(all[7]), "x"));
  EXPECT_LE(g.bytes(), g.size() * 24 + 4096);
  EXPECT_TRUE(g.name_starts_with(node(all[77'777]), "x777"));
  EXPECT_EQ(g.name_of(node(all[99'999])), "x99999");
}

TEST(Families, ObeyTheLimits) {
  Graph g;
  g.limits.nodes = g.size() + 10;
  EXPECT_THROW(symbols(g, "x", 11), LimitError);
  EXPECT_NO_THROW(symbols(g, "x", 10));
  EXPECT_THROW(symbols(g, "", 2), NameError);
  EXPECT_THROW(symbols(g, "1", 2), NameError);
  EXPECT_THROW(symbols(g, std::string(255, 'x'), 2), NameError);
  EXPECT_TRUE(symbols(g, "x", 0).empty());
}

TEST(Families, TextsAreReadFromManyThreads) {
  Graph g;
  const auto all = symbols(g, "x", 2000);
  const Graph& finished = g;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> readers;
  for (int t = 0; t < 4; ++t) {
    readers.emplace_back([&] {
      for (std::size_t i = 0; i < all.size(); ++i) {
        wrong += finished.name_of(finished[all[i].id]) != numbered("x", i);
      }
    });
  }
  for (std::thread& t : readers) t.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace nabla
