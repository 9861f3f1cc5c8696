// Values put in by a bar, |_{x=3}.

#include "tests/parser/reading.hpp"

namespace nabla {
namespace {

using Bars = Text;

TEST_F(Bars, PutValuesIntoWhatLeftOpens) {
  EXPECT_SAME("\\left. x^2 + y \\right|_{x=3}", "9 + y");
  EXPECT_SAME("2\\left.x y\\right|_{x=y, y=x}", "2*(y*x)");
  EXPECT_SAME("\\left.\\frac{x}{y}\\right|_{x=1,y=2} + x", "1/2 + x");
  EXPECT_SAME("\\left. \\left. x*y \\right|_{x=2} + x \\right|_{x=5}", "2*y + 5");
  EXPECT_SAME("|\\left. x \\right|_{x=-3}|", "3");
}

TEST_F(Bars, OfAnySizePutValuesIntoTheTermBeforeThem) {
  for (const char* bar : {"|", "\\right|", "\\big|", "\\Big|", "\\bigr|", "\\Biggr|", "\\vert"})
    EXPECT_SAME("y*x^2" + std::string(bar) + "_{x=3}", "9*y") << bar;
  EXPECT_SAME("x + y*x^2|_{x=3}", "x + 9*y");
  EXPECT_SAME("-x^2|_{x=3}", "-9");
  EXPECT_SAME("x^2|_{x \\to 3}", "9");
}

TEST_F(Bars, ComeAfterTheDerivative) {
  EXPECT_SAME("d/dx x^3 |_{x=2}", "12");
  EXPECT_SAME("2*\\frac{d}{dx} x^3 \\Big|_{x=2}", "24");
  read("f(x) = x^2");
  EXPECT_SAME("f'(x)|_{x=3}", "6");
  EXPECT_SAME("\\frac{df}{dx}\\bigg|_{x=3}", "6");
  EXPECT_SAME("f|_{x=3} + f(x)|_{x=t+1}", "9 + (t+1)^2");
  EXPECT_SAME("\\sum_{k=1}^{3} k*x|_{x=2}", "12");
}

TEST_F(Bars, LeaveAbsoluteValuesAlone) {
  EXPECT_SAME("|x|", "abs(x)");
  EXPECT_SAME("2|x||y|", "2*abs(x)*abs(y)");
  EXPECT_SAME("a<b||b<c", "a<b or b<c");
}

TEST_F(Bars, AreRefusedWhereTheySayNoValues) {
  for (const char* text : {"\\left. x^2 \\right|_0^1", "x^2|_{x=0}^{x=1}", "x|_{x=3}^2",
                           "x|_{x=3}²", "x|_{3}", "\\left. x \\right| + 1", "x|_{x=1, 2}"})
    EXPECT_EQ(error(text).code, "P012") << text;
  EXPECT_EQ(error("x|_{x, y}").code, "P007");
  EXPECT_EQ(error("x|_{}").code, "P001");
  EXPECT_EQ(error("x|_{x+1=2}").code, "P012");
  EXPECT_EQ(error("x|_{2=x}").code, "N108");
  EXPECT_EQ(error("x|_{x=[1, 2]}").code, "N104");
  EXPECT_EQ(error("\\left.(x\\right|_{x=2}").code, "P002");
}

TEST_F(Bars, OfNormsTakeTheIndexTwo) {
  EXPECT_SAME("‖[x, y]‖_2", "norm([x, y])");
  EXPECT_SAME("\\|[x, y]\\|_{2}^2", "norm([x, y])^2");
  EXPECT_EQ(error("‖[x, y]‖_1").code, "N108");
}

TEST_F(Bars, AndBracketsHaveNoOtherSubscripts) {
  for (const char* text : {"(a)_1", "|x|_{x=3}", "[x^2]_0", "x²_1", "(x+y)_{i}"})
    EXPECT_EQ(error(text).code, "P008") << text;
}

}  // namespace
}  // namespace nabla
