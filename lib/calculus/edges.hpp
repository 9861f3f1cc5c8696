#pragma once

// Hessians by edge pushing: one descending pass that carries, besides the adjoints, a second-order
// weight for every pair of nodes that act together. Only operations that are not linear create
// weights, so sparsity is exact, symmetry is built in, and the cost is that of the pairs that
// really come up (Gower & Mello, Optimization Methods and Software 27(2), 2012).

#include <optional>
#include <span>
#include <vector>

#include "lib/calculus/gradient.hpp"

namespace nabla::calculus {

// The lower triangle, by row, then column. Nothing where f makes choices, sums over rows, or has
// operations of two operands that are no sums or products: those take the other way. Throws
// NoDerivative and LimitError.
std::optional<std::vector<Entry>> push_edges(Graph&, NodeId f, std::span<const NodeId> variables);

}  // namespace nabla::calculus
