#include "lib/core/special.hpp"

#include <vector>

#include "lib/core/constants.hpp"
#include "lib/core/functions.hpp"
#include "lib/core/graph.hpp"

namespace nabla {

namespace {

constexpr int recurrence_steps = 10;  // the series then starts at an argument of 10 or more
constexpr int highest_order = 100;    // of polygamma

// B_2, B_4, ..., B_20.
std::vector<Number> bernoulli_numbers() {
  return {Number::ratio(1, 6),        Number::ratio(-1, 30),     Number::ratio(1, 42),
          Number::ratio(-1, 30),      Number::ratio(5, 66),      Number::ratio(-691, 2730),
          Number::ratio(7, 6),        Number::ratio(-3617, 510), Number::ratio(43867, 798),
          Number::ratio(-174611, 330)};
}

Expr exact(Graph& g, const Number& value) { return g.expr(g.insert(value)); }

Number factorial(int n) {
  Number result = 1;
  for (int k = 2; k <= n; ++k) result = result * Number(k);
  return result;
}

// sum of 1/(z+k)^power over the recurrence steps.
Expr recurrence_sum(Expr z, int exponent) {
  Expr total = pow(z, -exponent);
  for (int k = 1; k < recurrence_steps; ++k) total = total + pow(z + k, -exponent);
  return total;
}

}  // namespace

Expr constant(Graph& g, std::string_view name) {
  return g.expr(g.insert_constant(*find_constant(name)));
}

Expr log_to_base(Args a) {
  Graph& g = *a.u.graph;
  if (a.v.id == Graph::two) return call("log2"_fn, a.u);
  if (a.v == number(g, 10)) return call("log10"_fn, a.u);
  if (a.v == constant(g, "e")) return call("log"_fn, a.u);
  const Expr above = call("log"_fn, a.u), below = call("log"_fn, a.v);
  return above / below;
}

// floor(u + 1/2) rounds 0.49999999999999994 up, because the sum does; the fraction is exact.
Expr round_half_away(Args a) {
  Graph& g = *a.u.graph;
  const Expr size = call("abs"_fn, a.u), whole = call("floor"_fn, size);
  const Expr up = less_equal(rational(g, 1, 2), size - whole);
  const Expr rounded = select(up, whole + 1, whole);
  return select(less(a.u, number(g, 0)), -rounded, rounded);
}

Expr floored_remainder(Args a) {
  Graph& g = *a.u.graph;
  const Expr rest = call("rem"_fn, a.u, a.v), zero = number(g, 0);
  const Expr below = both(less(rest, zero), less(zero, a.v)),
             above = both(less(zero, rest), less(a.v, zero));
  return select(either(below, above), rest + a.v, rest);
}

Expr sigmoid_without_overflow(Args a) {
  Graph& g = *a.u.graph;
  const Expr small = call("exp"_fn, -call("abs"_fn, a.u));
  return select(less_equal(number(g, 0), a.u), number(g, 1), small) / (1 + small);
}

Expr digamma_series(Args a) {
  Graph& g = *a.u.graph;
  const Expr positive = less(number(g, 0), a.u);
  const Expr z = select(positive, a.u, 1 - a.u);
  const Expr w = z + recurrence_steps, inverse_square = pow(w, -2);
  const auto bernoulli = bernoulli_numbers();
  Expr tail = number(g, 0);
  for (int k = static_cast<int>(bernoulli.size()); k >= 1; --k) {
    const Expr coefficient =
        exact(g, bernoulli[static_cast<std::size_t>(k) - 1] * Number::ratio(1, 2 * k));
    tail = (coefficient + tail) * inverse_square;
  }
  const Expr series = call("log"_fn, w) - rational(g, 1, 2) / w - tail - recurrence_sum(z, 1);
  const Expr pi = constant(g, "pi");
  return select(positive, series, series - pi / call("tan"_fn, pi * a.u));
}

Expr polygamma_series(Args a) {
  Graph& g = *a.v.graph;
  const Node& order = node(a.u);
  const auto n = order.op == Op::integer ? g.integer_of(order) : -1;
  if (n < 0 || n > highest_order) return real(g, constants[*find_constant("nan")].value);
  if (n == 0) return digamma_series({.u = a.v});

  const int m = static_cast<int>(n);
  const Expr positive = less(number(g, 0), a.v);
  const Expr z = select(positive, a.v, 1 - a.v);
  const Expr w = z + recurrence_steps;
  const auto bernoulli = bernoulli_numbers();
  // (m-1)!/w^m + m!/(2 w^(m+1)) + sum B_2k (2k+m-1)!/((2k)! w^(2k+m)), inner powers by Horner.
  Expr tail = number(g, 0);
  const Expr inverse_square = pow(w, -2);
  for (int k = static_cast<int>(bernoulli.size()); k >= 1; --k) {
    const Number c = bernoulli[static_cast<std::size_t>(k) - 1] * factorial(2 * k + m - 1) *
                     factorial(2 * k).inverse();
    tail = (exact(g, c) + tail) * inverse_square;
  }
  const Expr head =
      exact(g, factorial(m - 1)) + exact(g, factorial(m) * Number::ratio(1, 2)) / w + tail;
  const Expr shifted = exact(g, factorial(m)) * recurrence_sum(z, m + 1);
  const int sign = m % 2 == 0 ? -1 : 1;
  const Expr series = sign * (head * pow(w, -m) + shifted);

  // Reflection needs the m-th derivative of cot: a polynomial in c = cot, P' -> -(1 + c^2) P'.
  std::vector<Number> p{0, 1};
  for (int step = 0; step < m; ++step) {
    std::vector<Number> next(p.size() + 1);
    for (std::size_t i = 1; i < p.size(); ++i) {
      const Number slope = p[i] * Number(static_cast<std::int64_t>(i));
      next[i - 1] = next[i - 1] - slope;
      next[i + 1] = next[i + 1] - slope;
    }
    p = std::move(next);
  }
  const Expr pi = constant(g, "pi"), cotangent = 1 / call("tan"_fn, pi * a.v);
  Expr polynomial = number(g, 0);
  for (std::size_t i = p.size(); i-- > 0;) polynomial = polynomial * cotangent + exact(g, p[i]);
  const Expr reflected = -sign * series - pow(pi, m + 1) * polynomial;
  return select(positive, series, reflected);
}

std::optional<Number> exact_logarithm(const Number& u, std::int64_t base) {
  if (u.sign() <= 0 || u.bits() > 4096) return std::nullopt;
  const Number b = base;
  const bool below = u < Number(1);
  Number rest = below ? u.inverse() : u;
  std::int64_t count = 0;
  while (rest.is_integer() && Number(1) < rest) {
    rest = rest * b.inverse();
    ++count;
  }
  if (!rest.is_one()) return std::nullopt;
  return Number(below ? -count : count);
}

std::optional<Number> exact_cube_root(const Number& u) {
  const auto found = root(u.sign() < 0 ? -u : u, 3);
  return found && u.sign() < 0 ? std::optional(-*found) : found;
}

std::optional<Number> exact_gamma(const Number& u) {
  const auto n = u.as_int64();
  if (!n || *n < 1 || *n > 1000) return std::nullopt;
  return factorial(static_cast<int>(*n - 1));
}

}  // namespace nabla
