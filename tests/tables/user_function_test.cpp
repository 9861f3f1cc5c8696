// Functions of the program: read by name, differentiated by the partial derivatives they came with,
// evaluated at points and in batches, printed, and never differentiated without a rule.

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "lib/calculus/derivative.hpp"
#include "lib/calculus/gradient.hpp"
#include "lib/core/build.hpp"
#include "lib/core/constants.hpp"
#include "lib/core/functions.hpp"
#include "lib/core/graph.hpp"
#include "lib/core/substitute.hpp"
#include "lib/emit/latex.hpp"
#include "lib/emit/print.hpp"
#include "lib/emit/source.hpp"
#include "lib/emit/tree.hpp"
#include "lib/eval/function.hpp"
#include "parser/parse.hpp"
#include "parser/verbs.hpp"
#include "simplify/normal_form.hpp"
#include "simplify/simplify.hpp"

namespace nabla::test {
namespace {

class UserFunctionTest : public testing::Test {
 protected:
  Graph g;
  Expr x = symbol(g, "x"), y = symbol(g, "y");

  // bump(u) = exp(-1/u) where u > 0, 0 elsewhere; its slope is bump(u)/u^2.
  UserFn bump() {
    const UserFn f = add_function(
        g, {.name = "bump", .parameters = {"u"}, .value = [](std::span<const double> in) {
              return in[0] > 0 ? std::exp(-1 / in[0]) : 0.0;
            }});
    const Expr u = symbol(g, "u");
    f.set_partial(0, select(less(number(g, 0), u), f({u}) / pow(u, 2), number(g, 0)));
    return f;
  }
  // blend(a, b) = a sin b, with callables for slopes.
  UserFn blend() {
    return add_function(
        g, {.name = "blend",
            .parameters = {"a", "b"},
            .value = [](std::span<const double> in) { return in[0] * std::sin(in[1]); },
            .partials = {[](std::span<const double> in) { return std::sin(in[1]); },
                         [](std::span<const double> in) { return in[0] * std::cos(in[1]); }}});
  }

  Expr parsed(std::string_view text) {
    const auto read = parse(g, text);
    if (!read) {
      ADD_FAILURE() << text << ": " << read.error().message;
      return x;
    }
    return read->value.scalar();
  }
  double value(Expr f, double at_x, double at_y = 0) {
    const Binding at[] = {{"x", at_x}, {"y", at_y}};
    const auto result = evaluate(f, at);
    if (!result) ADD_FAILURE() << result.error().message;
    return result ? *result : std::nan("");
  }
};

TEST_F(UserFunctionTest, TextCallsItByItsName) {
  const UserFn f = blend();
  EXPECT_EQ(parsed("2*blend(x^2, y) + 1"), 2 * f({pow(x, 2), y}) + 1);
  EXPECT_EQ(value(parsed("2 blend(x, y)"), 3, 0.5), 6 * std::sin(0.5));
  const auto wrong = parse(g, "1 + blend(x)");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, "N103");
  EXPECT_EQ(wrong.error().span.begin, 4u);
}

TEST_F(UserFunctionTest, PrintedTextParsesBackToTheSameNode) {
  const UserFn f = blend(), h = bump();
  for (const Expr e : {f({x + y, -x}), h({f({x, y})}) * 2 - 1, pow(h({x}), 3), 1 / f({y, x})}) {
    EXPECT_EQ(parsed(print(e)), e) << print(e);
  }
  EXPECT_EQ(print(f({x, y + 1})), "blend(x, y + 1)");
  EXPECT_EQ(sexpr(f({x, y})), "(blend x y)");
  EXPECT_EQ(latex(f({x, y})), "\\mathrm{blend}\\left(x, y\\right)");
}

TEST_F(UserFunctionTest, DerivativesUseItsPartialsAndTheChainRule) {
  const UserFn h = bump();
  const auto slope = derivative(h({pow(x, 2)}), x);
  ASSERT_TRUE(slope);
  EXPECT_DOUBLE_EQ(value(*slope, 0.7), std::exp(-1 / 0.49) / (0.49 * 0.49) * 1.4);
  EXPECT_EQ(value(*slope, 0), 0) << "bump is flat at 0, however its slope is written";

  // The second derivative of exp(-1/u): exp(-1/u) (1/u^4 - 2/u^3).
  const auto second = derivative(h({x}), x, 2);
  ASSERT_TRUE(second);
  EXPECT_NEAR(value(*second, 0.5), std::exp(-2) * (16 - 16), 1e-15);
  EXPECT_NEAR(value(*second, 0.8), std::exp(-1.25) * (std::pow(0.8, -4) - 2 * std::pow(0.8, -3)),
              1e-15);
}

TEST_F(UserFunctionTest, CallablesAsPartialsAreFunctionsOfTheirOwn) {
  const UserFn f = blend();
  const Expr e = f({x * y, y});
  const std::vector<Expr> xy{x, y};
  const auto slopes = gradient(e, xy);
  ASSERT_TRUE(slopes);
  EXPECT_EQ(print(canonical((*slopes)[0])), "y*blend_da(x*y, y)");
  EXPECT_DOUBLE_EQ(value((*slopes)[0], 2, 0.5), 0.5 * std::sin(0.5));
  EXPECT_DOUBLE_EQ(value((*slopes)[1], 2, 0.5), 2 * std::sin(0.5) + std::cos(0.5));
  EXPECT_EQ(parsed(print((*slopes)[1])), (*slopes)[1]);
}

TEST_F(UserFunctionTest, AMissingDerivativeIsAnErrorOnlyWhereItIsNeeded) {
  const UserFn f = blend();  // has slopes, but no curvature
  const Expr e = f({x, y});
  EXPECT_TRUE(derivative(e, x));
  EXPECT_TRUE(derivative(e, symbol(g, "z"))) << "0, and known to be";
  EXPECT_TRUE(derivative(f({pow(y, 2), y}) * x, x)) << "x stands outside";
  const auto second = derivative(e, x, 2);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, "D201");
  EXPECT_NE(second.error().message.find("blend_da"), std::string::npos) << second.error().message;
  const std::vector<Expr> xy{x, y};
  EXPECT_FALSE(hessian(e, xy));

  const auto read = parse(g, "1 + diff(blend(t, 2), t, 2)");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, "D201");
  EXPECT_EQ(read.error().span.begin, 4u);
  EXPECT_TRUE(parse(g, "diff(blend(t, 2), t)"));
  EXPECT_TRUE(parse(g, "diff(blend(1, 2)*t, t, 2)"));
}

TEST_F(UserFunctionTest, PartialsMayBeGivenForSomeParameters) {
  const UserFn f =
      add_function(g, {.name = "table",
                       .parameters = {"a", "b"},
                       .value = [](std::span<const double> in) { return in[0] + in[1]; },
                       .partials = {std::monostate{}, number(g, 1)}});
  EXPECT_TRUE(derivative(f({x, y}), y));
  EXPECT_FALSE(derivative(f({x, y}), x));
  const std::vector<Expr> only_y{y};
  EXPECT_TRUE(gradient(f({x, y}), only_y));
}

TEST_F(UserFunctionTest, ABatchGivesTheBitsOfSinglePoints) {
  const UserFn pointwise = blend();
  const UserFn blocked =
      add_function(g, {.name = "scale3",
                       .parameters = {"a", "b", "c"},
                       .value = [](std::span<const double> in) { return in[0] * in[1] + in[2]; },
                       .batch =
                           [](std::span<const double* const> in, std::span<double> out) {
                             for (std::size_t i = 0; i < out.size(); ++i)
                               out[i] = in[0][i] * in[1][i] + in[2][i];
                           }});
  const Expr f = pointwise({x, blocked({x, y, number(g, 2)})}) + blocked({y, y, x});
  const std::vector<Expr> inputs{x, y}, outputs{f, pointwise({x, number(g, 1)})};
  const auto compiled = Function::compile(inputs, outputs);
  ASSERT_TRUE(compiled);
  EXPECT_FALSE(find_fault(compiled->tape()));
  std::vector<double> xs, ys;
  for (int i = 0; i < 1000; ++i) {
    xs.push_back(0.1 * i - 30);
    ys.push_back(std::cos(i));
  }
  std::vector<double> first(1000), second(1000);
  const double* in[] = {xs.data(), ys.data()};
  double* const out[] = {first.data(), second.data()};
  compiled->batch(in, out, 1000);
  for (std::size_t i = 0; i < 1000; ++i) {
    const double at[] = {xs[i], ys[i]};
    double expected[2];
    (*compiled)(at, expected);
    ASSERT_EQ(first[i], expected[0]);
    ASSERT_EQ(second[i], expected[1]);
  }
}

TEST_F(UserFunctionTest, WorksInsideSumsOverDataAndChoices) {
  const UserFn f = bump();
  const Expr loss = data_sum(f({x * column(g, "c")}));
  const std::vector<double> c{0.5, -1, 2};
  const Data data{.names = {"c"}, .columns = {c}, .rows = 3};
  const Binding at[] = {{"x", 2.0}};
  const auto sum = evaluate(loss, at, data);
  ASSERT_TRUE(sum);
  EXPECT_DOUBLE_EQ(*sum, std::exp(-1) + std::exp(-0.25));
  const auto slope = derivative(loss, x);
  ASSERT_TRUE(slope);
  const auto slope_at = evaluate(*slope, at, data);
  ASSERT_TRUE(slope_at);
  EXPECT_DOUBLE_EQ(*slope_at, 0.5 * std::exp(-1) + 2 * std::exp(-0.25) / 16);

  const UserFn sharp = add_function(
      g, {.name = "sharp",
          .parameters = {"u"},
          .value = [](std::span<const double> in) { return std::log(in[0]); },
          .partials = {[](std::span<const double> in) { return 1 / std::sqrt(in[0]); }}});
  const auto flat = derivative(select(less(number(g, 0), x), sharp({x}), number(g, 0)), x);
  ASSERT_TRUE(flat);
  EXPECT_EQ(value(*flat, -3), 0) << "the arm not taken is NaN and does not matter";
}

TEST_F(UserFunctionTest, CompiledFunctionsOutliveTheGraphAndRunInManyThreads) {
  auto own = std::make_unique<Graph>();
  const Expr u = symbol(*own, "u");
  const UserFn f =
      add_function(*own, {.name = "cube",
                          .parameters = {"u"},
                          .value = [](std::span<const double> in) { return in[0] * in[0] * in[0]; },
                          .partials = {3 * pow(u, 2)}});
  const auto slope = derivative(f({f({u})}), u);
  ASSERT_TRUE(slope);
  const std::vector<Expr> inputs{u}, outputs{f({u}), *slope};
  const auto compiled = Function::compile(inputs, outputs);
  ASSERT_TRUE(compiled);
  own.reset();
  std::vector<std::thread> threads;
  std::vector<double> results(4);
  for (std::size_t t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 1000; ++i) {
        const double in[] = {static_cast<double>(t)};
        double out[2];
        (*compiled)(in, out);
        results[t] = out[1];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(results[2], 9 * std::pow(2.0, 8));
  EXPECT_EQ(results[3], 9 * std::pow(3.0, 8));
}

TEST_F(UserFunctionTest, PassesOverExpressionsKeepIt) {
  const UserFn f = blend();
  const Replacement swap[] = {{x, y}, {y, x}};
  EXPECT_EQ(substitute(f({x, y}) + x, swap), f({y, x}) + y);
  EXPECT_EQ(canonical(f({x, y}) * 2 + f({x, y})), 3 * f({x, y}));
  // lowered functions beside it are copied into a graph of their own
  EXPECT_DOUBLE_EQ(value(call("max", f({x, y}), x), 3, 0.5), 3);
}

TEST_F(UserFunctionTest, OrderComesFromTheNameNotFromTheRow) {
  const auto identity = [](std::span<const double> in) { return in[0]; };
  Graph one, other;
  const UserFn b1 = add_function(one, {.name = "bb", .parameters = {"u"}, .value = identity});
  const UserFn a1 = add_function(one, {.name = "aa", .parameters = {"u"}, .value = identity});
  const UserFn a2 = add_function(other, {.name = "aa", .parameters = {"u"}, .value = identity});
  const UserFn b2 = add_function(other, {.name = "bb", .parameters = {"u"}, .value = identity});
  const Expr p = symbol(one, "x"), q = symbol(other, "x");
  EXPECT_EQ(print(b1({p}) + a1({p})), "aa(x) + bb(x)");
  EXPECT_EQ(print(b2({q}) + a2({q})), "aa(x) + bb(x)");
}

TEST_F(UserFunctionTest, GeneratedCodeNeedsASpelling) {
  const UserFn f = blend();
  const auto refused = generate({.language = "c", .inputs = {x, y}, .function = f({x, y})});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "G403");
  EXPECT_NE(refused.error().message.find("blend"), std::string::npos);

  const UserFn spelled =
      add_function(g, {.name = "gauge",
                       .parameters = {"a", "b"},
                       .value = [](std::span<const double> in) { return in[0] - in[1]; },
                       .spellings = {{"c", "read_gauge", "double read_gauge(double, double);"},
                                     {"python", "gauges.read(#)", "import gauges"}}});
  const Expr read_gauge = symbol(g, "read_gauge");
  const auto c = generate({.language = "c",
                           .inputs = {x, read_gauge},
                           .function = spelled({x, number(g, 1)}) + read_gauge});
  ASSERT_TRUE(c) << c.error().message;
  EXPECT_NE(c->find("double read_gauge(double, double);"), std::string::npos) << *c;
  EXPECT_NE(c->find("read_gauge(x, 1.0) + read_gauge_"), std::string::npos) << *c;
  const auto python = generate({.language = "python", .inputs = {x}, .function = spelled({x, x})});
  ASSERT_TRUE(python);
  EXPECT_NE(python->find("import gauges\n"), std::string::npos) << *python;
  EXPECT_NE(python->find("gauges.read(x, x)"), std::string::npos) << *python;

  const Expr gauges = symbol(g, "gauges");
  const auto shadowed =
      generate({.language = "python", .inputs = {gauges}, .function = spelled({gauges, gauges})});
  ASSERT_TRUE(shadowed);
  EXPECT_NE(shadowed->find("gauges.read(gauges_, gauges_)"), std::string::npos) << *shadowed;
  EXPECT_FALSE(
      generate({.language = "c", .name = "read_gauge", .inputs = {x}, .function = spelled({x, x})}))
      << "it would call itself";
  EXPECT_TRUE(generate(
      {.language = "c",
       .inputs = {x},
       .function = select(less(number(g, 2), g.expr(g.insert_constant(*find_constant("e")))), x,
                          f({x, x}))}))
      << "what is not called needs no spelling";
}

TEST_F(UserFunctionTest, SimplifiersKeepItAndUseTheRestOfTheFormula) {
  const UserFn f = blend(), h = bump();
  const Expr one = pow(call("sin", f({x, y})), 2) + pow(call("cos", f({x, y})), 2);
  for (const int level : {2, 3}) {
    const Expr shorter = simplify(one * h({x}) + h({x}), {.level = level});
    EXPECT_EQ(shorter, 2 * h({x})) << print(shorter);
  }
}

TEST_F(UserFunctionTest, FormulasInOtherGraphsDoNotDifferentiateIt) {
  (void)bump();
  Graph other;
  other.functions() = g.functions().without_partials();
  const Expr u = symbol(other, "u");
  const std::vector<NodeId> operand{u.id};
  const auto slope = derivative(other.expr(apply(other, 0, operand)), u);
  ASSERT_FALSE(slope);
  EXPECT_EQ(slope.error().code, "D201");
}

TEST_F(UserFunctionTest, WordsOfFormulasAreNoNames) {
  const auto zero = [](std::span<const double>) { return 0.0; };
  const auto refused = [&](std::string_view words) {
    std::istringstream in{std::string(words)};
    for (std::string word; in >> word;) {
      EXPECT_THROW(add_function(g, {.name = word, .parameters = {"u"}, .value = zero}), NameError)
          << word;
    }
  };
  for (const VerbRow& verb : verbs)
    refused(std::string(verb.name) + " " + std::string(verb.aliases));
  refused("and or not if else lambda def return pi e");
}

TEST_F(UserFunctionTest, ARefusedFunctionLeavesNothingBehind) {
  const auto zero = [](std::span<const double>) { return 0.0; };
  add_function(g, {.name = "f_db", .parameters = {"u"}, .value = zero});
  const std::size_t before = g.functions().size();
  EXPECT_THROW(add_function(g, {.name = "f",
                                .parameters = {"a", "b"},
                                .value = zero,
                                .partials = {PointFunction(zero), PointFunction(zero)}}),
               NameError)
      << "f_db is taken";
  const Expr rows = data_sum(column(g, "c")), a = symbol(g, "a");
  for (const Expr partial : {rows, column(g, "c") * a, x}) {
    EXPECT_THROW(
        add_function(g, {.name = "f", .parameters = {"a"}, .value = zero, .partials = {partial}}),
        NameError);
  }
  EXPECT_EQ(g.functions().size(), before);
  (void)add_function(g, {.name = "f", .parameters = {"a"}, .value = zero});
}

TEST_F(UserFunctionTest, WhatAValueThrowsReachesTheCaller) {
  const UserFn f = add_function(
      g, {.name = "narrow", .parameters = {"u"}, .value = [](std::span<const double> in) {
            if (in[0] > 100) throw std::out_of_range("beyond the table");
            return in[0];
          }});
  const std::vector<Expr> inputs{x}, outputs{f({x}) + 1};
  const auto compiled = Function::compile(inputs, outputs);
  ASSERT_TRUE(compiled);
  std::vector<double> many(1000, 1.0), results(1000);
  many[700] = 1000;
  const double* in[] = {many.data()};
  double* const out[] = {results.data()};
  EXPECT_THROW(compiled->batch(in, out, 1000), std::out_of_range);
  EXPECT_THROW((*compiled)(std::vector{101.0}, {results.data(), 1}), std::out_of_range);
  (*compiled)(std::vector{3.0}, {results.data(), 1});
  EXPECT_EQ(results[0], 4);
}

TEST_F(UserFunctionTest, BadRowsAreRefusedWhenTheyAreAdded) {
  const auto zero = [](std::span<const double>) { return 0.0; };
  (void)blend();
  EXPECT_THROW(add_function(g, {.name = "blend", .parameters = {"u"}, .value = zero}), NameError);
  EXPECT_THROW(add_function(g, {.name = "sin", .parameters = {"u"}, .value = zero}), NameError);
  EXPECT_THROW(add_function(g, {.name = "f(", .parameters = {"u"}, .value = zero}), NameError);
  EXPECT_THROW(add_function(g, {.name = "f", .parameters = {}, .value = zero}), NameError);
  EXPECT_THROW(add_function(g, {.name = "f", .parameters = {"u", "u"}, .value = zero}), NameError);
  EXPECT_THROW(add_function(g, {.name = "f", .parameters = {"u"}, .value = {}}), NameError);
  EXPECT_THROW(add_function(g, {.name = "f", .parameters = {"a", "b", "c", "d"}, .value = zero}),
               NameError);
  EXPECT_THROW(add_function(g, {.name = "f", .parameters = {"u"}, .value = zero, .partials = {x}}),
               NameError)
      << "x is no parameter";
}

TEST_F(UserFunctionTest, ADefinitionOfTheSameNameHidesIt) {
  (void)blend();
  Scope scope;
  ASSERT_TRUE(parse_statements(g, scope, "blend(u) = u^2"));
  const auto read = parse(g, scope, "blend(x)", {});
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->value.scalar(), pow(x, 2));
}

}  // namespace
}  // namespace nabla::test
