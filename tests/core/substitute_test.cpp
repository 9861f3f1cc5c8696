#include "lib/core/substitute.hpp"

#include <gtest/gtest.h>

#include "lib/core/functions.hpp"
#include "lib/core/graph.hpp"

namespace nabla {
namespace {

struct Substitute : testing::Test {
  Graph g;
  Expr x = symbol(g, "x"), y = symbol(g, "y");
};

TEST_F(Substitute, SwapsSymbolsBecauseReplacementIsSimultaneous) {
  const Replacement swap[] = {{x, y}, {y, x}};
  EXPECT_EQ(substitute(call("sin"_fn, x) - pow(y, 2), swap), call("sin"_fn, y) - pow(x, 2));
}

TEST_F(Substitute, FoldsWhatBecomesConstant) {
  const Replacement at_two[] = {{x, number(g, 2)}};
  EXPECT_EQ(substitute(pow(x, 3) + x * y, at_two), 2 * y + 8);
}

TEST_F(Substitute, ReplacesWholeSubexpressions) {
  const Expr u = call("sin"_fn, x);
  const Replacement name[] = {{u, y}};
  EXPECT_EQ(substitute(u * u + x, name), y * y + x);
}

TEST_F(Substitute, LeavesExpressionsWithoutTheSymbolUntouched) {
  const Expr e = call("exp"_fn, y) * 3;
  const std::size_t size = g.size();
  const Replacement at[] = {{x, number(g, 1)}};
  EXPECT_EQ(substitute(e, at), e);
  EXPECT_EQ(g.size(), size);
}

TEST_F(Substitute, ReplacementsNewerThanTheExpressionAreFine) {
  const Expr e = x + 1;
  const Expr later = symbol(g, "later");
  const Replacement at[] = {{later, x}, {x, later}};
  EXPECT_EQ(substitute(e, at), later + 1);
}

TEST_F(Substitute, StaysLinearOnASharedChain) {
  Expr e = x;
  for (int i = 0; i < 60; ++i) e = call("sin"_fn, e) * e + 1;  // 2^60 paths
  const Replacement at[] = {{x, y}};
  const std::size_t before = g.size();
  const Expr image = substitute(e, at);
  EXPECT_LE(g.size() - before, 3u * 60);
  EXPECT_NE(image, e);
}

}  // namespace
}  // namespace nabla
