#pragma once

// What passes that rewrite a graph into itself have in common.

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "lib/core/build.hpp"
#include "lib/core/graph.hpp"

namespace nabla::calculus {

// Positions of some nodes (ascending) among themselves.
class Positions {
 public:
  explicit Positions(std::span<const NodeId> nodes)
      : at_(nodes.empty() ? 0 : std::size_t{index(nodes.back())} + 1) {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      at_[index(nodes[i])] = static_cast<std::uint32_t>(i);
    }
  }
  std::uint32_t operator[](NodeId id) const { return at_[index(id)]; }
  bool contains(std::span<const NodeId> nodes, NodeId id) const {
    return index(id) < at_.size() && nodes[at_[index(id)]] == id;
  }

 private:
  std::vector<std::uint32_t> at_;
};

// The node over the images of its operands; itself where none of them changed.
template <typename Image>
NodeId rebuilt(Graph& g, NodeId id, Image image) {
  const Node n = g[id];
  std::array<NodeId, 3> operands{};
  const auto count = static_cast<std::size_t>(operand_count(n));
  bool same = true;
  for (std::size_t k = 0; k < count; ++k) {
    const NodeId old = n.operand(static_cast<int>(k));
    operands[k] = image(old);
    same &= operands[k] == old;
  }
  return same ? id : rebuild(g, n, std::span(operands).first(count));
}

}  // namespace nabla::calculus
