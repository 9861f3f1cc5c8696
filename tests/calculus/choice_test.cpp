// The branch of a choice that is not taken never matters, whatever it is worth (ADR 0011).

#include <cmath>
#include <random>

#include "lib/core/substitute.hpp"
#include "lib/emit/print.hpp"
#include "tests/calculus/support.hpp"
#include "tests/support/central_difference.hpp"
#include "tests/support/random_expr.hpp"

namespace nabla::test {
namespace {

class Choice : public Calculus {
 protected:
  // Value of df/dx by both sweeps, which must agree.
  double slope(Expr f, double px, double py = 0, double pz = 0) {
    const double forward = at(d(f, x), px, py, pz), backward = at(grad(f)[0], px, py, pz);
    EXPECT_TRUE(forward == backward || (std::isnan(forward) && std::isnan(backward)))
        << forward << " and " << backward;
    return forward;
  }
};

TEST_F(Choice, ARootOnOneSideHasDerivativesOnBoth) {
  const Expr f = select(less(num(0), x), root(x), num(0));
  EXPECT_EQ(slope(f, -3), 0);
  EXPECT_EQ(slope(f, 0), 0);
  EXPECT_EQ(slope(f, 1), 0.5);
  EXPECT_EQ(at(d(f, x, 2), -3), 0);
  EXPECT_EQ(at(d(f, x, 2), 0), 0);
  EXPECT_EQ(at(d(f, x, 2), 1), -0.25);
  EXPECT_EQ(at(d(f, x, 4), -3), 0);
}

TEST_F(Choice, ARootOfAMaximumIsFlatWhereTheMaximumIs) {
  const Expr f = root(call("max", num(0), pow(x, 2) - pow(z, 2)));
  EXPECT_EQ(slope(f, 1, 0, 2), 0);
  EXPECT_DOUBLE_EQ(slope(f, 2, 0, 1), 2 / std::sqrt(3.0));
  EXPECT_EQ(at(d(f, x, 2), 1, 0, 2), 0);
}

TEST_F(Choice, ARootOfASumOfMaximaIsFlatWhereAllOfThemAre) {
  const Expr f = root(call("max", num(0), x) + call("max", num(0), x + y));
  EXPECT_EQ(slope(f, -1, -1), 0);
  EXPECT_DOUBLE_EQ(slope(f, -1, 2), 0.5);
  EXPECT_DOUBLE_EQ(slope(f, 2, 0), 2 * 0.5 / std::sqrt(4.0));
}

TEST_F(Choice, APoleInTheBranchNotTakenIsHarmless) {
  const Expr f = select(x, pow(1 / x, 12), num(0));
  EXPECT_EQ(slope(f, 0), 0);
  EXPECT_EQ(slope(f, 1), -12);
  const Expr h = select(equal(x, num(0)), num(1), call("sin", x) / x);
  EXPECT_EQ(slope(h, 0), 0);
  const Expr scaled = pow(f, 2) * call("log", 1 + f) + y * f;
  EXPECT_EQ(slope(scaled, 0, 3), 0);
}

TEST_F(Choice, NestsOfChoicesAreHarmless) {
  const Expr inner =
      select(less(num(1), x), root(x - 1), select(less(x, num(-1)), root(-x - 1), num(0)));
  const Expr f = root(inner) * call("exp", y) + pow(inner, half() + 1);
  EXPECT_EQ(slope(f, 0, 1), 0);
  EXPECT_DOUBLE_EQ(slope(f, 2, 0), 0.25 + 0.75);
  EXPECT_DOUBLE_EQ(slope(f, -2, 0), -0.25 - 0.75);
  EXPECT_EQ(at(d(f, x, 2), 0, 1), 0);
}

TEST_F(Choice, ANodeSharedInsideAndOutsideKeepsTheOutsideDerivative) {
  const Expr s = root(call("abs", x)), outside = s * s * s;
  const Expr f = select(less(y, num(0)), call("log", s), num(0)) + outside;
  EXPECT_DOUBLE_EQ(slope(f, 4, 1), 3);
  const Expr shared = x - 1;  // 0 at 1, where its root has no derivative
  const Expr h = select(less(num(2), x), root(shared), shared * 5) + pow(shared, 2);
  EXPECT_EQ(slope(h, 1), 5);
  EXPECT_DOUBLE_EQ(slope(h, 5), 0.25 + 8);
}

TEST_F(Choice, BothSidesOfOneChoiceBecomeOneChoice) {
  const Expr f = call("sin", select(less(x, y), x * x, x + 1));
  EXPECT_EQ(count(Op::select, grad(f)[0]), 2u) << "the one in f, and the one between the slopes";
  EXPECT_EQ(count(Op::select, d(f, x)), 2u);
}

TEST_F(Choice, GuardsDoNotPileUpAlongAChain) {
  Expr f = x;
  for (int i = 1; i <= 50; ++i) f = call("max", num(0), f * y - i);
  const std::vector<Expr> partials = grad(f);
  EXPECT_LE(count(Op::select, partials[0]), 2u);
  EXPECT_LE(operations(partials), 600u);
  EXPECT_LE(operations(d(f, x)), 500u);
}

TEST_F(Choice, AVariableUnderManyGuardsBuildsNoGuardOfAllOfThem) {
  Expr f = num(0);
  for (int i = 0; i < 50; ++i) f = f + select(less(x, num(i)), pow(x, i + 2), num(0));
  const std::size_t before = g.size();
  grad(f);
  for (std::size_t id = before; id < g.size(); ++id) {
    EXPECT_NE(g[NodeId{static_cast<std::uint32_t>(id)}].op, Op::either);
  }
}

TEST_F(Choice, TheConditionItselfHasNoDerivative) {
  const Expr f = select(less(pow(x, 2), y), num(1), num(2));
  EXPECT_EQ(d(f, x), num(0));
  EXPECT_EQ(grad(f)[0], num(0));
}

// Expressions in which parts are hidden behind choices: the part not taken is NaN, infinite, or has
// an infinite slope exactly at the point, and must change nothing.
class Poison {
 public:
  Poison(Graph& g, RandomExpressions& random) : g_(g), random_(random) {}

  Expr into(Expr f) {
    std::vector<NodeId> places;
    for (const NodeId id : g_.below(f.id)) {
      const bool arithmetic = g_[id].op <= Op::call && !g_[id].is_number();
      if (arithmetic && g_[id].flags & depends_on_symbol) places.push_back(id);
    }
    if (places.empty()) return f;
    const auto at = static_cast<std::size_t>(random_.below(static_cast<int>(places.size())));
    const Expr e = g_.expr(places[at]);
    const Replacement hidden{e, hide(e)};
    return substitute(f, {&hidden, 1});
  }

 private:
  // e, in a costume: worth e and with the slope of e.
  Expr hide(Expr e) {
    const Expr zero = number(g_, 0), one = number(g_, 1), p = poison(), no = never();
    switch (random_.below(9)) {
      case 0: return select(no, p, e);
      case 1: return select(always(), e, p);
      case 2: return select(no, p * e, e);
      case 3: {
        const Expr inner = select(never(), p, e);
        return select(always(), inner, e * p + inner);
      }
      case 4: return e + call("sqrt", call("max", zero, -1 - e * e));
      case 5: return e + call("cbrt", select(no, e, zero));
      case 6: return e * select(always(), one, p);
      case 7: return e + call("sqrt", select(no, p, zero));
      default: return call("max", e, select(no, p, e - 1)) + pow(select(no, e * p, zero), 3);
    }
  }

  Expr variable() { return random_.variables()[static_cast<std::size_t>(random_.below(3))]; }
  Expr poison() {
    const auto i = static_cast<std::size_t>(random_.below(3));
    const Expr v = random_.variables()[i], here = v - real(g_, random_.point()[i]);
    switch (random_.below(5)) {
      case 0: return call("log", -1 - v * v);
      case 1: return 1 / here;
      case 2: return call("sqrt", here);
      case 3: return pow(here, -3) * call("log", here);
      default: return call("asin", 2 + v * v);
    }
  }

  Expr never() {
    const auto i = static_cast<std::size_t>(random_.below(3));
    const Expr v = random_.variables()[i];
    switch (random_.below(4)) {
      case 0: return less(v * v, number(g_, -1));
      case 1: return less(v, real(g_, random_.point()[i]));
      case 2: return both(less(number(g_, 0), v * v), less(v + 1, v));
      default: return negation(less_equal(number(g_, 0), v * v));
    }
  }
  Expr always() {
    const Expr v = variable();
    return random_.below(2) ? negation(never()) : less(number(g_, -1), v * v);
  }

  Graph& g_;
  RandomExpressions& random_;
};

double value_of(Expr f, const RandomExpressions& random) {
  return value_at(f, random.variables(), random.point(), 256);
}

void expect_same(Expr got, Expr want, const RandomExpressions& random, Expr f) {
  const double a = value_of(got, random), b = value_of(want, random);
  EXPECT_NEAR(a, b, 1e-12 * (std::fabs(b) + 1))
      << "for " << print(f) << "\ngot  " << print(got) << "\nwant " << print(want);
}

TEST(RandomChoice, WhatIsNotTakenNeverLeaks) {
  const int cases = random_cases(3000);
  for (int i = 0; i < cases; ++i) {
    Graph g;
    RandomExpressions random(g, {.seed = 77 + static_cast<std::uint64_t>(i), .operations = 6});
    const Expr f = random.next();
    Poison poison(g, random);
    Expr hidden = f;
    for (int k = 1 + random.below(3); k > 0; --k) hidden = poison.into(hidden);

    const auto want = gradient(f, random.variables()), got = gradient(hidden, random.variables());
    ASSERT_TRUE(want && got);
    const auto second = hessian(f, random.variables()),
               hidden_second = hessian(hidden, random.variables());
    ASSERT_TRUE(second && hidden_second);
    for (std::size_t k = 0; k < 3; ++k) {
      expect_same((*got)[k], (*want)[k], random, hidden);
      const auto forward = derivative(hidden, random.variables()[k]);
      ASSERT_TRUE(forward);
      expect_same(*forward, (*want)[k], random, hidden);
      const auto twice = derivative(hidden, random.variables()[k], 2);
      ASSERT_TRUE(twice);
      expect_same(*twice, (*second)(k, k), random, hidden);
      for (std::size_t j = 0; j < 3; ++j) {
        expect_same((*hidden_second)(k, j), (*second)(k, j), random, hidden);
      }
    }
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace nabla::test
