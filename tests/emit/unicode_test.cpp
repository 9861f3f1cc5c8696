#include "lib/emit/unicode.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "lib/core/graph.hpp"
#include "parser/parse.hpp"

namespace nabla::test {
namespace {

std::string drawn(std::string_view text) {
  Graph g;
  return unicode(parse(g, text)->value.scalar());
}

TEST(Unicode, WholeExponentsAreSmallDigits) {
  EXPECT_EQ(drawn("x^2 - 3*y^-10 + x"),
            "      3\n"
            "x² − ─── + x\n"
            "     y¹⁰");
}

TEST(Unicode, OtherExponentsStandAbove) {
  EXPECT_EQ(drawn("2^x"), " x\n2");
  EXPECT_EQ(drawn("exp(-x^2)"), " −x²\ne");
  EXPECT_EQ(drawn("x^(2/3)"), " 2/3\nx");
}

TEST(Unicode, FractionsHaveTheirBarOnTheBaseLine) {
  EXPECT_EQ(drawn("a/(b + c) + 1"),
            "  a\n"
            "───── + 1\n"
            "b + c");
  EXPECT_EQ(drawn("(1 + a/b)/c*x"),
            "a\n"
            "─ + 1\n"
            "b\n"
            "───── ⋅x\n"
            "  c");
}

TEST(Unicode, BracketsGrow) {
  EXPECT_EQ(drawn("(a/b)^2"),
            "⎛a⎞²\n"
            "⎜─⎟\n"
            "⎝b⎠");
}

TEST(Unicode, RootsReachOverWhatTheyHold) {
  EXPECT_EQ(drawn("sqrt(x)"), "√x");
  EXPECT_EQ(drawn("sqrt(x + 1)"),
            "  _____\n"
            "╲╱x + 1");
  EXPECT_EQ(drawn("cbrt(x)"), "∛x");
}

TEST(Unicode, ConditionsAreAligned) {
  EXPECT_EQ(drawn("if(x > 10, x, if(x > 0, 2*x, 0))"),
            "⎧ x    if x > 10\n"
            "⎨ 2⋅x  if x > 0\n"
            "⎩ 0    otherwise");
}

TEST(Unicode, SumsOverDataHaveTheirRange) {
  EXPECT_EQ(drawn("sum(x_i*y_i)"),
            " n\n"
            " ∑  xᵢ⋅yᵢ\n"
            "i=1");
}

TEST(Unicode, NamesHaveHatsIndicesAndGreekLetters) {
  EXPECT_EQ(drawn("alpha*x_1 + y_hat"), "α⋅x₁ + y\u0302");
}

TEST(Unicode, MatricesAndLabelsShareTheBaseLine) {
  Graph g;
  std::vector<Expr> entries;
  for (const char* text : {"x", "1/y", "10*y", "0"}) {
    entries.push_back(parse(g, text)->value.scalar());
  }
  EXPECT_EQ(unicode_matrix({entries.data(), 2}, 2, "f = "),
            "    ⎡   1⎤\n"
            "f = ⎢x  ─⎥\n"
            "    ⎣   y⎦");
  EXPECT_EQ(unicode(entries[0], "d/dx = "), "d/dx = x");
}

TEST(Unicode, DepthTakesNoStack) {
  Graph g;
  Expr e = symbol(g, "x");
  for (int i = 0; i < 20'000; ++i) e = call("sin", e);
  EXPECT_EQ(unicode(e).size(), 20'000u * 5 + 1);
}

}  // namespace
}  // namespace nabla::test
