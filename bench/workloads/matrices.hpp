#pragma once

// W1 a product of matrices, W10 determinants.

#include <bit>
#include <cmath>
#include <functional>
#include <map>
#include <utility>

#include "bench/workloads/problem.hpp"

namespace nabla::workloads {

// W1: F(A, B) = (A + B)(AB)^T for n x n matrices, all by rows; A's entries come before B's.
template <typename A>
Problem<A> matrix_product(A a, std::size_t n) {
  using Scalar = typename A::Scalar;
  Problem<A> p;
  for (const char* name : {"a", "b"}) {
    for (std::size_t i = 0; i < n * n; ++i) p.variable(a, name + std::to_string(i));
  }
  const auto first = [&](std::size_t i, std::size_t j) { return p.variables[i * n + j]; };
  const auto second = [&](std::size_t i, std::size_t j) { return p.variables[(n + i) * n + j]; };

  std::vector<Scalar> sum, product;
  for (std::size_t i = 0; i < n * n; ++i) sum.push_back(p.variables[i] + p.variables[n * n + i]);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      auto entry = first(i, 0) * second(0, j);
      for (std::size_t k = 1; k < n; ++k) entry = entry + first(i, k) * second(k, j);
      product.push_back(entry);
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      auto entry = sum[i * n] * product[j * n];
      for (std::size_t k = 1; k < n; ++k) entry = entry + sum[i * n + k] * product[j * n + k];
      p.outputs.push_back(entry);
    }
  }
  return p;
}

// W10: the determinant by minors along the first row, A_k = sin(1 + k), 2 more on the diagonal.
// Without memory, every minor is expanded each time it comes up: n! calls whose result a shared
// graph must collapse.
template <typename A>
Problem<A> determinant(A a, std::size_t n, bool remember = true) {
  using Scalar = typename A::Scalar;
  Problem<A> p;
  for (std::size_t k = 0; k < n * n; ++k) {
    const double diagonal = k / n == k % n ? 2 : 0;
    p.variable(a, "a" + std::to_string(k), std::sin(1.0 + static_cast<double>(k)) + diagonal);
  }
  std::map<std::pair<std::size_t, unsigned>, Scalar> known;
  const std::function<Scalar(std::size_t, unsigned)> minor = [&](std::size_t row,
                                                                 unsigned columns) -> Scalar {
    if (row == n - 1) {
      return p.variables[row * n + static_cast<std::size_t>(std::countr_zero(columns))];
    }
    if (remember) {
      if (const auto it = known.find({row, columns}); it != known.end()) return it->second;
    }
    auto total = a.number(0);
    bool plus = true;
    for (std::size_t c = 0; c < n; ++c) {
      if ((columns >> c & 1) == 0) continue;
      const auto term = p.variables[row * n + c] * minor(row + 1, columns & ~(1u << c));
      total = plus ? total + term : total - term;
      plus = !plus;
    }
    if (remember) known.emplace(std::pair{row, columns}, total);
    return total;
  };
  p.outputs = {minor(0, (1u << n) - 1)};
  return p;
}

}  // namespace nabla::workloads
