#include "lib/calculus/adjoint.hpp"

#include "lib/calculus/rules.hpp"

namespace nabla::calculus {

namespace {

class Sweep {
 public:
  Sweep(Graph& graph, const NodeSet& members, Sheet& adjoints)
      : graph_(graph), members_(members), adjoints_(adjoints) {}

  // Hands the adjoint of y on to its operands.
  void push(NodeId y) {
    const Node n = graph_[y];
    const Guarded adjoint = adjoints_[y];
    if (adjoint.is_zero()) return;
    switch (n.op) {
      case Op::sum:
        if (members_.contains(n.a)) give(n, n.a, adjoint);
        if (members_.contains(n.b)) give(n, n.b, adjoint);
        break;
      case Op::product:
        if (members_.contains(n.a)) give(n, n.a, times(graph_, adjoint, n.b));
        if (members_.contains(n.b)) give(n, n.b, times(graph_, adjoint, n.a));
        break;
      default: push_by_rule(y, n, adjoint);
    }
  }

 private:
  void push_by_rule(NodeId y, const Node& n, const Guarded& adjoint) {
    const int operands = operand_count(n);
    for (int i = 0; i < operands; ++i) {
      const NodeId operand = n.operand(i);
      if (!members_.contains(operand)) continue;
      const Partial p = partial(graph_, y, i);
      if (p.factor == Graph::zero) continue;
      const Guarded scaled = times(graph_, adjoint, p.factor);
      give(n, operand, under(graph_, p.guard, scaled));
    }
  }

  void give(const Node& from, NodeId operand, Guarded contribution) {
    const Node to = graph_[operand];
    // One node for all rows: its adjoint gathers what every row contributes.
    if ((from.flags & varies_by_row) && !(to.flags & varies_by_row)) {
      contribution = over_rows(graph_, contribution);
    }
    const Guarded before = adjoints_[operand];
    adjoints_.set(operand, to.is_leaf() ? gather(graph_, before, contribution)
                                        : plus(graph_, before, contribution));
  }

  Graph& graph_;
  const NodeSet& members_;
  Sheet& adjoints_;
};

}  // namespace

Active active_nodes(const Graph& g, std::span<const NodeId> nodes,
                    std::span<const NodeId> variables) {
  const std::size_t size = nodes.empty() ? 0 : std::size_t{index(nodes.back())} + 1;
  Active active{.nodes = {}, .set = NodeSet(size)};
  for (const NodeId x : variables) {
    if (index(x) < size) active.set.insert(x);
  }
  for (const NodeId id : nodes) {
    const Node& n = g[id];
    if (!(n.flags & depends_on_symbol)) continue;
    bool depends = active.set.contains(id);
    switch (operand_count(n)) {
      case 3: depends |= active.set.contains(n.c); [[fallthrough]];
      case 2: depends |= active.set.contains(n.b); [[fallthrough]];
      case 1: depends |= active.set.contains(n.a); break;
      default: break;
    }
    if (!depends) continue;
    active.set.insert(id);
    active.nodes.push_back(id);
  }
  return active;
}

void adjoint_sweep(Graph& g, std::span<const NodeId> nodes, const NodeSet& members, NodeId root,
                   Sheet& adjoints) {
  adjoints.set(root, {.value = Graph::one});
  Sweep sweep(g, members, adjoints);
  for (std::size_t i = nodes.size(); i-- > 0;) sweep.push(nodes[i]);
}

}  // namespace nabla::calculus
