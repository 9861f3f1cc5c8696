#include "lib/emit/source.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "lib/calculus/gradient.hpp"
#include "lib/core/build.hpp"
#include "lib/core/functions.hpp"
#include "lib/core/graph.hpp"
#include "tests/support/random_expr.hpp"

namespace nabla::test {
namespace {

class SourceTest : public testing::Test {
 protected:
  std::string code(const SourceRequest& request) {
    const auto text = generate(request);
    EXPECT_TRUE(text) << (text ? "" : text.error().message);
    return text ? *text : "";
  }
  Graph g;
  Expr x = symbol(g, "x"), y = symbol(g, "y"), z = symbol(g, "z");
};

TEST_F(SourceTest, WritesAShortFormulaAsAShortFunction) {
  const Expr f = pow(x, 2) * call("sin"_fn, y) / 3 - 1;
  EXPECT_EQ(code({.language = "c", .name = "f", .inputs = {x, y}, .function = f}),
            "#include <math.h>\n"
            "\n"
            "/* f(x, y) = x^2*sin(y)/3 - 1\n"
            " * Returns the value. */\n"
            "double f(double x, double y) {\n"
            "    return x * x * sin(y) / 3.0 - 1.0;\n"
            "}\n");
  EXPECT_EQ(code({.language = "cpp", .name = "f", .inputs = {x, y}, .function = f}),
            "#include <cmath>\n"
            "#include <limits>\n"
            "\n"
            "/* f(x, y) = x^2*sin(y)/3 - 1\n"
            " * Returns the value. */\n"
            "double f(double x, double y) {\n"
            "    return x * x * std::sin(y) / 3.0 - 1.0;\n"
            "}\n");
  EXPECT_EQ(code({.language = "python", .name = "f", .inputs = {x, y}, .function = f}),
            "import math\n"
            "\n"
            "\n"
            "def f(x, y):\n"
            "    \"\"\"f(x, y) = x^2*sin(y)/3 - 1\n"
            "    Returns the value.\n"
            "    Raises ZeroDivisionError, ValueError or OverflowError where a step has no finite "
            "value.\"\"\"\n"
            "    return x * x * math.sin(y) / 3.0 - 1.0\n");
}

TEST_F(SourceTest, SharesIntermediateResultsBetweenValueAndDerivatives) {
  const Expr f = call("exp"_fn, x * y);
  const std::vector<Expr> inputs{x, y};
  const auto slopes = gradient(f, inputs);
  ASSERT_TRUE(slopes);
  EXPECT_EQ(
      code({.language = "c", .name = "f", .inputs = inputs, .function = f, .gradient = *slopes}),
      "#include <math.h>\n"
      "\n"
      "/* f(x, y) = exp(x*y)\n"
      " * Returns the value.\n"
      " * gradient[2]: the derivatives by x, y. */\n"
      "double f(double x, double y, double* gradient) {\n"
      "    const double t1 = exp(x * y);\n"
      "    gradient[0] = t1 * y;\n"
      "    gradient[1] = t1 * x;\n"
      "    return t1;\n"
      "}\n");
}

TEST_F(SourceTest, WritesSumsOverDataAsOneLoop) {
  const Expr w = symbol(g, "w"), residual = w * column(g, "x") - column(g, "y");
  const Expr loss = data_sum(pow(residual, 2));
  const Expr slope = 2 * data_sum(residual * column(g, "x"));
  EXPECT_EQ(
      code({.language = "c", .name = "loss", .inputs = {w}, .function = loss, .gradient = {slope}}),
      "#include <math.h>\n"
      "#include <stddef.h>\n"
      "\n"
      "/* loss(w) = sum((w*x_i - y_i)^2)\n"
      " * Sums run over the rows of x, y, from first to last.\n"
      " * Returns the value.\n"
      " * gradient[1]: the derivatives by w. */\n"
      "double loss(double w, const double* x, const double* y, size_t n, double* gradient) {\n"
      "    double s1 = 0.0;\n"
      "    double s2 = 0.0;\n"
      "    for (size_t i = 0; i < n; ++i) {\n"
      "        const double t1 = w * x[i] - y[i];\n"
      "        s1 += t1 * t1;\n"
      "        s2 += t1 * x[i];\n"
      "    }\n"
      "    gradient[0] = 2.0 * s2;\n"
      "    return s1;\n"
      "}\n");
}

TEST_F(SourceTest, KeepsTheFormulaOnOneLineOrLeavesItOut) {
  Expr f = x;
  for (int i = 0; i < 200; ++i) f = call("sin"_fn, f) + y;
  const std::string text = code({.language = "c", .name = "f", .inputs = {x, y}, .function = f});
  EXPECT_NE(text.find("/* f(x, y) = (too long to show)\n"), std::string::npos)
      << text.substr(0, 300);
}

TEST_F(SourceTest, NestsParenthesesLessThanFiftyDeep) {
  RandomExpressions random(g, {.seed = 3, .operations = 200});
  for (int i = 0; i < 200; ++i) {
    const SourceRequest request{.language = "c",
                                .name = "f",
                                .inputs = {random.variables().begin(), random.variables().end()},
                                .function = random.next()};
    int depth = 0, deepest = 0;
    const std::string text = code(request);
    for (const char c : text.substr(text.find("*/"))) {
      if (c == '(') deepest = std::max(deepest, ++depth);
      if (c == ')') --depth;
    }
    EXPECT_EQ(depth, 0);
    EXPECT_LE(deepest, 50);
  }
}

TEST_F(SourceTest, TakesAHundredThousandOperationsInLinearTimeAndMemory) {
  Expr f = x;
  for (int i = 0; i < 50'000; ++i) f = call("sin"_fn, f) + y;
  const std::string text = code({.language = "c", .name = "f", .inputs = {x, y}, .function = f});
  EXPECT_LT(text.size(), 50'000u * 40);
}

TEST_F(SourceTest, SaysWhyItCannotBeDone) {
  const auto error = [](const SourceRequest& r) { return generate(r).error().code; };
  EXPECT_EQ(error({.language = "cobol", .inputs = {x}, .function = x}), "G401");
  EXPECT_EQ(error({.language = "c", .name = "x+1", .inputs = {x}, .function = x}), "G402");
  EXPECT_EQ(error({.language = "c", .inputs = {x}, .function = x, .value = false}), "G404");
  EXPECT_EQ(error({.language = "c", .inputs = {x}, .function = x * y}), "E301");
  EXPECT_EQ(error({.language = "c", .inputs = {x}, .function = x + column(g, "c")}), "E302");
}

}  // namespace
}  // namespace nabla::test
