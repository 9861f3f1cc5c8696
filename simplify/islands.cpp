#include "simplify/islands.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "lib/core/build.hpp"
#include "lib/core/constants.hpp"
#include "lib/core/functions.hpp"
#include "lib/core/order.hpp"
#include "simplify/normal_form.hpp"
#include "simplify/portfolio.hpp"

namespace nabla {

namespace {

bool is_arithmetic(const Graph& g, const Node& n) {
  return n.op == Op::sum || n.op == Op::product ||
         (n.op == Op::power && g[n.b].op <= Op::rational) ||
         (n.op == Op::call && n.fn() == "abs"_fn);
}

}  // namespace

// Every distinct node of an island that stays within the bound, or nothing.
bool Islands::fits(NodeId top) {
  std::unordered_set<NodeId> seen;
  std::vector<NodeId> stack{top};
  while (!stack.empty()) {
    const NodeId id = stack.back();
    stack.pop_back();
    if (!seen.insert(id).second) continue;
    if (seen.size() > bounds_.island) return false;
    const Node& n = g_[id];
    if (!is_arithmetic(g_, n)) continue;
    for (int i = n.op == Op::power ? 1 : operand_count(n); i-- > 0;) stack.push_back(n.operand(i));
  }
  return true;
}

void Islands::find_tops(std::span<const NodeId> roots, const std::vector<NodeId>& nodes) {
  const std::size_t size = std::size_t{index(nodes.back())} + 1;
  top_.assign(size, false);
  skip_.assign(size, false);
  for (const NodeId id : roots) top_[index(id)] = true;
  for (auto it = nodes.rbegin(); it != nodes.rend(); ++it) {
    const Node& n = g_[*it];
    const bool arithmetic = is_arithmetic(g_, n);
    if (top_[index(*it)] && arithmetic && !fits(*it)) {
      skip_[index(*it)] = true;
      // The links of a chain are taken apart in their turn.
      for (int i = operand_count(n); i-- > 0;) top_[index(n.operand(i))] = true;
    }
    if (arithmetic) continue;
    for (int i = operand_count(n); i-- > 0;) top_[index(n.operand(i))] = true;
    // On its cut the sign of a zero decides what an angle is: x^2 + x is 0 at -1, x*(x + 1) is -0.
    if (n.op == Op::call && n.fn() == "atan2"_fn) skip_[index(n.a)] = true;
    // The base of x^y is read with the island around it, and is one by itself as well.
  }
}

std::vector<NodeId> Islands::improve(std::span<const NodeId> roots) {
  const std::vector<NodeId> nodes = g_.below(roots);
  find_tops(roots, nodes);
  done_.assign(std::size_t{index(nodes.back())} + 1, Graph::zero);
  for (const NodeId id : nodes) {
    NodeId now = rebuilt(id);
    if (top_[index(id)] && !skip_[index(id)]) now = improved(now);
    done_[index(id)] = now;
  }
  std::vector<NodeId> results;
  for (const NodeId id : roots) results.push_back(done_[index(id)]);
  return results;
}

NodeId Islands::rebuilt(NodeId id) {
  const Node n = g_[id];
  if (n.is_leaf()) return id;
  std::array<NodeId, 3> operands{};
  const auto count = static_cast<std::size_t>(operand_count(n));
  bool changed = false;
  for (std::size_t i = 0; i < count; ++i) {
    const NodeId u = n.operand(static_cast<int>(i));
    operands[i] = done_[index(u)];
    changed = changed || operands[i] != u;
  }
  const NodeId now = changed ? rebuild(g_, n, std::span(operands).first(count)) : id;
  return settled_choice(now);
}

// Has a value wherever its symbols have one.
bool Islands::is_total(NodeId id) const {
  std::vector<NodeId> stack{id};
  for (int budget = 32; !stack.empty(); --budget) {
    if (budget == 0) return false;
    const Node& n = g_[stack.back()];
    stack.pop_back();
    if (n.op == Op::real && !std::isfinite(g_.real_of(n))) return false;
    if (n.op == Op::constant && !std::isfinite(constants[n.detail].value)) return false;
    if (n.is_leaf()) continue;
    if (n.op != Op::sum && n.op != Op::product) return false;
    stack.push_back(n.a);
    stack.push_back(n.b);
  }
  return true;
}

// Conditions that what is known decides. Only about operands that are never NaN: a comparison with
// NaN is false, not undefined.
NodeId Islands::settled_choice(NodeId id) {
  const Node n = g_[id];
  if (n.op < Op::less || n.op > Op::not_equal) return id;
  if (!is_total(n.a) || !is_total(n.b)) return id;
  const Range difference = work_.facts.range(n.a) + -work_.facts.range(n.b);
  const bool one_side = n.b == Graph::zero;
  const bool apart = difference.low > 0 || difference.high < 0 ||
                     (one_side && work_.facts.range(n.a).is_nonzero());
  const bool below = difference.high < 0 || (one_side && work_.facts.range(n.a).is_negative());
  const bool above = difference.low > 0 || (one_side && work_.facts.range(n.a).is_positive());
  switch (n.op) {
    case Op::equal: return apart ? Graph::zero : id;
    case Op::not_equal: return apart ? Graph::one : id;
    case Op::less: return below ? Graph::one : difference.low >= 0 ? Graph::zero : id;
    default: return difference.high <= 0 ? Graph::one : above ? Graph::zero : id;
  }
}

// A single operation on leaves has no other form.
bool Islands::worth_it(NodeId top) const {
  const Node& n = g_[top];
  if (!is_arithmetic(g_, n)) return n.op == Op::call || n.op == Op::power;
  for (int i = operand_count(n); i-- > 0;) {
    if (!g_[n.operand(i)].is_leaf()) return true;
  }
  return false;
}

std::uint32_t Islands::weight(NodeId id) {
  while (weights_.size() <= index(id)) {
    const Node& n = g_[NodeId{static_cast<std::uint32_t>(weights_.size())}];
    std::uint32_t total = 1;
    for (int i = operand_count(n); i-- > 0;) {
      total = std::min(total + weights_[index(n.operand(i))], std::uint32_t{1} << 20);
    }
    weights_.push_back(total);
  }
  return weights_[index(id)];
}

// What stands below the island and is too heavy to be carried along, in reading order.
std::vector<NodeId> Islands::heavy_below(NodeId top) {
  std::vector<NodeId> found, stack{top};
  std::unordered_set<NodeId> seen;
  while (!stack.empty()) {
    const NodeId id = stack.back();
    stack.pop_back();
    if (!seen.insert(id).second) continue;
    const Node& n = g_[id];
    const bool inside = is_arithmetic(g_, n);
    for (int i = operand_count(n); i-- > 0;) {
      const NodeId u = n.operand(i);
      if (inside || weight(u) <= bounds_.light) {
        stack.push_back(u);
      } else if (std::ranges::find(found, u) == found.end()) {
        found.push_back(u);
      }
    }
  }
  return found;
}

// Every island is worked on in a graph of its own: what is tried there leaves nothing behind.
NodeId Islands::improved(NodeId top) {
  if (!worth_it(top) || effort_ >= bounds_.effort || !fits(top)) return top;
  effort_ += 8 + std::min<std::size_t>(weight(top), 64);
  Workspace inner(g_.limits, work_.price.profile());
  if (thorough_) inner.samples.ignore_below(negligible);
  Workspace::Known in, out;
  for (const NodeId heavy : heavy_below(top)) {
    const std::string name = "heavy" + std::to_string(in.size() + 1) + "_";
    const NodeId stands_for = inner.graph.insert_name(Op::symbol, name);
    in.emplace(heavy, stands_for);
    out.emplace(stands_for, heavy);
    inner.facts.assume(stands_for, work_.facts.range(heavy));
  }
  std::vector<NodeId> roots{top};
  for (const auto& [id, range] : work_.facts.assumed()) {
    if (id < top && weight(id) <= bounds_.light) roots.push_back(id);
  }
  std::ranges::sort(roots.begin() + 1, roots.end());  // not in the order of a hash table
  const std::vector<NodeId> taken = inner.take(g_, roots, in);
  for (std::size_t i = 1; i < roots.size(); ++i) {
    inner.facts.assume(taken[i], work_.facts.range(roots[i]));
    if (work_.facts.is_integer(roots[i])) inner.facts.assume_integer(taken[i]);
  }
  Graph& g = inner.graph;
  const NodeId now = canonical(g.expr(taken[0])).id;
  std::vector<NodeId> forms;
  bool angles = false;
  for (const bool keep_sines : {false, true}) {
    if (keep_sines && !angles) break;
    try {
      fractions::Meter meter(bounds_.terms, &work_.meter);
      fractions::Field field(g, inner.facts, meter, {&now, 1}, keep_sines);
      angles = field.has_angles();
      const fractions::Product p = field.read(now);
      fractions::Portfolio portfolio(field, inner.price, thorough_);
      for (const NodeId f : portfolio.forms(p)) forms.push_back(f);
    } catch (const fractions::TooLarge&) {
    }
  }
  if (forms.empty()) return in_parts(top);
  const NodeId best = pick(inner, now, std::move(forms));
  return best == taken[0] ? top : inner.give(g_, best, out);
}

// Terms and factors by themselves, where the whole is too much.
NodeId Islands::in_parts(NodeId top) {
  const Op op = g_[top].op;
  if (op != Op::sum && op != Op::product) return top;
  std::vector<NodeId> parts, stack{top};
  while (!stack.empty()) {
    const NodeId id = stack.back();
    const Node n = g_[id];
    stack.pop_back();
    if (n.op == op) {
      stack.push_back(n.b);
      stack.push_back(n.a);
    } else {
      parts.push_back(id);
    }
  }
  NodeId whole = op == Op::sum ? Graph::zero : Graph::one;
  for (const NodeId part : parts) {
    const NodeId now = is_arithmetic(g_, g_[part]) && g_[part].op != op ? improved(part) : part;
    whole = op == Op::sum ? add(g_, whole, now) : multiply(g_, whole, now);
  }
  return whole;
}

// The best of the forms that is no worse than the original in any respect that counts, checked.
NodeId Islands::pick(Workspace& work, NodeId original, std::vector<NodeId> forms) {
  std::size_t least = work.price.of(original);
  std::vector<std::pair<std::size_t, NodeId>> candidates;
  for (const NodeId f : forms) {
    if (work.price.of(f) > least + 1) continue;
    const NodeId tidy = canonical(work.graph.expr(f)).id;
    const std::size_t size = work.price.of(tidy);
    if (size > least) continue;
    if (std::ranges::find(candidates, std::pair(size, tidy)) == candidates.end()) {
      candidates.emplace_back(size, tidy);
    }
  }
  std::ranges::stable_sort(candidates, {}, [](const auto& c) { return c.first; });
  NodeId best = original;
  Workspace::Cost best_cost = work.cost(original, original);
  ReadingOrder order(work.graph);
  for (const auto& [size, form] : candidates) {
    if (best_cost.rank == 0 && size > best_cost.size) break;
    if (form == original) continue;
    const Workspace::Cost cost = work.cost(original, form);
    const bool better = cost != best_cost ? cost < best_cost : order.compare(form, best) < 0;
    if (!better || work.samples.compare(original, form) == Samples::Verdict::differs) continue;
    const double error = work.samples.error(original, form);
    if (error > 64 * std::max(work.samples.error(original, original), 10.0)) continue;
    if (work.rounds_anew(original, form)) continue;
    best = form;
    best_cost = cost;
  }
  return best;
}

}  // namespace nabla
