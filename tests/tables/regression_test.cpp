// Cases that other systems got wrong or could not do at all, each with the answer it should have.

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "lib/calculus/derivative.hpp"
#include "lib/calculus/gradient.hpp"
#include "lib/core/build.hpp"
#include "lib/core/functions.hpp"
#include "lib/core/graph.hpp"
#include "lib/emit/print.hpp"
#include "lib/emit/source.hpp"
#include "lib/eval/function.hpp"
#include "parser/parse.hpp"
#include "simplify/metric.hpp"
#include "simplify/normal_form.hpp"
#include "simplify/simplify.hpp"

namespace nabla::test {
namespace {

class Regression : public testing::Test {
 protected:
  Graph g;
  Expr x = symbol(g, "x"), y = symbol(g, "y"), z = symbol(g, "z");

  Expr read(std::string_view text) {
    const auto found =
        parse(g, text, {.variables = {"x", "y", "z"}, .columns = {}, .strict = false});
    if (!found) {
      ADD_FAILURE() << text << ": " << found.error().message;
      return x;
    }
    return found->value.scalar();
  }
  std::string shown(std::string_view text) { return print(canonical(read(text))); }
  double value(Expr f, double at_x, double at_y = 0, double at_z = 0) {
    const Binding at[] = {{"x", at_x}, {"y", at_y}, {"z", at_z}};
    const auto found = evaluate(f, at);
    if (!found) ADD_FAILURE() << found.error().message;
    return found ? *found : std::nan("");
  }
  double value(std::string_view text, double at_x, double at_y = 0, double at_z = 0) {
    return value(read(text), at_x, at_y, at_z);
  }
};

TEST_F(Regression, TheBranchNotTakenDoesNotPoisonTheDerivative) {
  for (const double at : {-3.0, 0.0}) {
    EXPECT_EQ(value("diff(if(x>0, sqrt(x), 0), x)", at), 0);
    EXPECT_EQ(value("diff(if(x>0, sqrt(x), 0), x, 2)", at), 0);
  }
  EXPECT_EQ(value("diff(if(x>0, sqrt(x), 0), x)", 1), 0.5);
  EXPECT_EQ(value("diff(if(x>0, sqrt(x), 0), x, 2)", 1), -0.25);
  EXPECT_EQ(value("diff(sqrt(max(0, x^2-z^2)), x)", 1, 0, 2), 0);
  EXPECT_EQ(value("diff(if(x, (1/x)^12, 0), x)", 0), 0);
  EXPECT_EQ(shown("diff(ln(abs(x)), x)"), "sign(x)/abs(x)");
  EXPECT_EQ(value("diff(ln(abs(x)), x)", -2), -0.5);
}

TEST_F(Regression, MinMaxAbsSignAndFloorDifferentiate) {
  EXPECT_EQ(value("diff(max(x, 1), x)", 2), 1);
  EXPECT_EQ(value("diff(max(x, 1), x)", 0), 0);
  EXPECT_EQ(value("diff(max(x, y), y)", 1, 2), 1);
  EXPECT_EQ(shown("diff(min(x, x), x)"), "1");
  EXPECT_EQ(value("diff(abs(x), x)", 0), 0);
  EXPECT_EQ(shown("diff(sign(x), x)"), "0");
  EXPECT_EQ(shown("diff(floor(x), x)"), "0");
}

TEST_F(Regression, PowersAtZeroHaveTheirSlopes) {
  EXPECT_EQ(value("diff(x^1.875, x)", 0), 0);
  EXPECT_EQ(value("diff(x^y, x)", 0, 1.875), 0) << "x^a with a free";
  EXPECT_EQ(value("x^0", 0), 1);
  EXPECT_EQ(value("diff(x^0, x)", 0), 0);
  EXPECT_EQ(value("diff(x^y, x)", 0, 1), 1);
  EXPECT_EQ(value("diff(x^y, y)", 0, 1), 0);
  EXPECT_EQ(value("diff(sqrt((x-x)^2), x)", 3), 0);
  for (const double at : {-3.0, 3.0}) EXPECT_EQ(value("diff(sqrt(x^2), x)", at), at / 3);
}

TEST_F(Regression, LogisticFormsStayFiniteFarOut) {
  for (const double at : {-1.15e4, 800.0, 1e4}) {
    EXPECT_EQ(value("1/(1+exp(-x))", at), at > 0 ? 1 : 0);
    EXPECT_EQ(value("diff(1/(1+exp(-x)), x)", at), 0);
    EXPECT_EQ(value("diff(1/(1+exp(-x)), x, 2)", at), 0);
    EXPECT_EQ(value("diff(log(1+exp(x)), x)", at), at > 0 ? 1 : 0);
    EXPECT_EQ(value("diff(log(1+exp(x)), x, 2)", at), 0);
    EXPECT_EQ(value("softplus(x)", at), at > 0 ? at : 0);
  }
  EXPECT_EQ(value("diff(exp(2x) - 1, x)", 1e-20), 2);
  EXPECT_EQ(value("expm1(2x)", 1e-20), 2e-20);
  EXPECT_EQ(value("diff(1 - z^2, z)", 0, 0, 1 - 0x1p-53), -2 + 0x1p-52);
  EXPECT_EQ(value("(1 - z)*(1 + z)", 0, 0, 1 - 0x1p-53), 0x1p-52 - 0x1p-106);
}

TEST_F(Regression, HighDerivativesStayShort) {
  EXPECT_EQ(shown("diff(ln(1+x), x, 6)"), "-120/(x + 1)^6");
  for (const auto& [order, name] : {std::pair(100'000u, "sin(x)"), {99'999u, "-cos(x)"}}) {
    const auto high = derivative(call("sin"_fn, x), x, order);
    ASSERT_TRUE(high);
    EXPECT_EQ(print(canonical(*high)), name);
  }
  const Expr fourth = read("diff(sin(sin(sin(sin x))), x, 4)");
  EXPECT_LE(g.below(fourth.id).size(), 150u);
  EXPECT_LE(shared_operations(std::span(&fourth, 1)), 150u);
}

TEST_F(Regression, DerivativesOfQuotientsAndLogarithmsAreRight) {
  EXPECT_DOUBLE_EQ(value("diff(4/(1-x^2-y^2-z^2)^2, x)", 0.5, 0.25, 0.125),
                   16 * 0.5 / std::pow(1 - 0.25 - 0.0625 - 0.015625, 3));
  // n log(1/(2 t^3)) - n m/t by t
  const auto f = parse(g, "diff(n*log(1/(2*t^3)) - n*m/t, t)");
  ASSERT_TRUE(f);
  const Binding at[] = {{"n", 3.0}, {"m", 2.0}, {"t", 0.5}};
  const auto slope = evaluate(f->value.scalar(), at);
  ASSERT_TRUE(slope);
  EXPECT_DOUBLE_EQ(*slope, -3 * 3 / 0.5 + 3 * 2 / 0.25);
}

TEST_F(Regression, SimplifyingKeepsTheValue) {
  EXPECT_EQ(shown("36x^2 + 4"), "36*x^2 + 4");
  EXPECT_EQ(shown("5x - 2y + 9"), "5*x - 2*y + 9");
  EXPECT_EQ(value(canonical(read("(-2x-2x^2-2)/(x+x^2+1)")), 0.3), -2);
  EXPECT_EQ(shown("2 - 2*(x/3)"), "2 - 2*x/3");
  EXPECT_EQ(value(canonical(read("2 - 2*(x/3)")), 3), 0);
  EXPECT_EQ(value(canonical(read("x^2 - 4x^-2")), 2), 3);
  EXPECT_EQ(value(canonical(read("sqrt(x^2)")), -3), 3);
}

TEST_F(Regression, ChainsOfSharedPartsStayLinear) {
  // z <- sin(z) z, 100 times; a nested chain of partial sums; both differentiate and print shared.
  Expr chain = x;
  for (int i = 0; i < 100; ++i) chain = call("sin"_fn, chain) * chain;
  const auto slope = derivative(chain, x);
  ASSERT_TRUE(slope);
  EXPECT_LE(g.below(slope->id).size(), 1000u);
  EXPECT_LE(print_shared(*slope).size(), 20'000u);
  EXPECT_EQ(value(*slope, 0), 0);

  std::vector<Expr> sums{x};
  for (int i = 1; i <= 17; ++i) {
    Expr total = sums[0];
    for (std::size_t k = 1; k < sums.size(); ++k) total = total + sums[k] * sums[k];
    sums.push_back(call("exp"_fn, -total));
  }
  const auto nested = derivative(sums.back(), x);
  ASSERT_TRUE(nested);
  EXPECT_LE(g.below(nested->id).size(), 2500u);
}

TEST_F(Regression, TheHessianOfARedundantCosineSumIsSmall) {
  // cos(x + y) + ... 500 times with the same parts.
  Expr f = number(g, 0);
  for (int i = 0; i < 500; ++i) f = f + call("cos"_fn, x + y) * call("cos"_fn, x * (1 + i % 5));
  const std::vector<Expr> xy{x, y};
  const auto second = hessian(f, xy);
  ASSERT_TRUE(second);
  std::vector<NodeId> roots;
  for (const Expr e : second->entries) roots.push_back(e.id);
  EXPECT_LE(g.below(roots).size(), 15'000u);
  const double expected = [] {
    double sum = 0;
    for (int i = 0; i < 500; ++i) {
      sum += -std::cos(0.7) * std::cos(0.3 * (1 + i % 5));
    }
    return sum;
  }();
  EXPECT_NEAR(value((*second)(1, 1), 0.3, 0.4), expected, 1e-9);
}

TEST_F(Regression, TextsReadAsPeopleMeanThem) {
  EXPECT_EQ(read("x(1+x)"), x * (1 + x));
  EXPECT_EQ(read("1 - x y"), 1 - x * y);
  EXPECT_EQ(read("sqrt 8x (x-2)"), read("sqrt(8*x)*(x-2)"));
  EXPECT_EQ(parse(g, "2^x 3^x").error().code, "P004") << "a number follows a value: which product?";
  EXPECT_EQ(read("(2)(3)+4"), number(g, 10));
  EXPECT_EQ(read("1 - -2*x"), 1 + 2 * x);
  EXPECT_EQ(read("x*2"), 2 * x);
  EXPECT_EQ(print(read("d*2")), "2*d");
  // n3 is a name, as the note on it says
  const auto tower = parse(g, "2^n3^n");
  ASSERT_TRUE(tower);
  EXPECT_EQ(tower->value.scalar(), pow(number(g, 2), pow(symbol(g, "n3"), symbol(g, "n"))));
  ASSERT_EQ(tower->notes.size(), 1u);
  EXPECT_EQ(tower->notes[0].code, "S713");
  EXPECT_EQ(read("sin^2 x"), pow(call("sin"_fn, x), 2));
  Scope scope;
  const auto nested = parse_statements(
      g, scope, "f(a, b, c) = a*b + c; g(x) = x^2; h(t) = t + 1; z + f(x + y, g(x), h(g(x)))");
  ASSERT_TRUE(nested) << nested.error().message;
  EXPECT_EQ(canonical(nested->back().value.scalar()),
            canonical(z + (x + y) * pow(x, 2) + pow(x, 2) + 1));
}

TEST_F(Regression, UnknownFunctionsAreErrors) {
  for (const char* text : {"foo(2)", "x + bar(x)", "diff(unknown(x), x)"}) {
    const auto found = parse(g, text);
    ASSERT_FALSE(found) << text;
    EXPECT_EQ(found.error().code, "N102") << text;
  }
}

TEST_F(Regression, DefinitionsRefuseWhatHasNoMeaning) {
  const auto code = [&](std::string_view text) {
    Scope scope;
    const auto found = parse_statements(g, scope, text);
    return found ? std::string("read") : found.error().code;
  };
  EXPECT_EQ(code("f(x) = f(x) + 1"), "N102") << "there is no f yet";
  EXPECT_EQ(code("f(x) = g(x); g(x) = f(x)"), "N102") << "a definition cannot use a later one";
  EXPECT_EQ(code("f(x) = x^2; f(1, 2)"), "N103");
  EXPECT_EQ(code("f(x, x) = x"), "P009");
  Scope scope;
  const auto shadowed = parse_statements(g, scope, "f(x) = x^2; f(x) = f(x) + 1; f(3)");
  ASSERT_TRUE(shadowed) << shadowed.error().message;
  EXPECT_EQ(shadowed->back().value.scalar(), number(g, 10)) << "the right side means the old f";
}

TEST_F(Regression, GeneratedCodeHasNoIntegerArithmeticAndNoLongIntegers) {
  const auto code = [&](Expr f) {
    const auto text = generate({.language = "c", .inputs = {x}, .function = f});
    EXPECT_TRUE(text);
    return text ? *text : "";
  };
  EXPECT_NE(code(rational(g, 1, 3) + x).find("0.3333333333333333"), std::string::npos);
  EXPECT_NE(code((pow(number(g, 2), 63) + 1) * x).find("9223372036854775808.0"), std::string::npos);
  EXPECT_NE(code((pow(number(g, 2), 64) + 1) * x).find("18446744073709551616.0"),
            std::string::npos);
  EXPECT_NE(code(read("e^x")).find("exp(x)"), std::string::npos);
}

TEST_F(Regression, AConstantResultFillsTheOutputOfABatch) {
  const auto slope = derivative(3 * x + 1, x);
  ASSERT_TRUE(slope);
  const std::vector<Expr> inputs{x}, outputs{*slope, number(g, 0), x};
  const auto f = Function::compile(inputs, outputs);
  ASSERT_TRUE(f);
  const std::vector<double> xs{1, 2, 3, 4, 5};
  std::vector<double> a(5, -1), b(5, -1), c(5, -1);
  const double* const in[] = {xs.data()};
  double* const out[] = {a.data(), b.data(), c.data()};
  f->batch(in, out, 5);
  EXPECT_EQ(a, std::vector<double>(5, 3));
  EXPECT_EQ(b, std::vector<double>(5, 0));
  EXPECT_EQ(c, xs);
}

}  // namespace
}  // namespace nabla::test
