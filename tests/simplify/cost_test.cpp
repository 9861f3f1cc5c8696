// What functions and derivatives cost.

#include <gtest/gtest.h>

#include "lib/core/functions.hpp"
#include "lib/core/graph.hpp"
#include "simplify/cost.hpp"

namespace nabla::test {
namespace {

TEST(Cost, AProductOfFourHasSixOperationsInItsGradient) {
  Graph g;
  const std::vector v{symbol(g, "x"), symbol(g, "y"), symbol(g, "z"), symbol(g, "t")};
  const Expr f = v[0] * v[1] * v[2] * v[3];
  const auto c = cost({&f, 1}, v);
  ASSERT_TRUE(c);
  EXPECT_EQ(c->function, (Size{3, 3, 3}));
  EXPECT_EQ(c->gradient.tree, 8u);
  EXPECT_EQ(c->gradient.operations, 6u);
  EXPECT_EQ(c->value_and_gradient, 7u);
  ASSERT_TRUE(c->hessian);
  EXPECT_EQ(c->hessian->operations, 6u);
}

// e <- sin(e) e + 1, sixty times: a tree of 2^60 and a derivative of a few operations a step.
TEST(Cost, ATreeBombIsSmallAsAGraph) {
  Graph g;
  const Expr x = symbol(g, "x");
  Expr e = x;
  for (int i = 0; i < 60; ++i) e = call("sin"_fn, e) * e + 1;
  const auto c = cost({&e, 1}, {&x, 1});
  ASSERT_TRUE(c);
  EXPECT_EQ(c->function.tree, 4294967295u);
  EXPECT_EQ(c->function.operations, 180u);
  EXPECT_LE(c->gradient.operations, 60u * 8);
  EXPECT_LE(c->everything, 60u * 30);
}

TEST(Cost, SeveralFunctionsHaveAJacobianAndNoHessian) {
  Graph g;
  const std::vector v{symbol(g, "x"), symbol(g, "y")};
  const std::vector f{v[0] * v[1], v[0] + v[1]};
  const auto c = cost(f, v);
  ASSERT_TRUE(c);
  EXPECT_FALSE(c->hessian);
  EXPECT_EQ(c->everything, c->value_and_gradient);
}

TEST(Cost, WhatHasNoDerivativeIsAnError) {
  Graph g;
  const Expr x = symbol(g, "x");
  const Expr f = call("polygamma", x, number(g, 2) + x);
  const auto c = cost({&f, 1}, {&x, 1});
  ASSERT_FALSE(c);
  EXPECT_EQ(c.error().code, "D201");
}

}  // namespace
}  // namespace nabla::test
