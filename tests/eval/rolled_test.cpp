// Rolled sums run as loops: the value has the bits of the sum written out, the gradient differs by
// rounding, whatever the engine.

#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "lib/calculus/gradient.hpp"
#include "lib/calculus/roll.hpp"
#include "lib/core/functions.hpp"
#include "lib/core/graph.hpp"
#include "lib/core/substitute.hpp"
#include "lib/eval/rolled.hpp"
#include "tests/support/many_variables.hpp"
#include "tests/support/random_expr.hpp"

namespace nabla::test {
namespace {

Expr chain(std::span<const Expr> v) {
  Expr f = number(*v[0].graph, 0);
  for (std::size_t i = 0; i + 1 < v.size(); ++i) {
    const Expr u = v[i] * v[i + 1];
    f = f + (v[i] * u + call("sin"_fn, u));
  }
  return f;
}

std::vector<double> values(std::span<const Expr> in, std::span<const Expr> out,
                           std::span<const double> at) {
  const auto f = Function::compile(in, out);
  EXPECT_TRUE(f);
  std::vector<double> result(out.size());
  if (f) (*f)(at, result);
  return result;
}

std::uint64_t bits(double x) { return std::bit_cast<std::uint64_t>(x); }

// A sum of `terms` shifted copies of a random term, and something else.
struct RandomSum {
  RandomSum(Graph& g, std::uint64_t seed, std::size_t terms) {
    RandomExpressions random(g, {.seed = seed, .operations = 8, .kinks = false, .choices = false});
    const Expr term = random.next();
    for (std::size_t i = 0; i < terms + 2; ++i) v.push_back(symbol(g, "v" + std::to_string(i)));
    f = seed % 2 == 0 ? v[5] * v[7] : number(g, 0);
    at.resize(v.size());
    for (std::size_t i = 0; i < v.size(); ++i) at[i] = random.point()[i % random.point().size()];
    for (std::size_t i = 0; i + 2 < v.size(); i += 3) {
      std::vector<Replacement> shift;
      for (std::size_t j = 0; j < 3; ++j) shift.push_back({random.variables()[j], v[i + j]});
      f = f + substitute(term, shift);
    }
  }
  std::vector<Expr> v;
  std::vector<double> at;
  Expr f;
};

TEST(RolledFunction, TheValueHasTheBitsOfTheSumWrittenOut) {
  int rolled_ones = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    Graph g;
    const RandomSum s(g, seed, 90);
    const auto rolled = roll(s.f, s.v);
    ASSERT_TRUE(rolled);
    rolled_ones += !rolled->templates.empty();
    const auto run = RolledFunction::compile(*rolled, s.v);
    ASSERT_TRUE(run);
    const Expr written = *unroll(*rolled, s.v);
    const double expected = values(s.v, {&written, 1}, s.at)[0], got = (*run)(s.at);
    EXPECT_TRUE(bits(got) == bits(expected) || (std::isnan(got) && std::isnan(expected))) << seed;
  }
  EXPECT_GT(rolled_ones, 30);
}

TEST(RolledFunction, TheGradientDiffersByRounding) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    Graph g;
    const RandomSum s(g, seed, 90);
    const auto rolled = roll(s.f, s.v);
    const auto slopes = gradient(*rolled, s.v);
    ASSERT_TRUE(slopes);
    const auto run = RolledFunction::compile(*rolled, s.v, {}, &*slopes);
    ASSERT_TRUE(run);
    std::vector<double> got(s.v.size());
    (*run)(s.at, {}, got);
    const auto expected = values(s.v, *gradient(s.f, s.v), s.at);
    for (std::size_t i = 0; i < got.size(); ++i) {
      if (std::isnan(expected[i])) continue;
      EXPECT_NEAR(got[i], expected[i], 1e-12 * std::max(1.0, std::fabs(expected[i]))) << seed;
    }
  }
}

TEST(RolledFunction, EnginesAgreeBitForBit) {
  Graph g;
  const auto v = names(g, 5000);
  const auto at = point(v.size());
  const auto rolled = roll(chain(v), v);
  const auto slopes = gradient(*rolled, v);
  for (const SumOrder order : {SumOrder::in_order, SumOrder::lanes}) {
    std::vector<double> native(v.size()), interpreted(v.size());
    const auto one = RolledFunction::compile(*rolled, v, {}, &*slopes, {.sums = order});
    const auto other = RolledFunction::compile(*rolled, v, {}, &*slopes,
                                               {.sums = order, .engine = Engine::interpreter});
    EXPECT_EQ(bits((*one)(at, {}, native)), bits((*other)(at, {}, interpreted)));
    EXPECT_EQ(native, interpreted);
    EXPECT_EQ(bits((*one)(at)), bits((*one)(at, {}, native)));
  }
}

TEST(RolledFunction, LanesAddTheSameTerms) {
  Graph g;
  const auto v = names(g, 20'000);
  const auto at = point(v.size());
  const auto rolled = roll(chain(v), v);
  const double in_order = (*RolledFunction::compile(*rolled, v))(at);
  const double lanes =
      (*RolledFunction::compile(*rolled, v, {}, nullptr, {.sums = SumOrder::lanes}))(at);
  EXPECT_NEAR(lanes, in_order, 1e-11 * in_order);
}

TEST(RolledFunction, ParametersAreTheSameForAllTerms) {
  Graph g;
  const auto v = names(g, 40);
  const Expr p = symbol(g, "p"), q = symbol(g, "q");
  Expr f = p * q;
  for (const Expr x : v) f = f + call("exp"_fn, p * x) * q;
  const auto rolled = roll(f, v);
  ASSERT_EQ(rolled->templates.size(), 1u);
  const auto slopes = gradient(*rolled, v);
  const std::vector<Expr> parameters{p, q};
  const auto run = RolledFunction::compile(*rolled, v, parameters, &*slopes);
  ASSERT_TRUE(run);
  const auto at = point(v.size());
  const std::vector<double> with{0.75, -2};
  std::vector<double> got(v.size());
  double expected = 0.75 * -2;
  for (const double x : at) expected += std::exp(0.75 * x) * -2;
  EXPECT_NEAR((*run)(at, with, got), expected, 1e-12);
  for (std::size_t i = 0; i < v.size(); ++i) {
    EXPECT_NEAR(got[i], -1.5 * std::exp(0.75 * at[i]), 1e-14);
  }
  EXPECT_EQ(RolledFunction::compile(*rolled, v).error().code, "E301");
}

TEST(RolledFunction, WhatIsIrregularIsAllRest) {
  Graph g;
  const auto v = names(g, 3);
  const Expr f = v[0] * v[1] + call("sin"_fn, v[2]);
  const auto rolled = roll(f, v);
  ASSERT_TRUE(rolled->templates.empty());
  const auto slopes = gradient(*rolled, v);
  const auto run = RolledFunction::compile(*rolled, v, {}, &*slopes);
  const std::vector<double> at{2, 3, 0.5};
  std::vector<double> got(3);
  EXPECT_EQ((*run)(at, {}, got), 6 + std::sin(0.5));
  EXPECT_EQ(got, (std::vector<double>{3, 2, std::cos(0.5)}));
}

TEST(RolledFunction, AConstantIsARestWithoutInputs) {
  Graph g;
  const auto v = names(g, 2);
  const auto rolled = roll(number(g, 0), v);
  const auto slopes = gradient(*rolled, v);
  const auto run = RolledFunction::compile(*rolled, v, {}, &*slopes);
  const std::vector<double> at{1, 2};
  std::vector<double> got(2, 7);
  EXPECT_EQ(bits((*run)(at, {}, got)), bits(0.0));
  EXPECT_EQ(got, (std::vector<double>{0, 0}));
}

TEST(RolledFunction, WrongSizesAndNamesGivenTwiceAreRefused) {
  Graph g;
  const auto v = names(g, 20);
  const auto rolled = roll(chain(v), v);
  const auto run = RolledFunction::compile(*rolled, v);
  std::vector<double> few(3), room(20), at = point(20);
  EXPECT_THROW((*run)(few), CallError);
  EXPECT_THROW((*run)(at, few), CallError);
  EXPECT_THROW((*run)(at, {}, room), CallError);  // it has no gradient
  std::vector<Expr> twice = v;
  twice[3] = v[4];
  EXPECT_EQ(RolledFunction::compile(*rolled, twice).error().code, "E303");
}

TEST(RolledFunction, AStopEndsTheLoop) {
  Graph g;
  const auto v = names(g, 5000);
  const auto run = RolledFunction::compile(*roll(chain(v), v), v);
  const Stop stop = true;
  EXPECT_THROW((*run)(point(v.size()), {}, {}, &stop), LimitError);
}

TEST(RolledFunction, SumsOverDataAreRefused) {
  Graph g;
  const auto v = names(g, 2);
  const Expr f = v[0] * data_sum(column(g, "c") * v[1]);
  EXPECT_EQ(RolledFunction::compile(*roll(f, v), v).error().code, "E306");
}

}  // namespace
}  // namespace nabla::test
