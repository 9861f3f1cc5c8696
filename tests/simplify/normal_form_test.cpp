#include "simplify/normal_form.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "lib/calculus/derivative.hpp"
#include "lib/calculus/gradient.hpp"
#include "lib/core/special.hpp"
#include "lib/emit/print.hpp"
#include "parser/parse.hpp"
#include "simplify/metric.hpp"
#include "simplify/simplify.hpp"
#include "tests/support/mpfr_eval.hpp"
#include "tests/support/random_expr.hpp"

namespace nabla {
namespace {

using test::RandomExpressions;

std::string canonical_text(std::string_view text) {
  Graph g;
  const auto read = parse(g, text, {.variables = {"a", "b", "w"}, .columns = {}});
  if (!read) return read.error().message;
  return print(canonical(read->value.entries.front()));
}

TEST(Canonical, CollectsLikeTerms) {
  EXPECT_EQ(canonical_text("x + y + x"), "2*x + y");
  EXPECT_EQ(canonical_text("x - (y - (z - x))"), "z - y");
  EXPECT_EQ(canonical_text("2*x*y + y*x - 3*x*y"), "0");
  EXPECT_EQ(canonical_text("(x + y)*2 + 3*(x + y)"), "5*(x + y)");
  EXPECT_EQ(canonical_text("x/2 + x/3"), "5*x/6");
  EXPECT_EQ(canonical_text("x/(2*y) + x/(3*y)"), "5*x/(6*y)");
  EXPECT_EQ(canonical_text("0.5*x + 0.25*x"), "0.75*x");
  EXPECT_EQ(canonical_text("(x + y)^2 + (x + y) + x"), "(x + y)^2 + 2*x + y");
  EXPECT_EQ(canonical_text("x + 2 - y + 5 - 7"), "x - y");
}

TEST(Canonical, CollectsEqualBases) {
  EXPECT_EQ(canonical_text("x*y*x"), "x^2*y");
  EXPECT_EQ(canonical_text("x*y*x/(y*x*z)"), "x/z");
  EXPECT_EQ(canonical_text("sqrt(x)*sqrt(x)"), "x");
  EXPECT_EQ(canonical_text("x*sqrt(x)"), "x^(3/2)");
  EXPECT_EQ(canonical_text("(x*y)^3/x"), "x^2*y^3");
  EXPECT_EQ(canonical_text("(2*x)^3"), "8*x^3");
  EXPECT_EQ(canonical_text("(x*y)^-1*(2*z)^-2"), "1/(4*x*y*z^2)");
  EXPECT_EQ(canonical_text("sqrt(sqrt(x))"), "x^(1/4)");
  EXPECT_EQ(canonical_text("2/sqrt(2)"), "sqrt(2)");
  EXPECT_EQ(canonical_text("x*sqrt(2)/2"), "x/sqrt(2)");
}

TEST(Canonical, StandsInTheOrderReadersExpect) {
  EXPECT_EQ(canonical_text("5 + x^2 - 4*x"), "x^2 - 4*x + 5");
  EXPECT_EQ(canonical_text("3*y^2 + 2*y*x"), "2*x*y + 3*y^2");
  EXPECT_EQ(canonical_text("-x^2 + 1"), "1 - x^2");
  EXPECT_EQ(canonical_text("b + x*w"), "w*x + b");
  EXPECT_EQ(canonical_text("sin(x)*2*x + cos(x)*x^2"), "x^2*cos(x) + 2*x*sin(x)");
  EXPECT_EQ(canonical_text("x_10 + x_9 + x_1"), "x_1 + x_9 + x_10");
  EXPECT_EQ(canonical_text("y/(x*3)*2/z"), "2*y/(3*x*z)");
  EXPECT_EQ(canonical_text("-(y*2*x)/3"), "-2*x*y/3");
  EXPECT_EQ(canonical_text("exp(-x)/(1 + exp(-x))^2"), "exp(-x)/(exp(-x) + 1)^2");
}

TEST(Canonical, NeverNarrowsTheDomain) {
  for (const char* text :
       {"sqrt(x*y)", "log(x*y)", "log(x^2)", "sqrt(x^2)", "(x^3)^(1/3)", "(x^2)^y", "(x^y)^z",
        "x^(y + z)", "asin(sin(x))", "1/0 - 1/0", "2*(x + y)", "-(x - y)", "(x + y)*(x - y)",
        "(x + 1)^2", "(2*x)^1000", "x*(0.3*x)^2"}) {
    EXPECT_EQ(canonical_text(text), text);
  }
  EXPECT_EQ(canonical_text("sin(1)*(1/0)/sin(1)*x"), canonical_text("x*(1/0)*(sin(1)/sin(1))"));
  EXPECT_EQ(canonical_text("(1/0)*0*(1/0)"), "0*0^(-2)");
}

TEST(Canonical, GoldenDerivativeOfTheSpecification) {
  Graph g;
  const Expr x = symbol(g, "x");
  const Expr d = canonical(*derivative(pow(x, 2) * call("sin", x), x));
  EXPECT_EQ(print(d), "x^2*cos(x) + 2*x*sin(x)");
  EXPECT_EQ(tree_operations(d), 7u);
}

TEST(Canonical, MeansOverDataAreRecognised) {
  Graph g;
  const auto read = parse(g, "(1/n)*sum((y_i - (w*x_i + b))^2) + 2*w*mean(x)",
                          {.variables = {}, .columns = {"x", "y"}});
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(print(canonical(read->value.entries.front())),
            "2*w*mean(x_i) + sum((y_i - w*x_i - b)^2)/n");
}

TEST(Canonical, WhatIsTheSameInEveryRowStandsInFrontOfTheSum) {
  Graph g;
  const Expr x_i = column(g, "x"), y_i = column(g, "y"), w = symbol(g, "w");
  EXPECT_EQ(print(canonical(data_sum(2 * x_i * w * y_i))), "2*w*sum(x_i*y_i)");
  EXPECT_EQ(print(canonical(data_sum(2 * x_i * (w + y_i)))), "2*sum(x_i*(w + y_i))");
}

TEST(Canonical, DoesNotDependOnHistory) {
  Graph a, b;
  symbol(b, "z");
  symbol(b, "y");
  const auto f = parse(a, "x*y*3 + z*sin(y + x) - 2*z + z*y*x");
  const auto h = parse(b, "y*x*z - z - z + sin(x + y)*z + 3*y*x");
  ASSERT_TRUE(f && h);
  EXPECT_EQ(print(canonical(f->value.entries.front())), print(canonical(h->value.entries.front())));
}

TEST(Canonical, IsIdempotent) {
  for (std::uint64_t seed = 1; seed <= 10'000; ++seed) {
    Graph g;
    RandomExpressions random(g, {.seed = seed,
                                 .operations = 2 + static_cast<int>(seed % 30),
                                 .columns = seed % 5 == 0,
                                 .anywhere = seed % 2 == 0});
    const Expr e = random.next();
    const Expr once = canonical(e);
    ASSERT_EQ(canonical(once), once) << seed << ": " << print(e);
  }
}

// Where the expression has a value, the canonical form has the same one. Values that 300 and 700
// bits disagree about say nothing, and jumps multiply roundings.
void expect_same_values(bool anywhere, std::uint64_t seeds) {
  int compared = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    Graph g;
    RandomExpressions random(g, {.seed = seed,
                                 .operations = 2 + static_cast<int>(seed % 25),
                                 .kinks = !anywhere,
                                 .choices = !anywhere,
                                 .decimals = false,
                                 .anywhere = anywhere});
    const Expr e = random.next(), c = canonical(e);
    if (c == e) continue;
    const std::vector<NodeId> roots{e.id, c.id};
    for (int point = 0; point < (anywhere ? 4 : 1); ++point) {
      std::vector<double> at(random.point().begin(), random.point().end());
      at.resize(random.variables().size());
      static constexpr double special[] = {0, 1, -1, 0.5, -0.5, 2, -2, 3};
      for (double& x : at) {
        if (anywhere) x = point < 3 ? special[random.below(8)] : random.uniform(-4, 4);
      }
      std::vector<test::MpfrEvaluator> values;
      for (const mpfr_prec_t bits : {300, 700}) {
        auto& m = values.emplace_back(g, roots, bits);
        for (std::size_t i = 0; i < at.size(); ++i) m.set(random.variables()[i].id, at[i]);
        m.run();
      }
      const auto difference = [](mpfr_srcptr a, mpfr_srcptr b) {
        test::Real d(700), size(700);
        mpfr_sub(d, a, b, MPFR_RNDN);
        mpfr_abs(size, a, MPFR_RNDN);
        mpfr_add_ui(size, size, 1, MPFR_RNDN);
        mpfr_div(d, d, size, MPFR_RNDN);
        return std::abs(d.to_double());
      };
      const auto sure = values[1].value(e.id);
      if (!mpfr_number_p(sure) || difference(sure, values[0].value(e.id)) > 1e-60) continue;
      ++compared;
      ASSERT_TRUE(mpfr_number_p(values[1].value(c.id))) << seed << ": " << print(e) << "\n"
                                                        << print(c);
      ASSERT_LT(difference(sure, values[1].value(c.id)), 1e-40) << seed << ": " << print(e) << "\n"
                                                                << print(c);
    }
  }
  EXPECT_GT(compared, static_cast<int>(seeds) / 3);
}

TEST(Canonical, KeepsValues) { expect_same_values(false, 4000); }
TEST(Canonical, KeepsValuesWhereTheDomainEnds) { expect_same_values(true, 6000); }

TEST(Canonical, GradientsStayShared) {
  Graph g;
  std::vector<Expr> x;
  for (int i = 0; i < 200; ++i) x.push_back(symbol(g, "x_" + std::to_string(i)));
  Expr product = x[0], nested = x[0];
  for (int i = 1; i < 200; ++i) {
    product = product * x[static_cast<std::size_t>(i)];
    nested = call("sin", nested) * x[static_cast<std::size_t>(i)] + x[static_cast<std::size_t>(i)];
  }
  for (const Expr f : {product, nested}) {
    const auto entries = gradient(f, x);
    ASSERT_TRUE(entries);
    const auto size = [&](std::span<const Expr> roots) {
      std::vector<NodeId> ids;
      for (const Expr e : roots) ids.push_back(e.id);
      return g.below(ids).size();
    };
    const std::vector<Expr> result = canonical(*entries);
    EXPECT_LE(size(result), size(*entries));
    EXPECT_EQ(canonical(result), result);
  }
}

TEST(Canonical, LevelZeroLeavesThingsAlone) {
  Graph g;
  const Expr x = symbol(g, "x"), e = x + (x + 1);
  EXPECT_EQ(simplify(e, {.level = 0}), e);
  EXPECT_EQ(print(simplify(e)), "2*x + 1");
  EXPECT_EQ(simplify(std::vector{e, e}), (std::vector{canonical(e), canonical(e)}));
}

}  // namespace
}  // namespace nabla
