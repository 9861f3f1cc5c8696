// Where an expression switches, and that the convention said there is what derivative() gives.

#include "lib/calculus/kinks.hpp"

#include "lib/core/build.hpp"
#include "lib/emit/print.hpp"
#include "tests/calculus/support.hpp"

namespace nabla::test {
namespace {

using Kind = KinkPlace::Kind;
using Where = KinkPlace::Where;

class Kinks : public Calculus {
 protected:
  std::vector<KinkPlace> places(Expr f) {
    const auto found = kinks(f);
    EXPECT_TRUE(found);
    return found ? *found : std::vector<KinkPlace>{};
  }
  void expect_place(Expr f, Kind kind, Where where, Expr surface, std::vector<Expr> at) {
    const auto found = places(f);
    ASSERT_EQ(found.size(), 1u) << print(f);
    EXPECT_EQ(found[0].kind, kind) << print(f);
    EXPECT_EQ(found[0].where, where) << print(f);
    EXPECT_EQ(found[0].surface, surface) << print(f) << " at " << print(found[0].surface);
    EXPECT_EQ(found[0].at, at) << print(f);
  }
};

TEST_F(Kinks, SmoothExpressionsHaveNone) {
  EXPECT_TRUE(places(call("sin", x) * call("exp", pow(y, 2)) + 1 / x).empty());
  EXPECT_TRUE(places(call("abs", num(-3)) * x).empty());
}

TEST_F(Kinks, EachFunctionSaysWhereItSwitches) {
  expect_place(call("abs", x - 1), Kind::kink, Where::zero, x - 1, {num(1)});
  expect_place(call("sign", 2 * x + 3), Kind::jump, Where::zero, 2 * x + 3, {rational(g, -3, 2)});
  expect_place(call("heaviside", x), Kind::jump, Where::zero, x, {num(0)});
  expect_place(call("floor", x / 2), Kind::jump, Where::whole, x / 2, {});
  expect_place(call("ceil", x), Kind::jump, Where::whole, x, {});
  expect_place(call("trunc", x), Kind::jump, Where::whole, x, {});
  expect_place(call("round", x), Kind::jump, Where::half_whole, x, {});
  expect_place(call("mod", x, num(3)), Kind::jump, Where::whole, x / 3, {});
  expect_place(call("rem", x, num(3)), Kind::jump, Where::whole, x / 3, {});
  expect_place(call("max", x, num(5)), Kind::kink, Where::zero, x - 5, {num(5)});
  expect_place(call("min", x, y), Kind::kink, Where::zero, x - y, {});
  expect_place(call("relu", x), Kind::kink, Where::zero, x, {num(0)});
  expect_place(select(less(x, num(2)), x, num(0)), Kind::choice, Where::zero, x - 2, {num(2)});
  expect_place(root(x - 4), Kind::edge, Where::zero, x - 4, {num(4)});
  expect_place(call("cbrt", x), Kind::edge, Where::zero, x, {num(0)});
}

TEST_F(Kinks, ClampHasTwo) {
  const auto found = places(call("min", call("max", x, num(0)), num(1)));
  ASSERT_EQ(found.size(), 2u);
}

TEST_F(Kinks, QuadraticSurfacesAreSolved) {
  expect_place(call("abs", pow(x, 2) - 4), Kind::kink, Where::zero, pow(x, 2) - 4,
               {num(-2), num(2)});
  expect_place(call("abs", 4 - pow(x, 2)), Kind::kink, Where::zero, 4 - pow(x, 2),
               {num(-2), num(2)});
  expect_place(call("abs", pow(x, 2)), Kind::kink, Where::zero, pow(x, 2), {num(0)});
  expect_place(call("abs", pow(x, 2) + 1), Kind::kink, Where::zero, pow(x, 2) + 1, {});
  expect_place(call("abs", call("sin", x)), Kind::kink, Where::zero, call("sin", x), {});
  expect_place(call("abs", pow(x, 2) * y - 1), Kind::kink, Where::zero, pow(x, 2) * y - 1, {});
}

TEST_F(Kinks, SurfacesThatSwitchThemselvesAreNotSolved) {
  for (const Expr inner : {call("abs", x), call("floor", x), call("max", x, num(0)),
                           select(less(x, num(0)), num(3), x), call("sign", x)}) {
    const Expr surface = inner + x - 1;
    const auto found = places(call("abs", surface));
    const auto outer = std::ranges::find(found, surface, &KinkPlace::surface);
    ASSERT_NE(outer, found.end()) << print(surface);
    EXPECT_TRUE(outer->at.empty()) << print(surface) << " = 0 at " << print(outer->at[0]);
  }
}

TEST_F(Kinks, ManyPlacesAndSharedConditionsAreNoTrouble) {
  Expr inside = less(y, x), f = num(0);
  for (int i = 0; i < 20'000; ++i) {
    inside = both(inside, less(y + i, x));
    f = select(inside, f, call("abs", x - i * y));
  }
  EXPECT_EQ(places(f).size(), 40'000u);
}

TEST_F(Kinks, ConditionsAreTakenApart) {
  const Expr inside = both(less(num(0), x), negation(less(num(1), x)));
  const auto found = places(select(inside, x, y));
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].surface, x);
  EXPECT_EQ(found[1].surface, x - 1);
}

TEST_F(Kinks, EachPlaceIsListedOnce) {
  const Expr f = call("abs", x - y);
  EXPECT_EQ(places(f * 2 + call("sin", f) + pow(f, 2)).size(), 1u);
}

TEST_F(Kinks, TheConventionIsWhatTheDerivativeGives) {
  EXPECT_EQ(at(d(call("abs", x), x), 0), 0);
  EXPECT_EQ(at(d(call("sign", x), x), 0), 0);
  EXPECT_EQ(at(d(call("heaviside", x), x), 0), 0);
  EXPECT_EQ(at(d(call("floor", x), x), 3), 0);
  EXPECT_EQ(at(d(call("ceil", x), x), 3), 0);
  EXPECT_EQ(at(d(call("trunc", x), x), 3), 0);
  EXPECT_EQ(at(d(call("round", x), x), 2.5), 0);
  EXPECT_EQ(at(d(call("mod", x, num(3)), x), 6), 1);
  EXPECT_EQ(at(d(call("rem", x, num(3)), x), 6), 1);
  EXPECT_EQ(at(d(call("mod", num(6), x), x), 3), -2) << "that of 6 - 2x, which holds above 3";
  EXPECT_EQ(at(d(call("max", 2 * x, 3 * x), x), 0), 2);
  EXPECT_EQ(at(d(call("min", 2 * x, 3 * x), x), 0), 2);
  EXPECT_EQ(at(d(call("relu", x), x), 0), 1);
  EXPECT_EQ(at(d(select(less(x, num(1)), 5 * x, 7 * x), x), 1), 7);
  EXPECT_EQ(at(d(select(less_equal(x, num(1)), 5 * x, 7 * x), x), 1), 5);
  EXPECT_TRUE(std::isinf(at(d(root(x), x), 0)));
  EXPECT_TRUE(std::isinf(at(d(call("cbrt", x), x), 0)));
}

}  // namespace
}  // namespace nabla::test
