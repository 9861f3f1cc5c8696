#include "lib/calculus/coefficients.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "lib/calculus/fingerprint.hpp"
#include "lib/core/build.hpp"

namespace nabla::calculus {

namespace {

class Mover {
 public:
  Mover(Graph& g, std::span<const NodeId> roots)
      : g_(g), nodes_(g.below(roots)), at_(nodes_), uses_(nodes_.size()), image_(nodes_.size()) {
    for (const NodeId root : roots) use(root);
    for (const NodeId id : nodes_) {
      const Node& n = g[id];
      const int operands = operand_count(n);
      for (int k = 0; k < operands; ++k) use(n.operand(k));
    }
  }

  std::vector<NodeId> run(std::span<const NodeId> roots) {
    for (std::size_t i = 0; i < nodes_.size(); ++i) image_[i] = image_of(nodes_[i]);
    std::vector<NodeId> result;
    for (const NodeId root : roots) result.push_back(image_[at_[root]]);
    return result;
  }

 private:
  void use(NodeId id) {
    std::uint8_t& uses = uses_[at_[id]];
    uses = static_cast<std::uint8_t>(std::min(uses + 1, 2));
  }
  bool once(NodeId id) const { return uses_[at_[id]] == 1; }

  struct Multiple {
    NodeId coefficient, rest;
  };
  std::optional<Multiple> multiple(NodeId id) const {
    const Node& n = g_[id];
    if (n.op != Op::product) return std::nullopt;
    const Op op = g_[n.a].op;
    if (op != Op::integer && op != Op::rational) return std::nullopt;
    return Multiple{n.a, n.b};
  }

  NodeId image_of(NodeId id) {
    const Node n = g_[id];
    if (n.is_leaf()) return id;
    if (n.op == Op::product) {
      const auto a = multiple(n.a), b = multiple(n.b);
      if (a && b && (once(n.a) || once(n.b))) {
        // The one that is needed elsewhere too keeps its place.
        const bool left = once(n.b);
        const Multiple &stays = left ? *a : *b, &leaves = left ? *b : *a;
        const Number both =
            g_.exact_of(g_[stays.coefficient]) * g_.exact_of(g_[leaves.coefficient]);
        const NodeId scaled = multiply(g_, g_.insert(both), image_[at_[stays.rest]]);
        return multiply(g_, scaled, image_[at_[leaves.rest]]);
      }
    }
    return rebuilt(g_, id, [&](NodeId old) { return image_[at_[old]]; });
  }

  Graph& g_;
  std::vector<NodeId> nodes_;
  Positions at_;
  std::vector<std::uint8_t> uses_;
  std::vector<NodeId> image_;
};

}  // namespace

std::vector<NodeId> round_coefficients(Graph& g, std::span<const NodeId> roots) {
  if (roots.empty()) return {};
  const auto nodes = g.below(roots);
  const Positions at(nodes);
  std::vector<NodeId> image(nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const Node n = g[nodes[i]];
    if (n.op == Op::product && g[n.a].op == Op::rational && !g[n.b].is_number()) {
      // What a double holds no better than this is left alone.
      const double value = g.value_of_number(g[n.a]);
      if (std::isnormal(value)) {
        image[i] = multiply(g, g.insert(value), image[at[n.b]]);
        continue;
      }
    }
    image[i] = rebuilt(g, nodes[i], [&](NodeId id) { return image[at[id]]; });
  }
  std::vector<NodeId> result;
  for (const NodeId root : roots) result.push_back(image[at[root]]);
  return result;
}

std::vector<NodeId> move_coefficients(Graph& g, std::span<const NodeId> roots) {
  if (roots.empty()) return {};
  return Mover(g, roots).run(roots);
}

}  // namespace nabla::calculus
