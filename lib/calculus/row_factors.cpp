#include "lib/calculus/row_factors.hpp"

#include "lib/calculus/rewrite.hpp"

namespace nabla::calculus {
namespace {

class Factoring : public Rewrite {
 public:
  Factoring(Graph& g, std::span<const NodeId> roots)
      : Rewrite(g, roots), mixed_(nodes_.size(), false) {}

  std::vector<NodeId> run(std::span<const NodeId> roots) {
    return rewrite(roots, [&](NodeId id) {
      const Node n = g_[id];
      if (n.op == Op::product && varies(id)) {
        mixed_[at_[id]] = !varies(n.a) || !varies(n.b) || mixed(n.a) || mixed(n.b);
      }
      return n.op == Op::data_sum && mixed(n.a) ? taken_apart(n.a) : plain(id);
    });
  }

 private:
  bool varies(NodeId id) const { return (g_[id].flags & varies_by_row) != 0; }
  // A product with a factor that does not vary, at whatever depth.
  bool mixed(NodeId id) const { return mixed_[at_[id]]; }

  NodeId taken_apart(NodeId body) {
    NodeId common = Graph::one, rest = Graph::one;
    std::vector<NodeId> open{body};
    while (!open.empty()) {
      const NodeId id = open.back();
      open.pop_back();
      if (mixed(id)) {
        open.insert(open.end(), {g_[id].b, g_[id].a});
      } else if (varies(id)) {
        rest = multiply(g_, rest, image(id));
      } else {
        common = multiply(g_, common, image(id));
      }
    }
    return multiply(g_, common, data_sum(g_, rest));
  }

  std::vector<bool> mixed_;
};

}  // namespace

std::vector<NodeId> factors_before_sums(Graph& g, std::span<const NodeId> roots) {
  if (roots.empty()) return {};
  return Factoring(g, roots).run(roots);
}

}  // namespace nabla::calculus
