#include "lib/calculus/adjoint.hpp"

#include <bit>

#include "lib/calculus/rules.hpp"
#include "lib/core/functions.hpp"
#include "lib/core/stop.hpp"

namespace nabla::calculus {

namespace {

// The nodes of a sweep, marked before it.
class Listed {
 public:
  explicit Listed(const NodeSet& set) : set_(set) {}
  bool contains(NodeId id) const { return set_.contains(id); }
  void reach(NodeId, const Node&) {}

 private:
  const NodeSet& set_;
};

// Everything that depends on a name; the next node to visit is the youngest reached and not
// visited.
class Named {
 public:
  Named(const Graph& graph, NodeId root)
      : graph_(graph), word_(index(root) / 64), reached_(word_ + 1) {
    reach(root, graph[root]);
  }
  bool contains(NodeId id) const { return graph_[id].flags & depends_on_symbol; }
  void reach(NodeId id, const Node& n) {
    if (n.is_leaf()) return;
    std::uint64_t& word = reached_[index(id) / 64];
    const std::uint64_t bit = std::uint64_t{1} << (index(id) % 64);
    waiting_ += (word & bit) == 0;
    word |= bit;
  }
  bool empty() const { return waiting_ == 0; }
  NodeId take() {
    while (reached_[word_] == 0) --word_;
    const int bit = 63 - std::countl_zero(reached_[word_]);
    reached_[word_] &= ~(std::uint64_t{1} << bit);
    --waiting_;
    return NodeId{static_cast<std::uint32_t>(word_ * 64) + static_cast<std::uint32_t>(bit)};
  }

 private:
  const Graph& graph_;
  std::size_t word_;
  ZeroedArray<std::uint64_t> reached_;
  std::size_t waiting_ = 0;
};

template <typename Members>
class Sweep {
 public:
  Sweep(Graph& graph, Members& members, Sheet& adjoints)
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
        if (members_.contains(n.a)) give(n, n.a, scaled(n, adjoint, n.b));
        if (members_.contains(n.b)) give(n, n.b, scaled(n, adjoint, n.a));
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
      const Guarded contribution = scaled(n, adjoint, p.factor);
      give(n, operand, under(graph_, p.guard, contribution));
    }
  }

  // Inside a sum over rows, what is the same in every row stays in front, so that it can leave the
  // sum: (s * r) * factor is built as s * (r * factor).
  Guarded scaled(const Node& from, const Guarded& adjoint, NodeId factor) {
    if (!(from.flags & varies_by_row)) return times(graph_, adjoint, factor);
    const Node n = graph_[adjoint.value];
    if (n.op != Op::product || !by_row(adjoint.value)) return times(graph_, adjoint, factor);
    if (by_row(n.a) == by_row(n.b)) return times(graph_, adjoint, factor);
    const NodeId same = by_row(n.a) ? n.b : n.a, varying = by_row(n.a) ? n.a : n.b;
    Guarded rest = adjoint;
    rest.value = varying;
    rest = times(graph_, rest, factor);
    rest.value = multiply(graph_, same, rest.value);
    return rest;
  }

  bool by_row(NodeId id) const { return graph_[id].flags & varies_by_row; }

  void give(const Node& from, NodeId operand, Guarded contribution) {
    const Node to = graph_[operand];
    // One node for all rows: its adjoint gathers what every row contributes.
    if ((from.flags & varies_by_row) && !(to.flags & varies_by_row)) {
      contribution = over_rows(graph_, contribution);
    }
    members_.reach(operand, to);
    const Guarded before = adjoints_[operand];
    adjoints_.set(operand, to.is_leaf() ? gather(graph_, before, contribution)
                                        : plus(graph_, before, contribution));
  }

  Graph& graph_;
  Members& members_;
  Sheet& adjoints_;
};

// d root / d log(node), for products of powers, besides the adjoints.
class LogarithmicSweep {
 public:
  LogarithmicSweep(Graph& graph, std::span<const NodeId> nodes, const NodeSet& members,
                   Sheet& adjoints)
      : graph_(graph),
        members_(members),
        adjoints_(adjoints),
        plain_(graph, members_, adjoints),
        kind_(nodes.empty() ? 0 : std::size_t{index(nodes.back())} + 1),
        logarithms_(kind_.size()) {
    for (const NodeId id : nodes) kind_[index(id)] = kind_of(id);
  }

  void push(NodeId y) {
    if (kind_[index(y)] == Kind::other) return plain_.push(y);
    const Guarded adjoint = adjoints_[y];
    NodeId by_log = logarithms_[index(y)];
    if (!adjoint.is_plain()) {
      if (by_log != Graph::zero) {
        const Guarded rest{.value = divide(graph_, by_log, y)};
        adjoints_.set(y, plus(graph_, adjoint, rest));
      }
      return plain_.push(y);
    }
    if (!adjoint.is_zero()) {
      const NodeId own = adjoint.value == Graph::one ? y : multiply(graph_, adjoint.value, y);
      by_log = by_log == Graph::zero ? own : add(graph_, by_log, own);
    }
    if (by_log == Graph::zero) return;
    const Node n = graph_[y];
    if (n.op == Op::product) {
      for (const NodeId operand : {n.a, n.b}) {
        if (members_.contains(operand)) give(operand, by_log);
      }
      return;
    }
    if (members_.contains(n.a)) {
      const NodeId by_base = multiply(graph_, by_log, n.b);
      if (kind_[index(n.a)] == Kind::other) {
        gather_at(n.a, divide(graph_, by_base, n.a));
      } else {
        give(n.a, by_base);
      }
    }
    if (members_.contains(n.b)) {
      gather_at(n.b, multiply(graph_, by_log, call(graph_, "log"_fn, n.a)));
    }
  }

 private:
  enum class Kind : std::uint8_t { other, powers };

  // A power with an exponent that is no number, or a product of such and of numbers and constants.
  Kind kind_of(NodeId id) const {
    const Node& n = graph_[id];
    if (n.flags & varies_by_row) return Kind::other;
    if (n.op == Op::power) return graph_[n.b].is_number() ? Kind::other : Kind::powers;
    if (n.op != Op::product) return Kind::other;
    const auto fits = [&](NodeId operand) {
      return !members_.contains(operand) || kind_[index(operand)] == Kind::powers;
    };
    return fits(n.a) && fits(n.b) ? Kind::powers : Kind::other;
  }

  void give(NodeId id, NodeId by_log) {
    NodeId& sum = logarithms_[index(id)];
    sum = sum == Graph::zero ? by_log : add(graph_, sum, by_log);
  }
  void gather_at(NodeId id, NodeId contribution) {
    adjoints_.set(id, plus(graph_, adjoints_[id], {.value = contribution}));
  }

  Graph& graph_;
  Listed members_;
  Sheet& adjoints_;
  Sweep<Listed> plain_;
  ZeroedArray<Kind> kind_;
  ZeroedArray<NodeId> logarithms_;
};

}  // namespace

Active active_nodes(const Graph& g, std::vector<NodeId> nodes, std::span<const NodeId> variables) {
  const std::size_t size = nodes.empty() ? 0 : std::size_t{index(nodes.back())} + 1;
  NodeSet set(size);
  for (const NodeId x : variables) {
    if (index(x) < size) set.insert(x);
  }
  const auto inactive = [&](NodeId id) {
    const Node& n = g[id];
    if (!(n.flags & depends_on_symbol)) return true;
    bool depends = set.contains(id);
    switch (operand_count(n)) {
      case 3: depends |= set.contains(n.c); [[fallthrough]];
      case 2: depends |= set.contains(n.b); [[fallthrough]];
      case 1: depends |= set.contains(n.a); break;
      default: break;
    }
    if (depends) set.insert(id);
    return !depends;
  };
  // One after the other, operands first: remove_if makes no promise about the order of its calls.
  StopCheck stop(g.limits);
  std::size_t kept = 0;
  for (const NodeId id : nodes) {
    stop();
    if (!inactive(id)) nodes[kept++] = id;
  }
  nodes.resize(kept);
  return {std::move(nodes), std::move(set)};
}

void adjoint_sweep(Graph& g, std::span<const NodeId> nodes, const NodeSet& members, NodeId root,
                   Sheet& adjoints) {
  adjoints.set(root, {.value = Graph::one});
  Listed listed(members);
  Sweep sweep(g, listed, adjoints);
  StopCheck stop(g.limits);
  for (std::size_t i = nodes.size(); i-- > 0;) {
    stop();
    sweep.push(nodes[i]);
  }
}

void adjoint_sweep_of_names(Graph& g, NodeId root, Sheet& adjoints) {
  adjoints.set(root, {.value = Graph::one});
  Named named(g, root);
  Sweep sweep(g, named, adjoints);
  StopCheck stop(g.limits);
  while (!named.empty()) {
    stop();
    sweep.push(named.take());
  }
}

void logarithmic_sweep(Graph& g, std::span<const NodeId> nodes, const NodeSet& members, NodeId root,
                       Sheet& adjoints) {
  adjoints.set(root, {.value = Graph::one});
  LogarithmicSweep sweep(g, nodes, members, adjoints);
  StopCheck stop(g.limits);
  for (std::size_t i = nodes.size(); i-- > 0;) {
    stop();
    sweep.push(nodes[i]);
  }
}

}  // namespace nabla::calculus
