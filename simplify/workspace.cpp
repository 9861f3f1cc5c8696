#include "simplify/workspace.hpp"

#include <algorithm>
#include <cmath>

namespace nabla {

namespace {

Limits bounded(Limits limits) {
  limits.nodes = std::min<std::size_t>(limits.nodes, std::size_t{1} << 24);
  return limits;
}

// A leaf in another graph.
NodeId copy_leaf(const Graph& from, const Node& n, Graph& to) {
  switch (n.op) {
    case Op::integer:
    case Op::rational: return to.insert(from.exact_of(n));
    case Op::real: return to.insert(from.real_of(n));
    case Op::constant: return to.insert_constant(n.detail);
    default: return to.insert_name(n.op, from.name_of(n));
  }
}

}  // namespace

Workspace::Workspace(const Limits& limits, CostProfile profile, std::int64_t most_terms)
    : graph(bounded(limits)),
      facts(graph),
      count(graph),
      price(graph, count, profile),
      meter(most_terms),
      samples(graph, facts) {}

// Operands from left to right, each before its first user. Nodes are copied as they are: nothing
// is folded again.
static std::vector<NodeId> copy(const Graph& from, std::span<const NodeId> roots, Graph& to,
                                Workspace::Known done) {
  std::vector<NodeId> stack(roots.rbegin(), roots.rend()), result;
  while (!stack.empty()) {
    const NodeId id = stack.back();
    if (done.contains(id)) {
      stack.pop_back();
      continue;
    }
    Node n = from[id];
    if (n.is_leaf()) {
      done.emplace(id, copy_leaf(from, n, to));
      stack.pop_back();
      continue;
    }
    bool ready = true;
    for (int i = operand_count(n); i-- > 0;) {
      if (!done.contains(n.operand(i))) {
        stack.push_back(n.operand(i));
        ready = false;
      }
    }
    if (!ready) continue;
    stack.pop_back();
    const int operands = operand_count(n);
    if (operands > 0) n.a = done[n.a];
    if (operands > 1) n.b = done[n.b];
    if (operands > 2) n.c = done[n.c];
    n.flags = 0;
    done.emplace(id, to.insert(n));
  }
  for (const NodeId id : roots) result.push_back(done[id]);
  return result;
}

std::vector<NodeId> Workspace::take(const Graph& from, std::span<const NodeId> roots, Known known) {
  if (graph.functions().size() != from.functions().size()) {
    graph.functions() = from.functions().without_partials();
  }
  return copy(from, roots, graph, std::move(known));
}

NodeId Workspace::give(Graph& to, NodeId root, Known known) const {
  return copy(graph, {&root, 1}, to, std::move(known)).front();
}

std::size_t Workspace::literal_bits(NodeId root) const {
  std::size_t bits = 0;
  for (const NodeId id : graph.below(root)) {
    const Node& n = graph[id];
    if (n.op <= Op::rational) {
      const Number number = graph.exact_of(n);
      bits += number.bits() + (n.op == Op::rational ? 4 : 0) + (number.sign() < 0 ? 1 : 0);
    }
    if (n.op == Op::real) bits += 64;
  }
  return bits;
}

bool Workspace::rounds_anew(NodeId original, NodeId form) const {
  std::vector<double> known;
  for (const NodeId id : graph.below(form)) {
    if (graph[id].op != Op::real) continue;
    if (known.empty()) {
      known.push_back(0);
      for (const NodeId u : graph.below(original)) {
        if (graph[u].op == Op::real) known.push_back(std::fabs(graph.real_of(graph[u])));
      }
    }
    if (std::ranges::find(known, std::fabs(graph.real_of(graph[id]))) == known.end()) return true;
  }
  return false;
}

Workspace::Cost Workspace::cost(NodeId original, NodeId form) {
  const double error = samples.error(original, form);
  const auto factors = [&](double bits) {
    return std::isfinite(error) ? static_cast<int>(std::log2(std::max(error, 16.0) / 16.0) / bits)
                                : 1000;
  };
  const bool by_tree = price.profile() == CostProfile::display;
  const int lost = samples.lost(form);
  const std::size_t one_operation = price.profile() == CostProfile::run ? 10 : 1;
  return {.rank = price.profile() == CostProfile::accuracy ? factors(2) : 0,
          .size = price.of(form) + (lost > 0 ? one_operation : 0),
          .lost = lost,
          .error_class = factors(6),
          .other = by_tree ? count.shared(form) : count.tree(form),
          .literals = literal_bits(form)};
}

}  // namespace nabla
