// Large expressions: no recursion, linear size, on a small stack.

#include <gtest/gtest.h>
#include <pthread.h>

#include "lib/calculus/derivative.hpp"
#include "lib/calculus/gradient.hpp"
#include "lib/calculus/operations.hpp"
#include "lib/core/functions.hpp"
#include "lib/core/graph.hpp"

namespace nabla::test {
namespace {

// Runs on a stack of 256 KiB; a pass that recursed over a long chain would die here.
template <typename Body>
void on_small_stack(Body body) {
  pthread_attr_t attributes;
  ASSERT_EQ(pthread_attr_init(&attributes), 0);
  ASSERT_EQ(pthread_attr_setstacksize(&attributes, 256 * 1024), 0);
  pthread_t thread;
  const auto start = [](void* argument) -> void* {
    (*static_cast<Body*>(argument))();
    return nullptr;
  };
  ASSERT_EQ(pthread_create(&thread, &attributes, start, &body), 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
}

constexpr int million = 1'000'000;

TEST(LargeExpressions, ASumOfAMillionTermsIsDifferentiatedOnASmallStack) {
  on_small_stack([] {
    Graph g;
    const Expr x = symbol(g, "x"), y = symbol(g, "y");
    Expr f = x;
    for (int i = 1; i <= million; ++i) f = f + call("sin"_fn, i * x) * y;
    const std::size_t before = g.size();
    const auto dx = derivative(f, x);
    ASSERT_TRUE(dx);
    EXPECT_LE(g.size() - before, 5u * million)
        << "a product, a cosine, a factor and a sum per term";
    const auto partials = gradient(f, std::vector{x, y});
    ASSERT_TRUE(partials);
    EXPECT_LE(g.bytes(), 64 * g.size());
  });
}

TEST(LargeExpressions, AMillionLevelsAreDifferentiatedOnASmallStack) {
  on_small_stack([] {
    Graph g;
    const Expr x = symbol(g, "x"), y = symbol(g, "y");
    Expr f = x;
    for (int i = 0; i < million; ++i) f = call("sin"_fn, f) + y;
    ASSERT_TRUE(derivative(f, x));
    const auto partials = gradient(f, std::vector{x, y});
    ASSERT_TRUE(partials);
    EXPECT_LE(g.size(), 10u * million);
  });
}

TEST(LargeExpressions, ALongChainOfChoicesIsDifferentiatedOnASmallStack) {
  on_small_stack([] {
    Graph g;
    const Expr x = symbol(g, "x"), y = symbol(g, "y"), zero = number(g, 0);
    Expr f = x;
    for (int i = 0; i < 100'000; ++i) f = call("max"_fn, zero, f * y - 1);
    const std::size_t before = g.size();
    ASSERT_TRUE(derivative(f, x, 2));
    ASSERT_TRUE(gradient(f, std::vector{x, y}));
    ASSERT_TRUE(hessian(f, std::vector{x, y}));
    EXPECT_LE(g.size(), 30 * before);
  });
}

// A small expression in a large graph costs what a small expression costs.
TEST(LargeExpressions, ManySmallGradientsInALargeGraphAreFast) {
  Graph g;
  const Expr x = symbol(g, "x"), y = symbol(g, "y");
  Expr ballast = x;
  for (int i = 0; i < million; ++i) ballast = call("sin"_fn, ballast) + y;
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(gradient(pow(x, i + 3) * y, std::vector{x, y}));
  EXPECT_LE(g.size(), 3u * million);
}

TEST(LargeExpressions, ADerivativeGrowsWithTheGraphAndNotWithTheTree) {
  // e <- sin(e) e + 1: as a tree 2^steps terms.
  const auto operations_after = [](int steps) {
    Graph g;
    const Expr x = symbol(g, "x");
    Expr e = x;
    for (int i = 0; i < steps; ++i) e = call("sin"_fn, e) * e + 1;
    const auto slope = derivative(e, x);
    EXPECT_TRUE(slope);
    return operations({&*slope, 1}).count;
  };
  const std::size_t once = operations_after(30);
  EXPECT_LE(once, 30u * 9);
  EXPECT_LE(operations_after(60), 2 * once + 9);
  EXPECT_LE(operations_after(120), 4 * once + 30);
}

}  // namespace
}  // namespace nabla::test
