#pragma once

// W2 real spherical harmonics as polynomials in x, y, z.

#include <cmath>
#include <map>
#include <numbers>
#include <utility>

#include "bench/workloads/problem.hpp"

namespace nabla::workloads {

// Y(l, m) for l = 0..L-1 and m = -l..l: the Legendre part P by its three-term recurrence, times
// S(m) or C(m), the imaginary and real part of (x + iy)^m, times a norm.
template <typename A>
Problem<A> spherical_harmonics(A a, int degrees) {
  using Scalar = typename A::Scalar;
  Problem<A> p;
  const auto x = p.variable(a, "x"), y = p.variable(a, "y"), z = p.variable(a, "z");

  std::vector<Scalar> sine{a.number(0)}, cosine{a.number(1)};
  for (std::size_t m = 1; m < static_cast<std::size_t>(degrees); ++m) {
    const auto s = x * sine[m - 1] + y * cosine[m - 1];
    const auto c = x * cosine[m - 1] - y * sine[m - 1];
    sine.push_back(s);
    cosine.push_back(c);
  }

  std::map<std::pair<int, int>, Scalar> legendre;
  for (int m = 0; m < degrees; ++m) {
    for (int l = m; l < degrees; ++l) {
      const auto at = [&](int i, int j) { return legendre.at({i, j}); };
      if (l == 0) {
        legendre.emplace(std::pair{l, m}, a.number(1));
      } else if (l == m) {
        legendre.emplace(std::pair{l, m}, a.number(1 - 2 * m) * at(m - 1, m - 1));
      } else if (l == m + 1) {
        legendre.emplace(std::pair{l, m}, a.number(2 * m + 1) * z * at(m, m));
      } else {
        legendre.emplace(std::pair{l, m}, a.ratio(2 * l - 1, l - m) * z * at(l - 1, m) -
                                              a.ratio(l + m - 1, l - m) * at(l - 2, m));
      }
    }
  }

  for (int l = 0; l < degrees; ++l) {
    for (int m = -l; m <= l; ++m) {
      const int order = std::abs(m);
      const double orders = std::exp(std::lgamma(l - order + 1.0) - std::lgamma(l + order + 1.0));
      const double norm = std::sqrt((2 * l + 1) / ((m == 0 ? 4 : 2) * std::numbers::pi) * orders);
      const auto& around = m < 0 ? sine : cosine;
      p.outputs.push_back(a.real(norm) * legendre.at({l, order}) *
                          around[static_cast<std::size_t>(order)]);
    }
  }
  return p;
}

}  // namespace nabla::workloads
