#include <cmath>

#include "lib/emit/print.hpp"
#include "tests/calculus/support.hpp"
#include "tests/support/central_difference.hpp"
#include "tests/support/random_expr.hpp"

namespace nabla::test {
namespace {

class Jacobian : public Calculus {
 protected:
  std::vector<Expr> numbered(const std::string& stem, int n) {
    std::vector<Expr> result;
    for (int i = 0; i < n; ++i) result.push_back(symbol(g, stem + std::to_string(i)));
    return result;
  }
  std::size_t operations_of(std::span<const Entry> entries) {
    std::vector<Expr> roots;
    for (const Entry& e : entries) roots.push_back(g.expr(e.value));
    return operations(roots);
  }
};

TEST_F(Jacobian, IsRowMajorWithStructuralZeros) {
  for (const Mode mode : {Mode::automatic, Mode::tangent, Mode::adjoint}) {
    const auto j = jacobian(std::vector{x * y, z + 1}, xyz, mode);
    ASSERT_TRUE(j);
    EXPECT_EQ(j->rows, 2u);
    EXPECT_EQ(j->columns, 3u);
    EXPECT_EQ(j->entries, (std::vector{y, x, num(0), num(0), num(0), num(1)}));
  }
}

TEST_F(Jacobian, OfNothingIsEmpty) {
  EXPECT_EQ(jacobian({}, xyz)->entries.size(), 0u);
  EXPECT_EQ(jacobian(std::vector{x}, {})->entries.size(), 0u);
  EXPECT_EQ(jacobian(std::vector{num(1), num(2)}, std::vector{x})->entries,
            (std::vector{num(0), num(0)}));
}

TEST_F(Jacobian, RepeatsRowsAndColumnsThatAreRepeated) {
  for (const Mode mode : {Mode::tangent, Mode::adjoint}) {
    const auto j = jacobian(std::vector{x * y, x * y, x}, std::vector{x, x}, mode);
    ASSERT_TRUE(j);
    EXPECT_EQ(j->entries, (std::vector{y, y, y, y, num(1), num(1)}));
  }
}

// W1: (A + B)(AB)^T. By hand 15,000 operations; the adjoint way finds them, the tangent way does
// not.
TEST_F(Jacobian, OfAMatrixProductTakesTheCheaperMode) {
  constexpr int n = 10;
  const std::vector<Expr> a = numbered("a", n * n), b = numbered("b", n * n);
  const auto at = [](int i, int j) { return static_cast<std::size_t>(i * n + j); };
  std::vector<Expr> s, p, outputs, variables = a;
  for (std::size_t i = 0; i < a.size(); ++i) s.push_back(a[i] + b[i]);
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < n; ++j) {
      Expr total = num(0);
      for (int k = 0; k < n; ++k) total = total + a[at(i, k)] * b[at(k, j)];
      p.push_back(total);
    }
  }
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < n; ++j) {
      Expr total = num(0);
      for (int k = 0; k < n; ++k) total = total + s[at(i, k)] * p[at(j, k)];
      outputs.push_back(total);
    }
  }
  variables.insert(variables.end(), b.begin(), b.end());
  const auto entries = jacobian_entries(outputs, variables);
  ASSERT_TRUE(entries);
  EXPECT_EQ(entries->size(), 11'900u);
  EXPECT_LE(operations_of(*entries), 15'540u);
}

TEST_F(Jacobian, TakesTangentsForManyOutputsOfFewInputs) {
  std::vector<Expr> outputs;
  Expr f = x;
  for (int i = 0; i < 40; ++i) outputs.push_back(f = call("sin"_fn, f) * y + f);
  const auto automatic = jacobian_entries(outputs, std::vector{x, y});
  const std::size_t cost = operations_of(*automatic);
  const auto reverse = jacobian_entries(outputs, std::vector{x, y}, Mode::adjoint);
  EXPECT_LT(3 * cost, operations_of(*reverse));
}

TEST_F(Jacobian, ChoosesForEveryBlockByItself) {
  // One block is cheap forwards, the other backwards; each sweep costs n operations the wrong way.
  const std::vector<Expr> v = numbered("v", 40);
  Expr narrow = x, wide = v[0];
  std::vector<Expr> outputs;
  for (int i = 0; i < 40; ++i) outputs.push_back(narrow = call("sin"_fn, narrow) * y + narrow);
  for (const Expr e : v) wide = call("sin"_fn, wide) * e + e;
  outputs.push_back(wide);
  outputs.push_back(wide * wide);
  std::vector<Expr> variables = v;
  variables.push_back(x);
  variables.push_back(y);
  const std::size_t cost = operations_of(*jacobian_entries(outputs, variables));
  EXPECT_LT(2 * cost, operations_of(*jacobian_entries(outputs, variables, Mode::tangent)));
  EXPECT_LT(2 * cost, operations_of(*jacobian_entries(outputs, variables, Mode::adjoint)));
}

TEST_F(Jacobian, OfExpressionsPerRowIsPerRow) {
  const Expr a = column(g, "a");
  const auto j =
      jacobian(std::vector{a * x, data_sum(a * x) * y}, std::vector{x, y}, Mode::adjoint);
  ASSERT_TRUE(j);
  EXPECT_EQ((*j)(0, 0), a);
  EXPECT_EQ((*j)(1, 0), y * data_sum(a));
}

TEST_F(Jacobian, RefusesMatricesBeyondTheLimitAndOtherGraphs) {
  g.limits.arguments = 5;
  EXPECT_EQ(jacobian(std::vector{x, y}, xyz).error().code, "L105");
  EXPECT_EQ(hessian(x * y, xyz).error().code, "L105");
  EXPECT_TRUE(hessian_entries(x * y, xyz));
  Graph other;
  EXPECT_EQ(jacobian(std::vector{x, symbol(other, "x")}, std::vector{x}).error().code, "D203");
}

using Hessian = Jacobian;

TEST_F(Hessian, IsSymmetricNodeByNode) {
  const auto h = hessian(call("exp", x * y) * call("sin", z) + pow(x, y), xyz);
  ASSERT_TRUE(h);
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) EXPECT_EQ((*h)(i, j), (*h)(j, i));
  }
}

TEST_F(Hessian, OfALinearFunctionIsZero) { EXPECT_EQ(hessian_entries(3 * x + y, xyz)->size(), 0u); }

// W3: 3n - 2 entries, in a number of operations proportional to n.
TEST_F(Hessian, OfRosenbrockIsBanded) {
  constexpr std::size_t n = 200;
  const std::vector<Expr> v = numbered("v", n);
  Expr f = num(0);
  for (std::size_t i = 0; i + 1 < n; ++i) {
    f = f + pow(1 - v[i], 2) + 100 * pow(v[i + 1] - pow(v[i], 2), 2);
  }
  for (const Mode mode : {Mode::automatic, Mode::tangent, Mode::adjoint}) {
    const auto h = hessian_entries(f, v, mode);
    ASSERT_TRUE(h);
    EXPECT_EQ(h->size(), 2 * n - 1) << "diagonal and one side";
    EXPECT_LE(operations_of(*h), 12 * n);
  }
}

TEST_F(Hessian, BuildsOneTriangleOnly) {
  for (const Mode mode : {Mode::tangent, Mode::adjoint}) {
    std::size_t built[2];
    for (const bool triangle : {false, true}) {
      Graph fresh;
      std::vector<Expr> v;
      Expr f = number(fresh, 1);
      for (int i = 0; i < 30; ++i) {
        v.push_back(symbol(fresh, "v" + std::to_string(i)));
        f = f * call("sin"_fn, v.back() + 1);
      }
      const auto first = gradient(f, v);
      const std::size_t before = fresh.size();
      if (triangle) {
        ASSERT_TRUE(hessian_entries(f, v, mode));
      } else {
        ASSERT_TRUE(jacobian_entries(*first, v, mode));
      }
      built[triangle] = fresh.size() - before;
    }
    EXPECT_LT(3 * built[1], 2 * built[0]) << built[1] << " nodes against " << built[0];
  }
}

// --- on random functions, both modes give the same numbers

constexpr mpfr_prec_t bits = 512;

void expect_agreement(Graph& g, Expr a, Expr b, const RandomExpressions& random) {
  const std::vector<NodeId> roots{a.id, b.id};
  MpfrEvaluator at(g, roots, bits);
  for (std::size_t i = 0; i < random.variables().size(); ++i) {
    at.set(random.variables()[i].id, random.point()[i]);
  }
  at.run();
  Real difference(bits), scale(bits);
  mpfr_sub(difference, at.value(a.id), at.value(b.id), MPFR_RNDN);
  mpfr_abs(difference, difference, MPFR_RNDN);
  mpfr_abs(scale, at.value(a.id), MPFR_RNDN);
  mpfr_add_ui(scale, scale, 1, MPFR_RNDN);
  mpfr_mul_d(scale, scale, 1e-60, MPFR_RNDN);
  EXPECT_TRUE(
      mpfr_lessequal_p(static_cast<mpfr_srcptr>(difference), static_cast<mpfr_srcptr>(scale)))
      << print(a) << "\n"
      << print(b);
}

TEST(RandomJacobian, ModesAgree) {
  const int cases = random_cases(1000);
  for (int i = 0; i < cases && !testing::Test::HasFailure(); ++i) {
    Graph g;
    RandomExpressions random(
        g, {.seed = 300 + static_cast<std::uint64_t>(i), .variables = 4, .decimals = false});
    // One point for all: expressions that share parts of one another.
    const Expr f = random.next();
    std::vector<Expr> outputs;
    for (const NodeId id : g.below(f.id)) {
      const bool arithmetic = g[id].op >= Op::sum && g[id].op <= Op::call;
      if (arithmetic && random.below(3) == 0) outputs.push_back(g.expr(id));
    }
    outputs.push_back(f);
    const auto forward = jacobian(outputs, random.variables(), Mode::tangent);
    const auto reverse = jacobian(outputs, random.variables(), Mode::adjoint);
    const auto chosen = jacobian(outputs, random.variables());
    ASSERT_TRUE(forward && reverse && chosen);
    for (std::size_t k = 0; k < forward->entries.size(); ++k) {
      expect_agreement(g, forward->entries[k], reverse->entries[k], random);
      expect_agreement(g, forward->entries[k], chosen->entries[k], random);
    }
  }
}

TEST(RandomJacobian, TheGradientIsTheTangentsOneByOne) {
  const int cases = random_cases(3000);
  for (int i = 0; i < cases && !testing::Test::HasFailure(); ++i) {
    Graph g;
    RandomExpressions random(g, {.seed = 9300 + static_cast<std::uint64_t>(i), .decimals = false});
    const Expr f = random.next();
    const auto partials = gradient(f, random.variables());
    ASSERT_TRUE(partials);
    for (std::size_t k = 0; k < partials->size(); ++k) {
      const auto tangent = derivative(f, random.variables()[k]);
      ASSERT_TRUE(tangent);
      expect_agreement(g, (*partials)[k], *tangent, random);
    }
  }
}

TEST(RandomHessian, IsTheSecondDerivativesInAnyOrder) {
  const int cases = random_cases(500);
  for (int i = 0; i < cases && !testing::Test::HasFailure(); ++i) {
    Graph g;
    RandomExpressions random(g, {.seed = 5300 + static_cast<std::uint64_t>(i), .decimals = false});
    const Expr f = random.next();
    const auto v = random.variables();
    const auto h = hessian(f, v);
    ASSERT_TRUE(h);
    for (std::size_t r = 0; r < 3; ++r) {
      for (std::size_t c = 0; c < 3; ++c) {
        const auto mixed = derivative(f, std::vector{v[r], v[c]});
        ASSERT_TRUE(mixed);
        expect_agreement(g, (*h)(r, c), *mixed, random);
      }
    }
  }
}

TEST(RandomDerivative, IsLinear) {
  const int cases = random_cases(1000);
  for (int i = 0; i < cases && !testing::Test::HasFailure(); ++i) {
    Graph g;
    RandomExpressions random(g, {.seed = 7300 + static_cast<std::uint64_t>(i), .decimals = false});
    const Expr f = random.next();
    const auto parts = g.below(f.id);
    const Expr part =
        g.expr(parts[static_cast<std::size_t>(random.below(static_cast<int>(parts.size())))]);
    const Expr x = random.variables()[0];
    const auto whole = derivative(3 * f + part * rational(g, 1, 7), x), first = derivative(f, x),
               second = derivative(part, x);
    ASSERT_TRUE(whole && first && second);
    expect_agreement(g, *whole, 3 * *first + *second / 7, random);
  }
}

TEST(RandomDerivative, AlongADirectionIsJacobianTimesDirection) {
  const int cases = random_cases(1000);
  for (int i = 0; i < cases && !testing::Test::HasFailure(); ++i) {
    Graph g;
    RandomExpressions random(g, {.seed = 8300 + static_cast<std::uint64_t>(i), .decimals = false});
    const Expr f = random.next();
    const auto v = random.variables();
    const std::vector<Expr> direction{number(g, 2), v[0], rational(g, -1, 3)};
    const auto along = directional(f, v, direction);
    const auto partials = gradient(f, v);
    ASSERT_TRUE(along && partials);
    Expr product = number(g, 0);
    for (std::size_t k = 0; k < 3; ++k) product = product + (*partials)[k] * direction[k];
    expect_agreement(g, *along, product, random);
  }
}

// Polynomials at rational points: equal to the last digit.
Number exact_value(const Graph& g, Expr f, std::span<const Expr> variables,
                   std::span<const Number> point) {
  NodeMap<Number> value(f.id);
  for (const NodeId id : g.below(f.id)) {
    const Node& n = g[id];
    switch (n.op) {
      case Op::integer:
      case Op::rational: value[id] = g.exact_of(n); break;
      case Op::sum: value[id] = value[n.a] + value[n.b]; break;
      case Op::product: value[id] = value[n.a] * value[n.b]; break;
      case Op::power: value[id] = power(value[n.a], g.integer_of(g[n.b])); break;
      case Op::symbol:
        for (std::size_t i = 0; i < variables.size(); ++i) {
          if (variables[i].id == id) value[id] = point[i];
        }
        break;
      default: ADD_FAILURE() << "no polynomial";
    }
  }
  return value[f.id];
}

TEST(RandomPolynomial, HasTheSameDerivativesBothWaysExactly) {
  const int cases = random_cases(2000);
  for (int i = 0; i < cases && !testing::Test::HasFailure(); ++i) {
    Graph g;
    RandomExpressions random(g, {.seed = 6300 + static_cast<std::uint64_t>(i), .polynomial = true});
    const Expr f = random.next();
    const std::vector<Number> point{Number::ratio(2, 3), Number(-3), Number::ratio(5, 7)};
    const auto partials = gradient(f, random.variables());
    ASSERT_TRUE(partials);
    for (std::size_t k = 0; k < 3; ++k) {
      const auto tangent = derivative(f, random.variables()[k]);
      ASSERT_TRUE(tangent);
      EXPECT_EQ(exact_value(g, *tangent, random.variables(), point),
                exact_value(g, (*partials)[k], random.variables(), point));
    }
  }
}

}  // namespace
}  // namespace nabla::test
