#include "lib/calculus/balance.hpp"

#include <algorithm>

#include "lib/calculus/rewrite.hpp"

namespace nabla::calculus {

namespace {

constexpr std::size_t shortest = 8;

class Balancer : public Rewrite {
 public:
  Balancer(Graph& g, std::span<const NodeId> roots) : Rewrite(g, roots), inner_(nodes_.size()) {
    for (const NodeId id : nodes_) {
      if (!is_plain_product(id)) continue;
      for (const NodeId operand : {g[id].a, g[id].b}) {
        inner_[at_[operand]] = is_plain_product(operand) && once(operand);
      }
    }
  }

  std::vector<NodeId> run(std::span<const NodeId> roots) {
    return rewrite(
        roots, [&](NodeId id) { return inner_[at_[id]]; }, [&](NodeId id) { return image_of(id); });
  }

 private:
  bool is_plain_product(NodeId id) const {
    const Node& n = g_[id];
    return n.op == Op::product && !g_[n.a].is_number();
  }

  NodeId image_of(NodeId id) {
    const Node n = g_[id];
    if (!is_plain_product(id) || !(inner_[at_[n.a]] || inner_[at_[n.b]])) {
      return plain(id);
    }
    std::vector<NodeId> factors, inside, stack{id};
    while (!stack.empty()) {
      const NodeId next = stack.back();
      stack.pop_back();
      if (next != id && !inner_[at_[next]]) {
        factors.push_back(image(next));
        continue;
      }
      inside.push_back(next);
      stack.push_back(g_[next].b);
      stack.push_back(g_[next].a);
    }
    if (factors.size() < shortest) {
      std::ranges::sort(inside);
      for (const NodeId part : inside) {
        image(part) = plain(part);
      }
      return image(id);
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

  std::vector<bool> inner_;
};

}  // namespace

std::vector<NodeId> balance_products(Graph& g, std::span<const NodeId> roots) {
  if (roots.empty()) return {};
  return Balancer(g, roots).run(roots);
}

}  // namespace nabla::calculus
