#pragma once

// W9 forward kinematics of robot arms with exact right angles.

#include <array>
#include <cmath>

#include "bench/workloads/problem.hpp"

namespace nabla::workloads {

// One link after Denavit and Hartenberg: a turn by the joint, an offset d, a length a, a twist
// alpha whose cosine and sine are 0, 1 or -1. Lengths in micrometres, so that they are exact.
struct Link {
  int cos_alpha, sin_alpha;
  std::int64_t length, offset;
};

inline const std::vector<Link> iiwa_arm{
    {0, -1, 0, 360'000}, {0, 1, 0, 0}, {0, 1, 0, 420'000}, {0, -1, 0, 0},
    {0, -1, 0, 400'000}, {0, 1, 0, 0}, {1, 0, 0, 126'000}};
inline const std::vector<Link> ur5_arm{{0, 1, 0, 89'159},  {1, 0, -425'000, 0}, {1, 0, -392'250, 0},
                                       {0, 1, 0, 109'150}, {0, -1, 0, 94'650},  {1, 0, 0, 82'300}};

enum class Pose { position, full };

// The product of the links from the base: the position of the tool (3 outputs) or its pose (12, the
// rows of [R | p]).
template <typename A>
Problem<A> arm(A a, const std::vector<Link>& links, Pose pose) {
  using Scalar = typename A::Scalar;
  using Matrix = std::array<std::array<Scalar, 4>, 4>;
  Problem<A> p;
  const auto zero = a.number(0), one = a.number(1);
  Matrix base{{{one, zero, zero, zero},
               {zero, one, zero, zero},
               {zero, zero, one, zero},
               {zero, zero, zero, one}}};
  for (std::size_t i = 0; i < links.size(); ++i) {
    const Link& link = links[i];
    const auto angle = p.variable(a, "t" + std::to_string(i));
    const auto s = a.sin(angle), c = a.cos(angle);
    const auto ca = a.number(link.cos_alpha), sa = a.number(link.sin_alpha);
    const auto length = a.ratio(link.length, 1'000'000), offset = a.ratio(link.offset, 1'000'000);
    const Matrix next{{{c, -(ca * s), sa * s, length * c},
                       {s, ca * c, -(sa * c), length * s},
                       {zero, sa, ca, offset},
                       {zero, zero, zero, one}}};
    if (i == 0) {
      base = next;
      continue;
    }
    Matrix product = base;
    for (std::size_t row = 0; row < 4; ++row) {
      for (std::size_t column = 0; column < 4; ++column) {
        auto entry = base[row][0] * next[0][column];
        for (std::size_t k = 1; k < 4; ++k) entry = entry + base[row][k] * next[k][column];
        product[row][column] = entry;
      }
    }
    base = product;
  }
  for (std::size_t row = 0; row < 3; ++row) {
    for (std::size_t column = pose == Pose::full ? 0 : 3; column < 4; ++column) {
      p.outputs.push_back(base[row][column]);
    }
  }
  return p;
}

}  // namespace nabla::workloads
