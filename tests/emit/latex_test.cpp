#include "lib/emit/latex.hpp"

#include <gtest/gtest.h>

#include "lib/core/graph.hpp"
#include "lib/core/special.hpp"

namespace nabla {
namespace {

struct Latex : ::testing::Test {
  Graph g;
  Expr x = symbol(g, "x"), y = symbol(g, "y"), z = symbol(g, "z");
};

TEST_F(Latex, FractionsRootsAndPowers) {
  EXPECT_EQ(latex(x / (y * z)), "\\frac{x}{y z}");
  EXPECT_EQ(latex(1 / pow(x, 2)), "\\frac{1}{x^{2}}");
  EXPECT_EQ(latex(1 / call("sqrt", x + 1)), "\\frac{1}{\\sqrt{x + 1}}");
  EXPECT_EQ(latex(pow(x, rational(g, 2, 3))), "x^{2/3}");
  EXPECT_EQ(latex(pow(x + y, 2)), "\\left(x + y\\right)^{2}");
  EXPECT_EQ(latex(pow(rational(g, 2, 3), x)), "\\left(\\frac{2}{3}\\right)^{x}");
  EXPECT_EQ(latex(call("cbrt", x)), "\\sqrt[3]{x}");
  EXPECT_EQ(latex(2 * x / 3), "\\frac{2 x}{3}");
  EXPECT_EQ(latex(-(x / 3)), "-\\frac{x}{3}");
  EXPECT_EQ(latex(rational(g, 2, 3) / x), "\\frac{2}{3 \\, x}");
  EXPECT_EQ(latex(pow(x, -y)), "x^{-y}");
}

TEST_F(Latex, FactorsStandSideBySideUnlessDigitsMeet) {
  EXPECT_EQ(latex(2 * x * y), "2 x y");
  EXPECT_EQ(latex(2 * pow(number(g, 3), x)), "2 \\cdot 3^{x}");
  EXPECT_EQ(latex(x * (y + 1)), "x \\left(y + 1\\right)");
  EXPECT_EQ(latex(symbol(g, "price") * x), "\\mathrm{price} \\, x");
}

TEST_F(Latex, Functions) {
  EXPECT_EQ(latex(pow(call("sin", x), 2)), "\\sin^{2}\\left(x\\right)");
  EXPECT_EQ(latex(call("exp", -pow(x, 2))), "e^{-x^{2}}");
  EXPECT_EQ(latex(pow(call("exp", x), 2)), "\\left(e^{x}\\right)^{2}");
  EXPECT_EQ(latex(call("abs", x)), "\\left|x\\right|");
  EXPECT_EQ(latex(call("log", x)), "\\ln\\left(x\\right)");
  EXPECT_EQ(latex(call("erf", x)), "\\operatorname{erf}\\left(x\\right)");
  EXPECT_EQ(latex(call("max", call("max", x, y), z)), "\\max\\left(x, y, z\\right)");
  EXPECT_EQ(latex(call("floor", x)), "\\left\\lfloor x\\right\\rfloor");
}

TEST_F(Latex, SignsAndNumbers) {
  EXPECT_EQ(latex(x - 2 * y), "x - 2 y");
  EXPECT_EQ(latex(x - (y + z)), "x - \\left(y + z\\right)");
  EXPECT_EQ(latex(-(x + y)), "-\\left(x + y\\right)");
  EXPECT_EQ(latex(real(g, 1e-12) * x), "1 \\cdot 10^{-12} x");
  EXPECT_EQ(latex(rational(g, -2, 3)), "-\\frac{2}{3}");
  EXPECT_EQ(latex(constant(g, "pi") * x), "\\pi x");
}

TEST_F(Latex, NamesAreGreekOrHaveSubscripts) {
  EXPECT_EQ(latex_name("alpha"), "\\alpha");
  EXPECT_EQ(latex_name("x_1"), "x_{1}");
  EXPECT_EQ(latex_name("x12"), "x_{12}");
  EXPECT_EQ(latex_name("theta_0"), "\\theta_{0}");
  EXPECT_EQ(latex_name("y_hat"), "\\hat{y}");
  EXPECT_EQ(latex_name("price"), "\\mathrm{price}");
  EXPECT_EQ(latex_name("k_max_2"), "k_{\\mathrm{max},2}");
}

TEST_F(Latex, ChoicesAreCases) {
  EXPECT_EQ(latex(select(less(number(g, 0), x), x, select(less(x, y), y, -x))),
            "\\begin{cases} x & \\text{if } x > 0 \\\\ y & \\text{if } x < y \\\\ "
            "-x & \\text{otherwise} \\end{cases}");
  EXPECT_EQ(latex(2 * select(less(x, y), x, y)),
            "2 \\left(\\begin{cases} x & \\text{if } x < y \\\\ y & \\text{otherwise} "
            "\\end{cases}\\right)");
  EXPECT_EQ(latex(both(less(x, y), negation(less_equal(x, z)))),
            "x < y \\land \\lnot \\left(x \\le z\\right)");
}

TEST_F(Latex, SumsOverDataHaveAnIndex) {
  const Expr c = column(g, "x"), d = column(g, "y_hat"), rows = data_sum(number(g, 1));
  EXPECT_EQ(latex(data_sum(pow(d - x * c, 2))),
            "\\sum_{i=1}^{n} \\left(\\hat{y}_{i} - x x_{i}\\right)^{2}");
  EXPECT_EQ(latex(data_sum(c) / rows), "\\frac{1}{n} \\sum_{i=1}^{n} x_{i}");
  EXPECT_EQ(latex(data_sum(c) * data_sum(d)),
            "\\left(\\sum_{i=1}^{n} x_{i}\\right) \\, \\sum_{i=1}^{n} \\hat{y}_{i}");
}

}  // namespace
}  // namespace nabla
