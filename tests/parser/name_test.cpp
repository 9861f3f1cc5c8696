#include "tests/parser/reading.hpp"

namespace nabla {
namespace {

using Names_ = Text;
using Codes = std::vector<std::string>;

TEST_F(Names_, MultiplyWithoutASign) {
  EXPECT_SAME("2x", "2*x");
  EXPECT_SAME("2(x+1)", "2*(x+1)");
  EXPECT_SAME("(a)(b)", "a*b");
  EXPECT_SAME("x y", "x*y");
  EXPECT_SAME("1/2x", "(1/2)*x");
  EXPECT_SAME("3e^x", "3*exp(x)");
  EXPECT_EQ(note_codes("2x"), Codes{"S710"});
  EXPECT_EQ(note_codes("1/2x"), Codes{"S711"});
  EXPECT_EQ(note_codes("(1/2)x"), Codes{"S710"});
  EXPECT_EQ(read("1/2x").notes[0].span, (Span{0, 4}));
  EXPECT_EQ(note_codes("2*x"), Codes{});
}

TEST_F(Names_, SplitOnlyIntoKnownLetters) {
  EXPECT_EQ(expr("zt"), symbol(g, "zt"));
  EXPECT_EQ(note_codes("xz"), Codes{"S713"});
  EXPECT_SAME("x + y + 3xy", "x + y + 3*x*y");
  EXPECT_EQ(note_codes("3xy + x + y"), (Codes{"S710", "S712"}));
  EXPECT_SAME("x²y + 3xy² + 7", "x^2*y + 3*x*y^2 + 7");
  options.variables = {"xy"};
  EXPECT_EQ(expr("x + y + xy"), symbol(g, "x") + symbol(g, "y") + symbol(g, "xy"));
  options.variables = {"w", "x_i"};
  EXPECT_SAME("wx_i", "w*x_i");
  options.variables = {"a", "b", "price"};
  EXPECT_SAME("ab", "a*b");
  EXPECT_EQ(note_codes("price"), Codes{});
  // Greek names are names of one letter
  EXPECT_EQ(note_codes("alpha + theta"), Codes{});
}

TEST_F(Names_, MetInEarlierStatementsAreKnown) {
  read("u + v");
  EXPECT_SAME("uv", "u*v");
}

TEST_F(Names_, AreListedInTheirOrderInTheText) {
  EXPECT_EQ(read("b + a*c - b").variables, (std::vector<std::string>{"b", "a", "c"}));
  EXPECT_EQ(read("y - y + x").variables, (std::vector<std::string>{"y", "x"}));
  EXPECT_EQ(read("f(q, p) = p + q*r").variables, (std::vector<std::string>{"q", "p"}));
  EXPECT_EQ(read("f").variables, (std::vector<std::string>{"q", "p", "r"}));
  read("z = w*p + r");
  EXPECT_EQ(read("z + k").variables, (std::vector<std::string>{"w", "p", "r", "k"}));
}

TEST_F(Names_, TakeIndices) {
  EXPECT_EQ(expr("x_1"), symbol(g, "x_1"));
  EXPECT_SAME("x[1]", "x_1");
  EXPECT_SAME("x₁", "x_1");
  EXPECT_SAME("x_{10}", "x_10");
  EXPECT_SAME("x_{ij}", "x_ij");
  read("v = [a, b]");
  EXPECT_SAME("v[2]", "b");
  EXPECT_SAME("v_1", "a");
  EXPECT_EQ(error("v[3]").code, "N109");
}

TEST_F(Names_, InAStrictReadingHaveToBeUnmistakable) {
  options.strict = true;
  EXPECT_EQ(error("1/2x").code, "S711");
  EXPECT_EQ(error("1/2x").severity, Severity::error);
  EXPECT_EQ(error("price").code, "S713");
  EXPECT_EQ(error("e = 3").code, "S714");
  EXPECT_EQ(expr("(1/2)*x"), expr("x/2"));
}

TEST_F(Names_, OfConstantsMayBeRedefined) {
  read("e = 3");
  EXPECT_EQ(expr("e"), symbol(g, "e"));
  EXPECT_EQ(scope.find("e")->kind, Definition::Kind::number);
}

}  // namespace
}  // namespace nabla
