#pragma once

// Partial sums and products that several sums and products have in common, wherever in the
// expressions they stand: a + b + c and a + c + d are (a + c) + b and (a + c) + d. Pairs are taken
// greedily by how often they occur, as in the optimisation of polynomial data paths (Hosangadi,
// Fallah & Kastner, IEEE TCAD 25(10), 2006).

#include <span>
#include <vector>

#include "lib/core/graph.hpp"

namespace nabla::calculus {

// The roots with shared pairs of terms, then of factors, each computed once. Sums and products are
// read as one as far as nobody else needs their parts; those of more than 32 operands stay as they
// are, and so do numbers in front of products. O(n log n) for n operands in all. Throws LimitError.
std::vector<NodeId> share_pairs(Graph&, std::span<const NodeId> roots);

}  // namespace nabla::calculus
