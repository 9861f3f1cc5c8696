#include "lib/calculus/coefficients.hpp"

#include <cmath>
#include <optional>

#include "lib/calculus/rewrite.hpp"
#include "lib/core/build.hpp"

namespace nabla::calculus {

namespace {

class Mover : public Rewrite {
 public:
  using Rewrite::Rewrite;

  std::vector<NodeId> run(std::span<const NodeId> roots) {
    return rewrite(roots, [&](NodeId id) { return image_of(id); });
  }

 private:
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
        const NodeId scaled = multiply(g_, g_.insert(both), image(stays.rest));
        return multiply(g_, scaled, image(leaves.rest));
      }
    }
    return plain(id);
  }
};

class Rounder : public Rewrite {
 public:
  using Rewrite::Rewrite;

  std::vector<NodeId> run(std::span<const NodeId> roots) {
    return rewrite(roots, [&](NodeId id) {
      const Node n = g_[id];
      if (n.op == Op::product && g_[n.a].op == Op::rational && !g_[n.b].is_number()) {
        // What a double holds no better than this is left alone.
        const double value = g_.value_of_number(g_[n.a]);
        if (std::isnormal(value)) return multiply(g_, g_.insert(value), image(n.b));
      }
      return plain(id);
    });
  }
};

}  // namespace

std::vector<NodeId> round_coefficients(Graph& g, std::span<const NodeId> roots) {
  if (roots.empty()) return {};
  return Rounder(g, roots).run(roots);
}

std::vector<NodeId> move_coefficients(Graph& g, std::span<const NodeId> roots) {
  if (roots.empty()) return {};
  return Mover(g, roots).run(roots);
}

}  // namespace nabla::calculus
