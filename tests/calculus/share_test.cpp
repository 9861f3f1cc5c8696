// Sharing: fewer operations, the same values.

#include <cmath>

#include "lib/calculus/joint.hpp"
#include "lib/calculus/operations.hpp"
#include "lib/calculus/row_factors.hpp"
#include "lib/calculus/share.hpp"
#include "lib/eval/function.hpp"
#include "tests/calculus/support.hpp"
#include "tests/support/random_expr.hpp"

namespace nabla::test {
namespace {

class Share : public Calculus {
 protected:
  std::vector<Expr> shared(std::vector<Expr> roots, const ShareOptions& options = {}) {
    const auto result = share(roots, options);
    EXPECT_TRUE(result);
    return result ? *result : roots;
  }
  static Operations cost(std::span<const Expr> roots) { return nabla::operations(roots); }
  Expr sine(Expr u) { return call("sin"_fn, u); }
  Expr cosine(Expr u) { return call("cos"_fn, u); }
};

TEST_F(Share, EqualFunctionsBecomeOneNode) {
  const auto two = shared({(x + y) * (x - y) + 7 * z, x * x - y * y + 7 * z});
  EXPECT_EQ(two[0], two[1]);
}

TEST_F(Share, OppositeFunctionsDifferByASign) {
  const auto two = shared({sine(x - y) * z, sine(y - x) * z});
  EXPECT_EQ(two[1], -two[0]);
}

TEST_F(Share, ProportionalFunctionsDifferByOneFactor) {
  const auto two = shared({(x + y) * z, x * z * 3 + 3 * y * z});
  EXPECT_EQ(two[1], 3 * two[0]);
}

TEST_F(Share, CirclesAndHyperbolasAreKnown) {
  const auto roots = shared({pow(sine(x * y), 2) + pow(cosine(x * y), 2),
                             pow(call("cosh"_fn, x), 2) - pow(call("sinh"_fn, x), 2),
                             call("exp"_fn, x - y) * call("exp"_fn, y - x)});
  EXPECT_EQ(roots[0], num(1));
  EXPECT_EQ(roots[1], num(1));
  EXPECT_EQ(roots[2], num(1));
}

TEST_F(Share, WhatIsZeroVanishes) {
  EXPECT_EQ(shared({pow(x + y, 2) - x * x - 2 * x * y - y * y})[0], num(0));
}

TEST_F(Share, LikeTermsAreCollectedWhereThatIsShorter) {
  const Expr f = 800 * pow(x, 2) - 400 * (y - pow(x, 2));
  EXPECT_LT(cost(shared({f})).count, cost({&f, 1}).count);
}

TEST_F(Share, PartialSumsAndProductsAreFoundAcrossRoots) {
  const std::vector<Expr> sums{(x + y) + z, (x + sine(y)) + z};
  EXPECT_EQ(cost(sums).count, 5u);
  EXPECT_EQ(cost(shared(sums)).count, 4u);
  const std::vector<Expr> products{(x * y) * z, (x * sine(y)) * z, x * z};
  EXPECT_EQ(cost(products).count, 6u);
  EXPECT_EQ(cost(shared(products)).count, 4u);
}

TEST_F(Share, PairsOfPairsAreFoundToo) {
  const Expr t = symbol(g, "t"), u = symbol(g, "u");
  const std::vector<Expr> roots{x + t + y + u + z, (z + sine(u)) + y + (x + sine(t)),
                                sine(x) + z + sine(z) + y + x};
  EXPECT_EQ(cost(shared(roots)).count, cost(roots).count - 4);  // x + y + z, once of three times
}

TEST_F(Share, WhatHasNothingInCommonIsLeftAsItIs) {
  const std::vector<Expr> roots{(x + sine(y)) + z, (x + cosine(y)) * y};
  EXPECT_EQ(shared(roots), roots);
}

TEST_F(Share, FractionsBecomeDecimalsOnlyWhenAskedFor) {
  EXPECT_EQ(shared({rational(g, 2, 3) * sine(x)})[0], real(g, 2.0 / 3) * sine(x));
  EXPECT_EQ(shared({rational(g, 2, 3) * sine(x)}, {.decimals = false})[0],
            rational(g, 2, 3) * sine(x));
}

// 1 - cos^2 is sin^2, and worthless near 0.
TEST_F(Share, NothingIsReplacedByWhatLosesDigits) {
  const Expr poor = 1 - pow(cosine(x), 2), good = pow(sine(x), 2);
  const auto roots = shared({poor, good});
  const double small = 1e-9;
  EXPECT_NEAR(at(roots[1], small) / (small * small), 1, 1e-12);
}

// Removable poles: the sum has a value at x = 1, the quotient has none.
TEST_F(Share, NothingIsReplacedByWhatHasASmallerDomain) {
  const Expr quotient = (x - 1) * (y + z) / (x - 1);
  const Expr narrow = (pow(x, 2) - 1) * y / (x - 1), wide = (x + 1) * y;
  const auto roots = shared({quotient, narrow, y + z, wide});
  EXPECT_EQ(at(roots[2], 1, 2, 3), 5);
  EXPECT_EQ(at(roots[3], 1, 2, 3), 4);
}

TEST_F(Share, ALogarithmOfASquareIsNotTheSquareOfItsRoot) {
  const Expr narrow = pow(root(x), 2) * y + root(x) - root(x), wide = x * y;
  const auto roots = shared({narrow * z, wide * z});
  EXPECT_EQ(at(roots[1], -2, 3, 1), -6);
}

TEST_F(Share, ChoicesHideWhatIsNotTaken) {
  const Expr guarded = select(less(num(0), x), root(x) * y, num(0)), open = root(x) * y;
  const auto roots = shared({open, guarded});
  EXPECT_EQ(at(roots[1], -1, 2), 0);
}

TEST_F(Share, SumsOverRowsAreNotMixedWithTheirRows) {
  const Expr c = column(g, "c");
  const Expr total = data_sum(c * x), row_value = c * x;
  const auto roots = shared({total + y, data_sum(row_value * row_value)});
  const auto f = Function::compile(xyz, roots);
  ASSERT_TRUE(f);
  const std::vector<double> values{1, 2, 4};
  std::vector<double> out(2);
  (*f)(std::vector{3.0, 1.0, 0.0}, out,
       {.names = {"c"}, .columns = {std::span(values)}, .rows = 3});
  EXPECT_EQ(out[0], 22);
  EXPECT_EQ(out[1], 9 * 21);
}

TEST_F(Share, ALimitOfNodesIsAnError) {
  const std::vector roots{(x + y) * z, 3 * x * z + 3 * y * z};
  g.limits.nodes = g.size();
  const auto result = share(roots);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, "L101");
}

// What is merged does not depend on which expressions stood in the graph before.
TEST_F(Share, TheResultDoesNotDependOnHistory) {
  const auto build = [](Graph& h) {
    const Expr u = symbol(h, "u"), v = symbol(h, "v");
    return std::vector{(u + v) * (u - v), u * u - v * v, 2 * (v * v - u * u)};
  };
  Graph plain, used;
  for (const char* name : {"v", "k", "u"}) (void)symbol(used, name);
  (void)(symbol(used, "v") * symbol(used, "u") + 17);
  const auto a = *share(build(plain)), b = *share(build(used));
  EXPECT_EQ(cost(a), cost(b));
}

// Random functions with value, gradient and Hessian: the same numbers, at a point sharing has not
// seen, to the last digits that 256 bits have (doubles among the numbers apart).
TEST_F(Share, RandomDerivativesKeepTheirValues) {
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    Graph h;
    RandomExpressions random(h, {.seed = seed, .operations = 14, .decimals = false});
    const Expr f = random.next();
    const auto variables = random.variables();
    std::vector<Expr> roots{f};
    const auto first = gradient(f, variables);
    const auto second = hessian_entries(f, variables);
    if (!first || !second) continue;
    roots.insert(roots.end(), first->begin(), first->end());
    for (const Entry& e : *second) roots.push_back(h.expr(e.value));
    const auto after = share(roots, {.decimals = false});
    ASSERT_TRUE(after);
    EXPECT_LE(cost(*after).count, cost(roots).count) << seed;

    std::vector<NodeId> ids;
    for (const Expr e : roots) ids.push_back(e.id);
    for (const Expr e : *after) ids.push_back(e.id);
    MpfrEvaluator exact(h, ids, 256);
    for (std::size_t i = 0; i < variables.size(); ++i) {
      exact.set(variables[i].id, random.point()[i]);
    }
    exact.run();
    for (std::size_t i = 0; i < roots.size(); ++i) {
      const mpfr_srcptr a = exact.value(ids[i]), b = exact.value(ids[roots.size() + i]);
      if (!mpfr_number_p(a)) continue;
      const double size = std::max(1.0, std::fabs(mpfr_get_d(a, MPFR_RNDN)));
      Real difference(256);
      mpfr_sub(difference, a, b, MPFR_RNDN);
      EXPECT_LE(std::fabs(difference.to_double()), 1e-45 * size)
          << "seed " << seed << ", root " << i;
    }
  }
}

TEST_F(Share, ValueGradientAndHessianAreOneProgram) {
  const Expr f = call("exp"_fn, x * y) * sine(z) + pow(x * y, 3);
  const auto all = joint(std::vector{f}, xyz, {.second = true});
  ASSERT_TRUE(all);
  EXPECT_EQ(all->values.size(), 1u);
  EXPECT_EQ(all->first.size(), 3u);
  EXPECT_EQ(all->second.size(), 6u);
  std::vector<Expr> roots = all->values;
  for (const auto* list : {&all->first, &all->second}) {
    for (const Entry& e : *list) roots.push_back(g.expr(e.value));
  }
  EXPECT_EQ(all->operations, cost(roots));
}

// With one output per variable neither sweep wins before sharing; the cheaper one after it is
// taken.
TEST_F(Share, TheSweepIsChosenAfterSharing) {
  const std::vector f{sine(x) * cosine(y), sine(x) * sine(y), cosine(x)};
  const auto automatic = joint(f, xyz);
  for (const Mode mode : {Mode::tangent, Mode::adjoint}) {
    const auto fixed = joint(f, xyz, {.mode = mode});
    ASSERT_TRUE(automatic && fixed);
    EXPECT_LE(automatic->operations.count, fixed->operations.count);
  }
}

TEST_F(Share, FactorsThatAreTheSameInEveryRowStandBeforeTheirSum) {
  const Expr u = column(g, "u"), v = column(g, "v");
  const auto before = [&](Expr e) {
    return g.expr(calculus::factors_before_sums(g, {&e.id, 1}).front());
  };
  EXPECT_EQ(before(data_sum(2 * sine(u) * x * (y * v))), 2 * x * y * data_sum(sine(u) * v));
  EXPECT_EQ(before(data_sum(u * (x * sine(v))) + data_sum(v)),
            x * data_sum(u * sine(v)) + data_sum(v));
  // A product without such a factor stays as it is, for others to share.
  const Expr whole = sine(u) * v;
  EXPECT_EQ(before(data_sum(whole * whole)), data_sum(whole * whole));
  // Inside a sum of the body there is nothing to take out.
  EXPECT_EQ(before(data_sum(u * (v + x * u))), data_sum(u * (v + x * u)));
}

TEST_F(Share, FactorsBeforeSumsKeepTheValue) {
  const Expr u = column(g, "u");
  const Expr f = data_sum(pow(x * u - y, 2) * call("exp"_fn, -x * u / y) * 3);
  const Expr slopes[] = {*derivative(f, x), *derivative(f, y)};
  const NodeId ids[] = {f.id, slopes[0].id, slopes[1].id};
  const auto moved = calculus::factors_before_sums(g, ids);
  const double us[] = {0.1, 0.7, -1.2, 3};
  const Data data{.names = {"u"}, .columns = {us}, .rows = 4};
  const std::vector<Binding> at{{"x", 0.8}, {"y", -1.7}};
  for (std::size_t i = 0; i < 3; ++i) {
    const double was = *evaluate(g.expr(ids[i]), at, data);
    EXPECT_NEAR(*evaluate(g.expr(moved[i]), at, data), was, 1e-14 * std::abs(was)) << i;
  }
}

}  // namespace
}  // namespace nabla::test
