#include "lib/calculus/balance.hpp"

#include <algorithm>

#include "lib/calculus/rewrite.hpp"

namespace nabla::calculus {

namespace {

constexpr std::size_t shortest = 8;

class Balancer {
 public:
  Balancer(Graph& g, std::span<const NodeId> roots)
      : g_(g), nodes_(g.below(roots)), at_(nodes_), uses_(nodes_.size()), image_(nodes_.size()) {
    for (const NodeId root : roots) use(root);
    for (const NodeId id : nodes_) {
      const Node& n = g[id];
      for (int k = 0; k < operand_count(n); ++k) use(n.operand(k));
    }
    inner_.assign(nodes_.size(), false);
    for (const NodeId id : nodes_) {
      if (!is_plain_product(id)) continue;
      for (const NodeId operand : {g[id].a, g[id].b}) {
        inner_[at_[operand]] = is_plain_product(operand) && uses_[at_[operand]] == 1;
      }
    }
  }

  std::vector<NodeId> run(std::span<const NodeId> roots) {
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (!inner_[i]) image_[i] = image_of(nodes_[i]);
    }
    std::vector<NodeId> result;
    for (const NodeId root : roots) result.push_back(image_[at_[root]]);
    return result;
  }

 private:
  void use(NodeId id) {
    std::uint8_t& uses = uses_[at_[id]];
    uses = static_cast<std::uint8_t>(std::min(uses + 1, 2));
  }
  bool is_plain_product(NodeId id) const {
    const Node& n = g_[id];
    return n.op == Op::product && !g_[n.a].is_number();
  }

  NodeId image_of(NodeId id) {
    const Node n = g_[id];
    if (!is_plain_product(id) || !(inner_[at_[n.a]] || inner_[at_[n.b]])) {
      return rebuilt(g_, id, [&](NodeId old) { return image_[at_[old]]; });
    }
    std::vector<NodeId> factors, inside, stack{id};
    while (!stack.empty()) {
      const NodeId next = stack.back();
      stack.pop_back();
      if (next != id && !inner_[at_[next]]) {
        factors.push_back(image_[at_[next]]);
        continue;
      }
      inside.push_back(next);
      stack.push_back(g_[next].b);
      stack.push_back(g_[next].a);
    }
    if (factors.size() < shortest) {
      std::ranges::sort(inside);
      for (const NodeId part : inside) {
        image_[at_[part]] = rebuilt(g_, part, [&](NodeId old) { return image_[at_[old]]; });
      }
      return image_[at_[id]];
    }
    while (factors.size() > 1) {
      std::size_t kept = 0;
      for (std::size_t i = 0; i < factors.size(); i += 2) {
        factors[kept++] =
            i + 1 < factors.size() ? multiply(g_, factors[i], factors[i + 1]) : factors[i];
      }
      factors.resize(kept);
    }
    return factors.front();
  }

  Graph& g_;
  std::vector<NodeId> nodes_;
  Positions at_;
  std::vector<std::uint8_t> uses_;
  std::vector<bool> inner_;
  std::vector<NodeId> image_;
};

}  // namespace

std::vector<NodeId> balance_products(Graph& g, std::span<const NodeId> roots) {
  if (roots.empty()) return {};
  return Balancer(g, roots).run(roots);
}

}  // namespace nabla::calculus
