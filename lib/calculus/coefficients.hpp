#pragma once

// Numbers in front of factors: (-1/2 w)(2 t) is one multiplication and a sign, where nothing else
// needs 2 t.

#include <span>
#include <vector>

#include "lib/core/graph.hpp"

namespace nabla::calculus {

// The roots with the coefficients of both factors of a product moved to one of them, where the
// other factor's multiple has no further use; exact coefficients only. O(n). Throws LimitError.
std::vector<NodeId> move_coefficients(Graph&, std::span<const NodeId> roots);

// The roots with fractions in front of factors as doubles: 2/3 t is one multiplication then, not a
// multiplication and a division. O(n). Throws LimitError.
std::vector<NodeId> round_coefficients(Graph&, std::span<const NodeId> roots);

}  // namespace nabla::calculus
