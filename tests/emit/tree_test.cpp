#include "lib/emit/tree.hpp"

#include <gtest/gtest.h>

#include "lib/core/diagnostic.hpp"
#include "lib/core/graph.hpp"

namespace nabla {
namespace {

TEST(Tree, ListsHaveTheOperatorFirst) {
  Graph g;
  const Expr x = symbol(g, "x"), y = symbol(g, "y");
  EXPECT_EQ(sexpr(x), "x");
  EXPECT_EQ(sexpr(pow(x, 2) + 2 * x + 1), "(+ (^ x 2) (* 2 x) 1)");
  EXPECT_EQ(sexpr(x / y), "(* x (^ y -1))");
  EXPECT_EQ(sexpr(x - y), "(+ x (* -1 y))");
  EXPECT_EQ(sexpr(select(less(x, y), call("sin", x), real(g, 2))), "(if (< x y) (sin x) 2.0)");
  EXPECT_EQ(sexpr(data_sum(column(g, "c"))), "(sum c_i)");
}

TEST(Tree, ATreeTooLargeToWriteIsALimitError) {
  Graph g;
  Expr e = symbol(g, "x");
  for (int i = 0; i < 100; ++i) e = e * call("sin", e);
  EXPECT_THROW(sexpr(e), LimitError);
}

TEST(Tree, TheGraphHasOneBoxPerNode) {
  Graph g;
  const Expr s = symbol(g, "x") + 1;
  EXPECT_EQ(dot(s * call("sin", s)),
            "digraph expression {\n"
            "  node [shape=box, style=rounded];\n"
            "  ordering=out;\n"
            "  n1 [label=\"*\"];\n"
            "  n1 -> n2;\n"
            "  n1 -> n3;\n"
            "  n3 [label=\"sin\"];\n"
            "  n3 -> n2;\n"
            "  n2 [label=\"+\"];\n"
            "  n2 -> n4;\n"
            "  n2 -> n5;\n"
            "  n5 [label=\"1\"];\n"
            "  n4 [label=\"x\"];\n"
            "}\n");
}

}  // namespace
}  // namespace nabla
