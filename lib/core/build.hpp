#pragma once

// What + * ^ and calls do at once: fold exact constants, drop neutral elements, absorb zeros, move
// signs out of odd and even functions, x + x -> 2 x, x * x -> x^2. Every rule looks one level down,
// costs O(1), may widen the domain and never narrows it or changes a value. Nothing is expanded or
// flattened, so sharing survives repeated differentiation (ADR 0009).
//
// These work on ids, for passes; the operators of expr.hpp are the same on handles.

#include <array>
#include <span>

#include "lib/core/graph.hpp"

namespace nabla {

NodeId add(Graph&, NodeId, NodeId);
NodeId subtract(Graph&, NodeId, NodeId);
NodeId multiply(Graph&, NodeId, NodeId);
NodeId divide(Graph&, NodeId, NodeId);
NodeId negate(Graph&, NodeId);
NodeId power(Graph&, NodeId base, NodeId exponent);
NodeId call(Graph&, Fn, NodeId u, NodeId v = {});
NodeId compare(Graph&, Op, NodeId, NodeId);  // less, less_equal, equal, not_equal
NodeId both(Graph&, NodeId, NodeId);
NodeId either(Graph&, NodeId, NodeId);
NodeId negation(Graph&, NodeId condition);
NodeId select(Graph&, NodeId condition, NodeId then, NodeId otherwise);
NodeId data_sum(Graph&, NodeId body);
// A function of the program; as many operands as it has parameters. Nothing is folded.
NodeId apply(Graph&, std::uint8_t function, std::span<const NodeId> operands);

// The same node over other operands, through the constructors above. Leaves come back unchanged.
NodeId rebuild(Graph&, const Node&, std::span<const NodeId> operands);

// coefficient * rest, with coefficient 1 when the node has none; numbers have rest = Graph::one.
struct Scaled {
  NodeId coefficient, rest;
};
Scaled split_coefficient(const Graph&, NodeId);

// base ^ exponent, with exponent 1 when the node is no power.
struct Raised {
  NodeId base, exponent;
};
Raised split_power(const Graph&, NodeId);

// A number that is exact and less than zero, or a real with its sign bit set.
bool is_negative_number(const Graph&, NodeId);

}  // namespace nabla
