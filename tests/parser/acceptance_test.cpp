// What people paste: the worked examples of teaching texts, typed as they are printed there.

#include "tests/parser/reading.hpp"

namespace nabla {
namespace {

using Acceptance = Text;

TEST_F(Acceptance, SquareAtThree) {
  read("f(x) = x²");
  EXPECT_EQ(value("f'(3)"), 6);
}

TEST_F(Acceptance, PowerOfABracket) {
  read("f(x) = (x²+1)³");
  EXPECT_EQ(value("f'(2)"), 300);
}

TEST_F(Acceptance, QuadraticOfTwoVariables) {
  read("f(x,y) = x**2 + 3*x*y + y**2");
  EXPECT_EQ(read("∇f(2,3)").value.entries, (std::vector<Expr>{number(g, 13), number(g, 12)}));
}

TEST_F(Acceptance, SumOfSquares) {
  read("f(x,y) = x²+y²");
  EXPECT_EQ(read("∇f(3,4)").value.entries, (std::vector<Expr>{number(g, 6), number(g, 8)}));
  EXPECT_EQ(value("norm(∇f(3,4))"), 10);
}

TEST_F(Acceptance, PolynomialWithRunsOfLetters) {
  const Statement s = read("x²y + 3xy² + 7");
  EXPECT_EQ(s.variables, (std::vector<std::string>{"x", "y"}));
  EXPECT_SAME("diff(x²y + 3xy² + 7, x)", "y*(2x) + y^2*3");
  EXPECT_SAME("diff(x²y + 3xy² + 7, y)", "x^2 + 2y*(3x)");
}

TEST_F(Acceptance, FallingBody) {
  read("s(t) = 5t^2");
  EXPECT_SAME("s'(t)", "10t");
  EXPECT_EQ(value("s''(1)"), 10);
}

TEST_F(Acceptance, OneStepOfDescent) {
  read("L(w,b) = (2w + b - 5)^2");
  const Quantity at = read("[0, 0] - 0.01*∇L(0, 0)").value;
  EXPECT_EQ(at.entries[0], real(g, 0.2));
  EXPECT_EQ(at.entries[1], real(g, 0.1));
}

TEST_F(Acceptance, ParabolaWithItsMinimum) {
  read("f(x) = x^2 - 4x + 5");
  EXPECT_EQ(value("f'(2)"), 0);
  EXPECT_EQ(value("f(2)"), 1);
}

TEST_F(Acceptance, DifferenceQuotient) {
  read("f(x) = x^3 + sin(x)");
  EXPECT_SAME("lim(h -> 0) (f(x + h) - f(x)) / h", "f'(x)");
}

}  // namespace
}  // namespace nabla
