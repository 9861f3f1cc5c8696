#pragma once

// Sums over the rows of data with everything in front of them that is the same in every row: the
// sum of 2 b r exp(-c x) is 2 b times the sum of r exp(-c x). What is left for each row is less,
// and sums whose bodies differed in such factors only become one.

#include <span>
#include <vector>

#include "lib/core/graph.hpp"

namespace nabla::calculus {

// The roots, equal as functions; they round differently, and a sum that overflowed only because of
// such a factor no longer does. Products are taken apart only as far as there is such a factor in
// them. O(n + factors). Throws LimitError.
std::vector<NodeId> factors_before_sums(Graph&, std::span<const NodeId> roots);

}  // namespace nabla::calculus
