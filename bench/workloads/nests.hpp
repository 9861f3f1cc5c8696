#pragma once

// W7 nested functions for repeated derivatives, W11 SymEngine's own benchmarks of differentiation,
// and functions whose trees are exponential in their graphs.

#include "bench/workloads/problem.hpp"
#include "lib/core/number.hpp"

namespace nabla::workloads {

// W7: sin(sin(sin(sin x))) and exp(sin(exp(sin x))), at x = 1/2.
template <typename A>
Problem<A> four_sines(A a) {
  Problem<A> p;
  auto f = p.variable(a, "x");
  for (int i = 0; i < 4; ++i) f = a.sin(f);
  p.outputs = {f};
  return p;
}

template <typename A>
Problem<A> exponential_sines(A a) {
  Problem<A> p;
  auto f = p.variable(a, "x");
  for (int i = 0; i < 2; ++i) f = a.exp(a.sin(f));
  p.outputs = {f};
  return p;
}

// W11, S3: (x^y + y^z + z^x)^n multiplied out, (n + 1)(n + 2)/2 terms k x^{ay} y^{bz} z^{cx}. By x.
template <typename A>
Problem<A> expanded_power(A a, std::size_t n) {
  Problem<A> p;
  const auto x = p.variable(a, "x", 0.9), y = p.variable(a, "y", 0.5), z = p.variable(a, "z", 0.75);
  const auto whole = [](std::size_t k) { return static_cast<std::int64_t>(k); };
  using Scalar = typename A::Scalar;
  std::vector<Scalar> first, second, third;
  for (std::size_t k = 0; k <= n; ++k) {
    const auto times = a.number(whole(k));
    first.push_back(a.pow(x, times * y));
    second.push_back(a.pow(y, times * z));
    third.push_back(a.pow(z, times * x));
  }
  auto total = a.number(0);
  Number outer(1);  // n over i, then times (n - i) over j
  for (std::size_t i = 0; i <= n; ++i) {
    Number coefficient = outer;
    for (std::size_t j = 0; i + j <= n; ++j) {
      const std::size_t k = n - i - j;
      total = total + a.exact(coefficient) * (first[i] * second[j] * third[k]);
      coefficient = coefficient * Number::ratio(whole(k), whole(j + 1));
    }
    outer = outer * Number::ratio(whole(n - i), whole(i + 1));
  }
  p.outputs = {total};
  return p;
}

// W11, diff_cache: cos(sqrt(log(sin(v_{9-i}^{v_i})))) folded into a tower e <- e^(c + e), or e^c
// without the common part; by v_0.
template <typename A>
Problem<A> power_tower(A a, bool common) {
  Problem<A> p;
  for (std::size_t i = 0; i < 10; ++i) p.variable(a, "v" + std::to_string(i));
  auto e = a.number(23);
  for (std::size_t i = 0; i < 10; ++i) {
    const auto inner = a.log(a.sin(a.pow(p.variables[9 - i], p.variables[i])));
    const auto c = a.cos(a.pow(inner, a.ratio(1, 2)));
    e = a.pow(e, common ? c + e : c);
  }
  p.outputs = {e};
  return p;
}

// e <- sin(e) e + 1: a graph of 3 nodes a step and a tree of 2^steps.
template <typename A>
Problem<A> shared_bomb(A a, std::size_t steps) {
  Problem<A> p;
  auto e = p.variable(a, "x");
  for (std::size_t i = 0; i < steps; ++i) e = a.sin(e) * e + a.number(1);
  p.outputs = {e};
  return p;
}

}  // namespace nabla::workloads
