#pragma once

// Like terms of sums: sums that nobody else needs are read as one with the sum they stand in, and
// written anew where that saves operations. 800 x^2 - 400 (y - x^2) becomes 1200 x^2 - 400 y.

#include <span>
#include <vector>

#include "lib/core/graph.hpp"

namespace nabla::calculus {

// The roots with sums collected; exact coefficients only. O(n). Throws LimitError.
std::vector<NodeId> collect_sums(Graph&, std::span<const NodeId> roots);

}  // namespace nabla::calculus
