#pragma once

// Long products as balanced trees. A product multiplied up from the left is as deep as it is long;
// as a tree it has the same number of operations, its gradient 3n - 6 of them and no division, and
// a depth of 2 log2 n, so that a machine can work on many at once (Baur & Strassen, TCS 22, 1983).

#include <span>
#include <vector>

#include "lib/core/graph.hpp"

namespace nabla::calculus {

// The roots with products of eight factors and more balanced, where nobody else needs their partial
// products; factors keep their order, numbers stay in front. O(n). Throws LimitError.
std::vector<NodeId> balance_products(Graph&, std::span<const NodeId> roots);

}  // namespace nabla::calculus
