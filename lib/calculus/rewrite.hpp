#pragma once

// What passes that rewrite a graph into itself have in common.

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "lib/core/build.hpp"
#include "lib/core/graph.hpp"
#include "lib/core/stop.hpp"

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

// What passes over a graph have in common: the nodes below some roots, operands first, whether each
// is used once, and what becomes of it.
class Rewrite {
 public:
  Rewrite(Graph& g, std::span<const NodeId> roots)
      : g_(g), nodes_(g.below(roots)), at_(nodes_), uses_(nodes_.size()), image_(nodes_.size()) {
    for (const NodeId root : roots) use(root);
    for (const NodeId id : nodes_) {
      const Node& n = g[id];
      const int operands = operand_count(n);
      for (int k = 0; k < operands; ++k) use(n.operand(k));
    }
  }

 protected:
  bool once(NodeId id) const { return uses_[at_[id]] == 1; }
  NodeId& image(NodeId id) { return image_[at_[id]]; }
  NodeId plain(NodeId id) {
    return rebuilt(g_, id, [&](NodeId old) { return image(old); });
  }

  // `image_of` for each node that `skip` does not leave to its user; then those of the roots.
  std::vector<NodeId> rewrite(std::span<const NodeId> roots, auto skip, auto image_of) {
    StopCheck stop(g_.limits);
    for (const NodeId id : nodes_) {
      stop();
      if (!skip(id)) image(id) = image_of(id);
    }
    std::vector<NodeId> result;
    for (const NodeId root : roots) result.push_back(image(root));
    return result;
  }
  std::vector<NodeId> rewrite(std::span<const NodeId> roots, auto image_of) {
    return rewrite(
        roots, [](NodeId) { return false; }, image_of);
  }

  Graph& g_;
  std::vector<NodeId> nodes_;
  Positions at_;

 private:
  void use(NodeId id) {
    std::uint8_t& uses = uses_[at_[id]];
    uses = static_cast<std::uint8_t>(std::min(uses + 1, 2));
  }

  std::vector<std::uint8_t> uses_;  // 2: more than once
  std::vector<NodeId> image_;
};

}  // namespace nabla::calculus
