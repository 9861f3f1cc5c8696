#pragma once

// A term as coefficient, numerator and denominator, and the one way to write it down:
// [-] p*f1*f2/(q*g1*g2).

#include <vector>

#include "lib/core/graph.hpp"

namespace nabla {

struct Shape {
  NodeId coefficient = Graph::one;   // a number
  std::vector<NodeId> above, below;  // factors, each with a positive exponent
};

// Longer terms keep their coefficient in front, 2*(x1*x2*...), so that changing it costs O(1).
inline constexpr std::size_t longest_shape = 48;

// The node of a shape, factors in the given order.
NodeId assemble(Graph& g, const Shape& shape);

// The shape of a node that assemble() made; of others at least the leading coefficient.
Shape take_apart(Graph& g, NodeId term);

}  // namespace nabla
