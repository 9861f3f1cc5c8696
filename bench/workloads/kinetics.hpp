#pragma once

// W12 the POLLU problem: 25 reactions of 20 species in polluted air.

#include <array>

#include "bench/workloads/problem.hpp"

namespace nabla::workloads {

// r_j = k_j y_a y_b, or k_j y_a where b is 0; then the change of each species as a sum of +-r_j.
template <typename A>
Problem<A> pollution(A a) {
  struct Reaction {
    double rate;
    std::size_t first, second;
  };
  static constexpr std::array<Reaction, 25> reactions{{
      {.35, 1, 0},    {26.6, 2, 4},    {12300., 5, 2}, {.86e-3, 7, 0},   {.82e-3, 7, 0},
      {15000., 7, 6}, {.13e-3, 9, 0},  {24000., 9, 6}, {16500., 11, 2},  {9000., 11, 1},
      {.022, 13, 0},  {12000., 10, 2}, {1.88, 14, 0},  {16300., 1, 6},   {4.8e6, 3, 0},
      {.35e-3, 4, 0}, {.0175, 4, 0},   {1e8, 16, 0},   {.444e12, 16, 0}, {1240., 17, 6},
      {2.1, 19, 0},   {5.78, 19, 0},   {.0474, 1, 4},  {1780., 19, 1},   {3.12, 20, 0},
  }};
  static const std::array<std::vector<int>, 20> changes{{
      {-1, -10, -14, -23, -24, 2, 3, 9, 11, 12, 22, 25},
      {-2, -3, -9, -12, 1, 21},
      {-15, 1, 17, 19, 22},
      {-2, -16, -17, -23, 15},
      {-3, 4, 4, 6, 7, 13, 20},
      {-6, -8, -14, -20, 3, 18, 18},
      {-4, -5, -6, 13},
      {4, 5, 6, 7},
      {-7, -8},
      {-12, 7, 9},
      {-9, -10, 8, 11},
      {9},
      {-11, 10},
      {-13, 12},
      {14},
      {-18, -19, 16},
      {-20},
      {20},
      {-21, -22, -24, 23, 25},
      {-25, 24},
  }};
  using Scalar = typename A::Scalar;
  Problem<A> p;
  for (std::size_t i = 1; i <= 20; ++i) p.variable(a, "y" + std::to_string(i));
  std::vector<Scalar> rates;
  for (const Reaction& r : reactions) {
    auto rate = a.real(r.rate) * p.variables[r.first - 1];
    if (r.second != 0) rate = rate * p.variables[r.second - 1];
    rates.push_back(rate);
  }
  for (const auto& change : changes) {
    auto total = a.number(0);
    for (const int j : change) {
      const auto rate = rates[static_cast<std::size_t>(std::abs(j)) - 1];
      total = j > 0 ? total + rate : total - rate;
    }
    p.outputs.push_back(total);
  }
  return p;
}

}  // namespace nabla::workloads
