#pragma once

// W3 Rosenbrock, W6 Speelpenning's product, W8 a long chain of terms: functions of any number of
// variables.

#include "bench/workloads/problem.hpp"

namespace nabla::workloads {

// W3: the sum of (1 - x_i)^2 + 100 (x_{i+1} - x_i^2)^2.
template <typename A>
Problem<A> rosenbrock(A a, std::size_t n) {
  Problem<A> p;
  p.numbered_variables(a, "x", n);
  auto total = a.number(0);
  for (std::size_t i = 0; i + 1 < n; ++i) {
    const auto x = p.variables[i], next = p.variables[i + 1];
    const auto left = a.number(1) - x, valley = next - x * x;
    total = total + (left * left + a.number(100) * (valley * valley));
  }
  p.outputs = {total};
  return p;
}

// W6: x_1 x_2 ... x_n, multiplied from the left; x_k = 1 + ((k mod 7) - 3)/50.
template <typename A>
Problem<A> speelpenning(A a, std::size_t n) {
  Problem<A> p;
  p.numbered_variables(a, "x", n);
  for (std::size_t i = 0; i < n; ++i) {
    p.variable_values[i] = 1 + (static_cast<double>(i % 7) - 3) / 50;
  }
  auto product = p.variables[0];
  for (std::size_t i = 1; i < n; ++i) product = product * p.variables[i];
  p.outputs = {product};
  return p;
}

// W8: the sum of x_i^2 x_{i+1} + sin(x_i x_{i+1}), formed as x_i u + sin(u) with u = x_i x_{i+1}.
template <typename A>
Problem<A> chain_sum(A a, std::size_t n) {
  Problem<A> p;
  p.numbered_variables(a, "x", n);
  auto total = a.number(0);
  for (std::size_t i = 0; i + 1 < n; ++i) {
    const auto u = p.variables[i] * p.variables[i + 1];
    const auto square_part = p.variables[i] * u;
    total = total + (square_part + a.sin(u));
  }
  p.outputs = {total};
  return p;
}

}  // namespace nabla::workloads
