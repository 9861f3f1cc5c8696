#pragma once

// What doubles would make of an expression: its value at a few points, with a running bound on the
// rounding error (Higham, Accuracy and Stability of Numerical Algorithms, section 3.3). Rewrites
// that are exact in real numbers are judged by it: they must not lose digits or leave the domain.

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "lib/calculus/fingerprint.hpp"

namespace nabla::calculus {

inline constexpr std::size_t real_points = 4;

struct Reading {
  long double value = 0;
  double error = 0;  // in roundings: times 2^-53

  bool is_finite() const { return value - value == 0 && error - error == 0; }
};
using Readings = std::array<Reading, real_points>;

// Of `nodes`, ascending and closed under operands. Names take values of ordinary size with both
// signs, positive ones below 1, tiny ones, and ones of mixed sizes; functions defined through
// others are taken for inputs. Depends on structure and names only. Linear.
std::vector<Readings> readings(const Graph&, std::span<const NodeId> nodes, const Positions&);

// factor * replacement may stand for the original: where the original has a value so has it, the
// two agree up to rounding, and it is not much less accurate. False also where nothing can be said.
bool as_accurate(const Readings& original, const Readings& replacement, long double factor);

}  // namespace nabla::calculus
