#pragma once

// A graph to try forms in. Expressions are copied into it in an order that depends on their
// structure alone, so whatever happens there is the same in every run, and the user's graph gets
// the result only.

#include <span>
#include <unordered_map>
#include <vector>

#include "lib/core/graph.hpp"
#include "simplify/metric.hpp"
#include "simplify/range.hpp"
#include "simplify/samples.hpp"

namespace nabla {

class Workspace {
 public:
  explicit Workspace(const Limits& limits);

  Graph graph;
  Facts facts;
  OperationCounter count;
  Samples samples;

  // Everything it takes comes from one graph, whose functions it knows by the same rows.
  // `known`: what stands for some nodes here, or there.
  using Known = std::unordered_map<NodeId, NodeId>;
  std::vector<NodeId> take(const Graph& from, std::span<const NodeId> roots, Known known = {});
  NodeId give(Graph& to, NodeId root, Known known = {}) const;

  // Size of a form, then its accuracy, sharing, literals: what makes one form better than another
  // of the same original. Smaller is better.
  struct Cost {
    std::size_t tree = 0;
    int error_class = 0;  // factors of 64 above the rounding error of one operation
    std::size_t shared = 0, literals = 0;

    friend auto operator<=>(const Cost&, const Cost&) = default;
  };
  Cost cost(NodeId original, NodeId form);

 private:
  std::size_t literal_bits(NodeId root) const;
};

}  // namespace nabla
