#pragma once

// The reverse (adjoint) sweep: one descending pass that gives the derivatives of a scalar by
// everything below it. Griewank & Walther, Evaluating Derivatives, section 3.2.

#include <span>
#include <vector>

#include "lib/calculus/guarded.hpp"

namespace nabla::calculus {

// One bit per node.
class NodeSet {
 public:
  explicit NodeSet(std::size_t nodes) : words_(nodes / 64 + 1) {}
  bool contains(NodeId id) const { return words_[index(id) / 64] >> (index(id) % 64) & 1; }
  void insert(NodeId id) { words_[index(id) / 64] |= std::uint64_t{1} << (index(id) % 64); }
  void erase(NodeId id) { words_[index(id) / 64] &= ~(std::uint64_t{1} << (index(id) % 64)); }

 private:
  ZeroedArray<std::uint64_t> words_;
};

// Those of `nodes` (ascending) that depend on one of the variables, in the same order, and as a
// set.
struct Active {
  std::vector<NodeId> nodes;
  NodeSet set;
};
Active active_nodes(const Graph&, std::vector<NodeId> nodes, std::span<const NodeId> variables);

// d root / d node for every leaf among `nodes`, left in `adjoints`. `nodes` lie below the root,
// ascending, and `members` is their set: nothing is handed to other nodes. `adjoints` must be zero
// for them. The root must not vary by row. Linear; at most about four operations for every one of
// the root's.
void adjoint_sweep(Graph&, std::span<const NodeId> nodes, const NodeSet& members, NodeId root,
                   Sheet& adjoints);

// adjoint_sweep for all names there are in the graph: what depends on a name is active, so the
// sweep finds its way by itself, in one pass. Linear in what lies below the root.
void adjoint_sweep_of_names(Graph&, NodeId root, Sheet& adjoints);

// adjoint_sweep with the logarithmic derivative for products of powers u^v whose exponents are not
// numbers: they hand on y * adjoint, the derivative by log u, which is a node that is there
// already. Where a u is 0 the result has no value.
void logarithmic_sweep(Graph&, std::span<const NodeId> nodes, const NodeSet& members, NodeId root,
                       Sheet& adjoints);

}  // namespace nabla::calculus
