// Simplification on a stack of 256 KiB: deep graphs, common factors in many kernels, rules with as
// many parts as patterns may have.

#include <gtest/gtest.h>
#include <pthread.h>

#include "lib/core/functions.hpp"
#include "simplify/simplify.hpp"
#include "tests/simplify/corpus.hpp"

namespace nabla {
namespace {

void* deep_graphs(void*) {
  for (const int level : {2, 3}) {
    for (const bool sums : {true, false}) {
      Graph g;
      const Expr x = symbol(g, "x");
      Expr e = x;
      for (int i = 0; i < 20'000; ++i) {
        e = sums ? x / (e + i) + 1 : call("sin"_fn, e) * x;
      }
      for (const CostProfile profile : {CostProfile::display, CostProfile::run}) {
        EXPECT_NE(simplify(e, {.level = level, .profile = profile}).graph, nullptr);
      }
    }
  }
  return nullptr;
}

// (a + b + ... ) (a - b) / (a + b + ...), recursion of the gcd over kernels.
void* many_kernels(void*) {
  Graph g;
  Expr sum = number(g, 1);
  for (int i = 0; i < 15; ++i) sum = sum + symbol(g, "u" + std::to_string(i));
  const Expr a = symbol(g, "u0"), b = symbol(g, "u14");
  Expr up = number(g, 0);  // written out
  for (int i = 0; i < 15; ++i) {
    up = up + symbol(g, "u" + std::to_string(i)) * a - symbol(g, "u" + std::to_string(i)) * b;
  }
  up = up + a - b;
  EXPECT_EQ(simplify(up / sum), a - b);
  return nullptr;
}

void* long_rules(void*) {
  RuleBook book;
  std::string left, text;
  for (int i = 1; i <= 12; ++i) {
    left += (i > 1 ? " + " : "") + std::string("sin(") + std::to_string(i) + "*a)";
    text += (i > 1 ? " + " : "") + std::string("sin(") + std::to_string(i) + "*x*y)";
  }
  EXPECT_FALSE(book.add(left + " -> sin(13*a/2)*sin(6*a)/sin(a/2)"));
  Graph g;
  const Expr e = test::read(g, text);
  EXPECT_LT(tree_operations(simplify(e, {.rules = &book})), 12u);
  return nullptr;
}

void on_a_small_stack(void* (*work)(void*)) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  ASSERT_EQ(pthread_attr_setstacksize(&attributes, 256 << 10), 0);
  pthread_t thread;
  ASSERT_EQ(pthread_create(&thread, &attributes, work, nullptr), 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
}

TEST(SmallStack, DeepGraphsAreSimplified) { on_a_small_stack(deep_graphs); }
TEST(SmallStack, CommonFactorsInManyKernelsAreFound) { on_a_small_stack(many_kernels); }
TEST(SmallStack, LongRulesMatch) { on_a_small_stack(long_rules); }

}  // namespace
}  // namespace nabla
