#include "tests/parser/reading.hpp"

namespace nabla {
namespace {

using Definitions = Text;

TEST_F(Definitions, OfExpressionsAreSeenThrough) {
  read("z = w*x + b; a = 1/(1+np.exp(-z)); L = (a-y)^2");
  const std::vector<Binding> at{{"x", 2}, {"y", 1}, {"w", 0.5}, {"b", 0.1}};
  EXPECT_NEAR(value("z", at), 1.1, 1e-15);
  EXPECT_NEAR(value("a", at), 0.7502601055951177, 1e-15);
  EXPECT_NEAR(value("L", at), 0.06237001, 1e-8);
  EXPECT_NEAR(value("dL/dw", at), -0.1872, 5e-5);
  EXPECT_NEAR(value("∂L/∂b", at), -0.0936, 5e-5);
}

TEST_F(Definitions, OfNumbersLeaveTheNameASymbol) {
  read("w = 0.5");
  EXPECT_EQ(expr("w^2"), pow(symbol(g, "w"), 2));
  EXPECT_SAME("diff(w^2, w)", "2*w");
  EXPECT_EQ(scope.find("w")->kind, Definition::Kind::number);
  EXPECT_EQ(scope.find("w")->value.scalar(), real(g, 0.5));
  read("w = w + 1");
  EXPECT_EQ(scope.find("w")->value.scalar(), real(g, 1.5));
  EXPECT_EQ(error("q = q + 1").code, "N106");
  EXPECT_EQ(error("q = q + 1").span, (Span{0, 1}));
}

TEST_F(Definitions, OfFunctionsReplaceTheirParameters) {
  read("f(x, y) = x^2 + 3y^2");
  EXPECT_EQ(value("f(1, 2)"), 13);
  EXPECT_SAME("f(y, x)", "y^2 + 3*x^2");
  EXPECT_SAME("f(f(a, b), 0)", "(a^2 + 3*b^2)^2");
  EXPECT_SAME("f^2(a, b)", "f(a, b)^2");
  EXPECT_EQ(error("f(1)").code, "N103");
  EXPECT_EQ(error("f(1)").span, (Span{0, 1}));
  read("g(t) := t + c");
  EXPECT_SAME("g(2)", "2 + c");
  read("h = lambda u, v: u*v");
  EXPECT_EQ(value("h(3, 4)"), 12);
  read("x = 5");
  EXPECT_EQ(value("f(1, 0)"), 1);
  // a parameter hides whatever has its name
  read("k(pi) = 2*pi");
  EXPECT_EQ(value("k(3)"), 6);
}

TEST_F(Definitions, InPythonMayHaveLocalNames) {
  read("def loss(w, b):\n  z = 2*w + b\n  r = z - 5\n  return r**2\n");
  EXPECT_SAME("loss(w, b)", "(2*w + b - 5)^2");
  EXPECT_EQ(scope.find("z"), nullptr);
  read("def sq(x): return x*x");
  EXPECT_EQ(value("sq(3)"), 9);
  EXPECT_EQ(error("def f(x): x^2").code, "P009");
}

TEST_F(Definitions, StandSeveralInALine) {
  const auto statements = parse_statements(g, scope, "a = 2; b = a + x\n\nf(t) = t^2; f(b)");
  ASSERT_TRUE(statements);
  ASSERT_EQ(statements->size(), 4u);
  EXPECT_EQ((*statements)[0].kind, Statement::Kind::definition);
  EXPECT_EQ((*statements)[0].name, "a");
  EXPECT_EQ((*statements)[2].kind, Statement::Kind::function);
  EXPECT_EQ((*statements)[2].parameters, (std::vector<std::string>{"t"}));
  EXPECT_EQ((*statements)[3].kind, Statement::Kind::expression);
  EXPECT_EQ((*statements)[3].value.scalar(), expr("(a + x)^2"));
  EXPECT_EQ((*statements)[0].span, (Span{0, 5}));
}

TEST_F(Definitions, BeforeAnErrorStay) {
  EXPECT_EQ(error("a = 2; b = (").code, "P001");
  EXPECT_NE(scope.find("a"), nullptr);
  EXPECT_EQ(scope.find("b"), nullptr);
}

TEST_F(Definitions, EndAtALineBreakUnlessABracketIsOpen) {
  EXPECT_SAME("(a\n+ b)", "a + b");
  EXPECT_SAME("a +\nb", "a + b");
  EXPECT_EQ(parse_statements(g, scope, "a\nb")->size(), 2u);
}

TEST_F(Definitions, OfVectorsOfNumbersAreDataInSums) {
  read("x = [1,2,3,4,5]; y = [2,4,5,4,5]");
  read("L(w, b) = (1/n) * sum((y_i - (wx_i + b))^2)");
  const std::vector<double> xs{1, 2, 3, 4, 5}, ys{2, 4, 5, 4, 5};
  const Data data{.names = {"x", "y"}, .columns = {xs, ys}, .rows = 5};
  const std::vector<Binding> at{{"w", 0.5}, {"b", 1}, {"n", 5}};
  const auto number = [&](std::string_view text) {
    const auto result = evaluate(expr(text), at, data);
    EXPECT_TRUE(result) << text;
    return result ? *result : 0;
  };
  EXPECT_NEAR(number("L(w, b)"), 2.75, 1e-12);
  EXPECT_NEAR(number("∂L/∂w"), -9.4, 1e-12);
  EXPECT_NEAR(number("∂L/∂b"), -3.0, 1e-12);
  for (const char* text :
       {"\\frac{1}{n}\\sum_{i=1}^{n}(wx_i + b - y_i)^2", "1/n*sum(i, (y[i] - (w*x[i] + b))^2)",
        "mean((y - (w*x + b))^2)", "np.mean((y - (w*x + b))**2)", "mean((y_i - w*x_i - b)^2)",
        "\\frac{1}{n}\\sum_i (y_i - w x_i - b)^2"}) {
    EXPECT_NEAR(number(text), 2.75, 1e-12) << text;
  }
  // also through definitions made before the sum
  read("p = w*x_i + b");
  EXPECT_NEAR(number("mean((y_i - p)^2)"), 2.75, 1e-12);
  EXPECT_EQ(value("sum([1, 2, 3])"), 6);
  EXPECT_EQ(value("mean([1, 2, 3])"), 2);
}

TEST_F(Definitions, OfFiniteSumsAreExpanded) {
  EXPECT_SAME("sum(k, 1, 3, x^k/k!)", "x + x^2/2 + x^3/6");
  EXPECT_SAME("prod(k, 1, 3, x - k)", "(x-1)*(x-2)*(x-3)");
  EXPECT_EQ(value("\\sum_{k=1}^{4} k^2"), 30);
  EXPECT_EQ(value("sum(k, 3, 2, k)"), 0);
  EXPECT_EQ(error("sum(k, 1, m, k)").code, "N108");
  g.limits.arguments = 10;
  EXPECT_EQ(error("sum(k, 1, 11, k)").code, "L103");
  EXPECT_EQ(value("sum(k, 1, 10, k)"), 55);
}

TEST_F(Definitions, DeclaredColumnsAreColumns) {
  options.columns = {"t"};
  EXPECT_EQ(expr("sum(t)"), data_sum(column(g, "t")));
  EXPECT_EQ(note_codes("sum(a*b)"), (std::vector<std::string>{"S718"}));
}

}  // namespace
}  // namespace nabla
