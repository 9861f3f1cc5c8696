#pragma once

// Fingerprints: the value of every node at random points of a 61-bit prime field. Nodes that are
// equal as rational functions of their kernels (names, roots, calls) have equal fingerprints; other
// nodes share one with a probability below (degree / 2^61)^points (Schwartz, JACM 27, 1980; Zippel
// 1979). Kernels take random values that depend on what they are applied to, so that equal
// arguments give equal calls; a sine and a cosine of one argument lie on the unit circle, sinh and
// cosh on the hyperbola, and odd and even functions respect the sign of their argument.

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "lib/calculus/rewrite.hpp"
#include "lib/core/graph.hpp"

namespace nabla::calculus {

inline constexpr std::size_t field_points = 3;
using Fingerprint = std::array<std::uint64_t, field_points>;

// Of `nodes`, ascending and closed under operands. Depends on structure and names only. Linear: a
// few products in the field per node, a few hundred for each division and circle.
std::vector<Fingerprint> fingerprints(const Graph&, std::span<const NodeId> nodes,
                                      const Positions&);

}  // namespace nabla::calculus
