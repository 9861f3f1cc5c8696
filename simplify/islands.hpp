#pragma once

// Where rational simplification applies: an expression falls into islands, parts made of + * / and
// powers between calls, choices and sums over data. Islands are improved one by one, inner ones
// first; one that is too large is taken apart into its terms and factors.

#include <vector>

#include "simplify/workspace.hpp"

namespace nabla {

class Islands {
 public:
  struct Bounds {
    std::size_t island = 160;    // distinct nodes of one island
    std::size_t effort = 6000;   // nodes of all islands that are worked on
    std::uint32_t light = 48;    // nodes of a tree below an island that come along
    std::int64_t terms = 8'000;  // of polynomials, in one island
  };

  // Thorough: a form may be 0 where the original is smaller.
  static constexpr double negligible = 1e-150;

  Islands(Workspace& work, const Bounds& bounds, bool thorough)
      : work_(work), g_(work.graph), bounds_(bounds), thorough_(thorough) {}

  // The roots with every island in its best form. O(n) plus the bounded effort.
  std::vector<NodeId> improve(std::span<const NodeId> roots);

 private:
  void find_tops(std::span<const NodeId> roots, const std::vector<NodeId>& nodes);
  bool fits(NodeId top);
  bool worth_it(NodeId top) const;
  NodeId rebuilt(NodeId id);
  NodeId settled_choice(NodeId id);
  bool is_total(NodeId id) const;
  NodeId improved(NodeId top);
  NodeId in_parts(NodeId top);
  std::uint32_t weight(NodeId id);
  std::vector<NodeId> heavy_below(NodeId top);
  static NodeId pick(Workspace& work, NodeId original, std::vector<NodeId> forms);

  Workspace& work_;
  Graph& g_;
  Bounds bounds_;
  bool thorough_;
  std::size_t effort_ = 0;
  std::vector<bool> top_, skip_;
  std::vector<NodeId> done_;
  std::vector<std::uint32_t> weights_;  // nodes of the tree below each node, saturated
};

}  // namespace nabla
