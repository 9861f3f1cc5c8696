#pragma once

// A graph to try forms in. Expressions are copied into it in an order that depends on their
// structure alone, so whatever happens there is the same in every run, and the user's graph gets
// the result only.

#include <span>
#include <unordered_map>
#include <vector>

#include "lib/core/graph.hpp"
#include "simplify/meter.hpp"
#include "simplify/metric.hpp"
#include "simplify/price.hpp"
#include "simplify/range.hpp"
#include "simplify/samples.hpp"

namespace nabla {

class Workspace {
 public:
  // `most_terms`: of polynomials, in all that is tried here.
  explicit Workspace(const Limits& limits, CostProfile profile = CostProfile::display,
                     std::int64_t most_terms = 0);

  Graph graph;
  Facts facts;
  OperationCounter count;
  Price price;
  fractions::Meter meter;
  Samples samples;

  // Everything it takes comes from one graph, whose functions it knows by the same rows.
  // `known`: what stands for some nodes here, or there.
  using Known = std::unordered_map<NodeId, NodeId>;
  std::vector<NodeId> take(const Graph& from, std::span<const NodeId> roots, Known known = {});
  NodeId give(Graph& to, NodeId root, Known known = {}) const;

  // What makes one form better than another of the same original: its size in the unit of the
  // profile, where not to overflow is worth one operation, then its accuracy, then the size in the
  // other unit, literals. Smaller is better.
  struct Cost {
    int rank = 0;          // accuracy before size, where the profile wants it: factors of 4
    std::size_t size = 0;  // a little more where something is lost
    int lost = 0;          // far points without a value
    int error_class = 0;   // factors of 64 above the rounding error of one operation
    std::size_t other = 0, literals = 0;

    friend auto operator<=>(const Cost&, const Cost&) = default;
  };
  Cost cost(NodeId original, NodeId form);

  // Whether the form has decimals the original has not: they were rounded on the way.
  bool rounds_anew(NodeId original, NodeId form) const;

 private:
  std::size_t literal_bits(NodeId root) const;
};

}  // namespace nabla
