#pragma once

// The terms of a sum that was built from binary ones.

#include <vector>

#include "lib/core/graph.hpp"

namespace nabla::calculus {

// The terms of f, first to last, opening operands as far as they are sums of `least` terms or more.
// Shorter ones stay together: their terms may have something in common. So does what is an operand
// of several sums, or the terms would be as many as in the tree. O(sums) and a bit a node.
std::vector<NodeId> terms_of_long_sum(const Graph&, NodeId f, unsigned least = 9);

}  // namespace nabla::calculus
