#include "tests/parser/reading.hpp"

namespace nabla {
namespace {

using CalculusInText = Text;

TEST_F(CalculusInText, DifferentiatesInEveryNotation) {
  read("f(x) = x^3");
  for (const char* text :
       {"f'(x)", "f'", "diff(f, x)", "diff(f)", "df/dx", "d/dx f", "d/dx (x^3)", "d/dx x^3",
        "∂f/∂x", "∂/∂x x^3", "(x^3)'", "\\frac{d}{dx} x^3", "\\frac{df}{dx}",
        "\\frac{\\partial f}{\\partial x}", "diff(f(x), x)", "lim(h -> 0) (f(x + h) - f(x)) / h",
        "\\lim_{h \\to 0} \\frac{f(x+h)-f(x)}{h}", "grad(f)[1]"}) {
    if (std::string_view(text).ends_with("[1]")) continue;
    EXPECT_SAME(text, "3*x^2");
  }
  for (const char* text :
       {"f''(x)", "f''", "f′′(x)", "diff(f, x, 2)", "diff(f, x, x)", "d^2/dx^2 x^3", "d²/dx² x^3",
        "d^2f/dx^2", "∂²f/∂x²", "(x^3)''", "(f')'"}) {
    EXPECT_SAME(text, "6*x");
  }
  EXPECT_EQ(value("f'(3)"), 27);
  EXPECT_SAME("f'(2t)", "3*(2*t)^2");
  EXPECT_SAME("sin'(t)", "cos(t)");
  EXPECT_SAME("sin''(t)", "-sin(t)");
}

TEST_F(CalculusInText, TakesADerivativeSignToTheEndOfTheTerm) {
  EXPECT_SAME("d/dx x*sin(x) + x", "sin(x) + x*cos(x) + x");
  EXPECT_SAME("2*d/dx x^2*a", "2*(2*x*a)");
  EXPECT_SAME("d/dx (x+1)^2 - 3", "diff((x+1)^2, x) - 3");
  EXPECT_EQ(note_codes("d/dx (x+1)*x"), (std::vector<std::string>{"S721"}));
  // d is a name like any other where it cannot be a derivative
  EXPECT_EQ(expr("d/2"), symbol(g, "d") / number(g, 2));
  options.variables = {"d", "dx"};
  EXPECT_EQ(expr("d/dx"), symbol(g, "d") / symbol(g, "dx"));
}

TEST_F(CalculusInText, MixesVariables) {
  read("f(x, y) = x^2*y^3");
  for (const char* text : {"diff(f, x, y)", "∂²f/∂x∂y", "d/dx d/dy f", "diff(diff(f, y), x)"})
    EXPECT_SAME_VALUE(text, "6*x*y^2");
  EXPECT_SAME_VALUE("diff(f, x, 2, y)", "6*y^2");
}

TEST_F(CalculusInText, GivesGradientsAndMatrices) {
  read("f(x, y) = x**2 + 3*x*y + y**2");
  for (const char* text : {"grad(f)", "∇f", "gradient(f, [x, y])", "grad(x**2 + 3*x*y + y**2)",
                           "\\nabla f", "grad(f, x, y)"}) {
    const Quantity q = read(text).value;
    ASSERT_EQ(q.entries.size(), 2u) << text;
    EXPECT_EQ(q.entries[0], expr("2*x + 3*y")) << text;
    EXPECT_EQ(q.entries[1], expr("3*x + 2*y")) << text;
  }
  const Quantity at = read("∇f(2, 3)").value;
  EXPECT_EQ(at.entries[0], number(g, 13));
  EXPECT_EQ(at.entries[1], number(g, 12));
  const Quantity h = read("hessian(f)").value;
  EXPECT_EQ(h.shape, Quantity::Shape::matrix);
  EXPECT_EQ(h.entries, (std::vector<Expr>{number(g, 2), number(g, 3), number(g, 3), number(g, 2)}));
  EXPECT_EQ(read("∇²f").value.entries, h.entries);
  const Quantity j = read("jacobian([x*y, sin(x)], [x, y])").value;
  EXPECT_EQ(j.entries, (std::vector<Expr>{expr("y"), expr("x"), expr("cos(x)"), number(g, 0)}));
  read("u = [1, 2]");
  EXPECT_SAME("D_u f", "direction(f, [1, 2])");
  EXPECT_SAME_VALUE("direction(f, [x, y], [1, 2])", "8*x + 7*y");
}

TEST_F(CalculusInText, SubstitutesAllNamesAtOnce) {
  EXPECT_EQ(value("subs(x^2 + 1, x = 2)"), 5);
  EXPECT_SAME("subs(x - 2*y, x = y, y = x)", "y - 2*x");
  read("a = 7");
  EXPECT_EQ(value("subs(a^2, a = 3)"), 9);
  EXPECT_EQ(error("subs(x^2, 2 = x)").code, "N108");
}

TEST_F(CalculusInText, FindsLimitsOfQuotients) {
  EXPECT_EQ(value("lim(h -> 0) sin(h)/h"), 1);
  EXPECT_EQ(value("lim(t -> 2) (t^2 - 4)/(t - 2)"), 4);
  EXPECT_EQ(value("lim(h -> 0) (1 - cos(h))/h^2"), 0.5);
  EXPECT_SAME("lim(h -> 0) x + 1", "x + 1");
  EXPECT_EQ(error("lim(h -> 0) 1/h").code, "D205");
}

TEST_F(CalculusInText, NamesWhatItDifferentiatesBy) {
  EXPECT_EQ(error("diff(x, pi)").code, "N108");
  EXPECT_EQ(error("diff(x*y)").code, "N107");
  EXPECT_EQ(error("(x*y)'").code, "N107");
  EXPECT_EQ(error("dL/dw + ∂L/∂w").code, "N101");
  for (const char* text : {"∇.5", "grad(2)", "hessian(pi)", "jacobian([1, 2])"}) {
    EXPECT_EQ(error(text).code, "N107") << text;
  }
  EXPECT_EQ(error("log_2⁻¹ 8").code, "N102");
  // nothing is differentiated that is not there
  EXPECT_EQ(error("g'(3)").code, "N101");
  EXPECT_EQ(error("y'").code, "N101");
  read("p = x^2");
  EXPECT_SAME("p'", "2*x");
  EXPECT_EQ(error("p'(3)").code, "P008");
  EXPECT_EQ(note_codes("p(3)"), (std::vector<std::string>{"S715"}));
  EXPECT_EQ(error("sum(i, i*x[i])").code, "N108");
}

}  // namespace
}  // namespace nabla
