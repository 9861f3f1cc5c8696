// Templates: long sums as one body and a table.

#include <algorithm>
#include <cmath>

#include "lib/calculus/roll.hpp"
#include "lib/core/substitute.hpp"
#include "lib/eval/function.hpp"
#include "tests/calculus/support.hpp"
#include "tests/support/many_variables.hpp"
#include "tests/support/random_expr.hpp"

namespace nabla::test {
namespace {

class Roll : public Calculus {
 protected:
  static std::vector<double> values(std::span<const Expr> in, std::span<const Expr> out,
                                    std::span<const double> at) {
    const auto f = Function::compile(in, out);
    EXPECT_TRUE(f);
    std::vector<double> result(out.size());
    if (f) (*f)(at, result);
    return result;
  }

  // Value and gradient as a loop over the tables.
  static std::vector<double> looped(const Rolled& r, const RolledGradient& d,
                                    std::span<const Expr> v, std::span<const double> at) {
    std::vector<double> total(v.size() + 1);
    total[0] = values(v, {&r.rest, 1}, at)[0];
    if (!d.rest.empty()) {
      const auto rest = values(v, d.rest, at);
      for (std::size_t i = 0; i < v.size(); ++i) total[i + 1] += rest[i];
    }
    for (std::size_t t = 0; t < r.templates.size(); ++t) {
      const Template& body = r.templates[t];
      std::vector<Expr> out{body.body};
      out.insert(out.end(), d.slopes[t].begin(), d.slopes[t].end());
      const auto f = Function::compile(body.slots, out);
      EXPECT_TRUE(f);
      const std::size_t width = body.slots.size();
      std::vector<double> in(width), results(out.size());
      for (std::size_t row = 0; row < body.terms(); ++row) {
        for (std::size_t j = 0; j < width; ++j) in[j] = at[body.table[row * width + j]];
        (*f)(in, results);
        total[0] += results[0];
        for (std::size_t j = 0; j < width; ++j) {
          total[body.table[row * width + j] + 1] += results[j + 1];
        }
      }
    }
    return total;
  }

  void expect_loop_equals_gradient(Expr f, std::span<const Expr> v) {
    const auto at = point(v.size());
    const auto rolled = roll(f, v);
    ASSERT_TRUE(rolled);
    const auto slopes = gradient(*rolled, v);
    ASSERT_TRUE(slopes);
    std::vector<Expr> all{f};
    const auto plain = gradient(f, v);
    all.insert(all.end(), plain->begin(), plain->end());
    const auto expected = values(v, all, at), got = looped(*rolled, *slopes, v, at);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      EXPECT_NEAR(got[i], expected[i], 1e-11 * std::max(1.0, std::fabs(expected[i]))) << i;
    }
  }
};

TEST_F(Roll, AChainIsOneTemplateOfTwoSlots) {
  const auto v = names(g, 200);
  Expr f = num(0);
  for (std::size_t i = 0; i + 1 < v.size(); ++i) {
    const Expr u = v[i] * v[i + 1];
    f = f + (v[i] * u + call("sin"_fn, u));
  }
  const auto rolled = roll(f, v);
  ASSERT_TRUE(rolled);
  ASSERT_EQ(rolled->templates.size(), 1u);
  EXPECT_EQ(rolled->templates[0].slots.size(), 2u);
  EXPECT_EQ(rolled->templates[0].terms(), 199u);
  EXPECT_EQ(rolled->rest.id, Graph::zero);
  EXPECT_LE(operations(rolled->templates[0].body), 4u);
  expect_loop_equals_gradient(f, v);
}

// The first terms of a sum that grew from the left are a short sum, and yet terms like the others.
TEST_F(Roll, TermsStandInTheirOrderFromTheFirstToTheLast) {
  const auto v = names(g, 50);
  Expr f = num(0);
  for (std::size_t i = 0; i + 1 < v.size(); ++i) f = f + call("sin"_fn, v[i]) * v[i + 1];
  const auto rolled = roll(f, v);
  ASSERT_EQ(rolled->templates.size(), 1u);
  const auto& table = rolled->templates[0].table;
  ASSERT_EQ(table.size(), 98u);
  for (std::uint32_t i = 0; i < 49; ++i) {
    EXPECT_EQ(table[2 * i], i);
    EXPECT_EQ(table[2 * i + 1], i + 1);
  }
  EXPECT_EQ(rolled->rest.id, Graph::zero);
  EXPECT_EQ(*unroll(*rolled, v), f);
}

TEST_F(Roll, WhatIsNoTermOfTheOthersStaysInTheRest) {
  const auto v = names(g, 50);
  Expr f = pow(v[3], 5);
  for (std::size_t i = 0; i + 1 < v.size(); ++i) f = f + call("sin"_fn, v[i]) * v[i + 1];
  const auto rolled = roll(f, v);
  ASSERT_EQ(rolled->templates.size(), 1u);
  EXPECT_EQ(rolled->templates[0].terms(), 49u);
  EXPECT_EQ(rolled->rest, pow(v[3], 5));
  EXPECT_EQ(*unroll(*rolled, v), f);
}

TEST_F(Roll, TheDerivativeCostsTheSameForAnyNumberOfTerms) {
  std::size_t created[2];
  for (const std::size_t k : {0u, 1u}) {
    Graph h;
    std::vector<Expr> v;
    for (std::size_t i = 0; i < 100 * (9 * k + 1); ++i) {
      v.push_back(symbol(h, "v" + std::to_string(i)));
    }
    Expr f = number(h, 0);
    for (std::size_t i = 0; i + 1 < v.size(); ++i) f = f + pow(v[i + 1] - v[i] * v[i], 2);
    const auto rolled = roll(f, v);
    const std::size_t before = h.size();
    ASSERT_TRUE(gradient(*rolled, v));
    created[k] = h.size() - before;
  }
  EXPECT_EQ(created[0], created[1]);
}

TEST_F(Roll, NumbersAndParametersArePartOfTheShape) {
  const auto v = names(g, 60);
  Expr f = y;
  for (std::size_t i = 0; i < 30; ++i) f = f + 2 * call("exp"_fn, v[i] * y);
  for (std::size_t i = 30; i < 60; ++i) f = f + 3 * call("exp"_fn, v[i] * y);
  const auto rolled = roll(f, v);
  ASSERT_TRUE(rolled);
  EXPECT_EQ(rolled->templates.size(), 2u);
}

TEST_F(Roll, AVariableThatOccursTwiceIsOneSlot) {
  const auto v = names(g, 40);
  Expr f = num(0);
  for (std::size_t i = 0; i + 1 < v.size(); ++i) f = f + call("sin"_fn, v[i] + v[i] * v[i + 1]);
  for (std::size_t i = 0; i + 2 < v.size(); ++i) f = f + call("sin"_fn, v[i] + v[i + 1] * v[i + 2]);
  const auto rolled = roll(f, v);
  ASSERT_TRUE(rolled);
  ASSERT_EQ(rolled->templates.size(), 2u);
  EXPECT_EQ(rolled->templates[0].slots.size() + rolled->templates[1].slots.size(), 5u);
  expect_loop_equals_gradient(f, v);
}

TEST_F(Roll, WhatIsIrregularStaysAsItIs) {
  const Expr f = call("sin"_fn, x) * y + call("exp"_fn, z) - pow(x, 3);
  const auto rolled = roll(f, xyz);
  ASSERT_TRUE(rolled);
  EXPECT_TRUE(rolled->templates.empty());
  EXPECT_EQ(rolled->rest, f);
  expect_loop_equals_gradient(f, xyz);
}

TEST_F(Roll, NamesOfSlotsDoNotCaptureThoseOfTheUser) {
  const auto v = names(g, 20);
  const Expr mine = symbol(g, "_s0");
  Expr f = num(0);
  for (const Expr e : v) f = f + e * mine;
  for (const Expr e : v) f = f + call("sin"_fn, e * mine);
  const auto rolled = roll(f, v);
  ASSERT_TRUE(rolled);
  for (const Template& t : rolled->templates) {
    for (const Expr slot : t.slots) EXPECT_NE(slot, mine);
  }
}

TEST_F(Roll, UnrollingGivesTheFunctionBack) {
  const auto v = names(g, 30);
  Expr f = pow(v[3], 5);
  for (std::size_t i = 0; i + 1 < v.size(); ++i) f = f + call("cos"_fn, v[i] - v[i + 1]) * v[i];
  const auto back = unroll(*roll(f, v), v);
  ASSERT_TRUE(back);
  const auto at = point(v.size());
  EXPECT_NEAR(values(v, {&*back, 1}, at)[0], values(v, {&f, 1}, at)[0], 1e-12);
}

// Random terms, each with its variables shifted along: templates of any shape.
TEST_F(Roll, RandomTemplatesHaveTheGradientOfTheirSums) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    Graph h;
    RandomExpressions random(
        h, {.seed = seed, .operations = 8, .kinks = false, .choices = false, .polynomial = true});
    const Expr term = random.next();
    std::vector<Expr> v;
    for (int i = 0; i < 40; ++i) v.push_back(symbol(h, "v" + std::to_string(i)));
    Expr f = number(h, 0);
    for (std::size_t i = 0; i + 2 < v.size(); ++i) {
      std::vector<Replacement> shift;
      for (std::size_t j = 0; j < random.variables().size(); ++j) {
        shift.push_back({random.variables()[j], v[i + j]});
      }
      f = f + substitute(term, shift);
    }
    expect_loop_equals_gradient(f, v);
  }
}

TEST_F(Roll, SumsUsedInManyOthersAreNotWrittenOut) {
  // As a tree this has 2^60 terms.
  const auto v = names(g, 61);
  Expr f = v[0];
  for (std::size_t i = 1; i < v.size(); ++i) f = (f + call("sin"_fn, v[i])) + (f + v[i]);
  const auto rolled = roll(f, v);
  ASSERT_TRUE(rolled);
  expect_loop_equals_gradient(f, v);
}

TEST_F(Roll, ShapesMayTakeTurns) {
  const auto v = symbols(g, "v", 400);
  Expr f = number(g, 0);
  for (std::size_t i = 0; i + 2 < v.size(); ++i) {
    const Expr x = v[i], y = v[i + 1], z = v[i + 2];
    f = f + (i % 3 == 0   ? x * y * call("sin"_fn, x * y)
             : i % 3 == 1 ? call("exp"_fn, x) * z
                          : pow(z, 3) * y);
  }
  const auto rolled = roll(f, v);
  ASSERT_TRUE(rolled);
  EXPECT_EQ(rolled->templates.size(), 3u);
  EXPECT_EQ(rolled->rest.id, Graph::zero);
  expect_loop_equals_gradient(f, v);
}

TEST_F(Roll, TheSameVariableTwiceIsAnotherShapeThanTwoVariables) {
  const auto v = symbols(g, "v", 40);
  Expr f = number(g, 0);
  for (std::size_t i = 0; i < 20; ++i) {
    f = f + call("sin"_fn, v[i]) * call("exp"_fn, v[i + 20]);
    f = f + call("sin"_fn, v[i]) * call("exp"_fn, v[i]);
  }
  const auto rolled = roll(f, v);
  ASSERT_TRUE(rolled);
  ASSERT_EQ(rolled->templates.size(), 2u);
  EXPECT_EQ(rolled->templates[0].slots.size() + rolled->templates[1].slots.size(), 3u);
  expect_loop_equals_gradient(f, v);
}

TEST_F(Roll, SlotsAvoidTheNamesOfFamilies) {
  const auto v = symbols(g, "_s", 30);
  Expr f = number(g, 0);
  for (std::size_t i = 0; i + 1 < v.size(); ++i) f = f + v[i] * call("sin"_fn, v[i + 1]);
  const auto rolled = roll(f, v);
  ASSERT_TRUE(rolled);
  ASSERT_EQ(rolled->templates.size(), 1u);
  for (const Expr slot : rolled->templates[0].slots) {
    EXPECT_EQ(std::ranges::find(v, slot), v.end());
  }
  expect_loop_equals_gradient(f, v);
}

}  // namespace
}  // namespace nabla::test
