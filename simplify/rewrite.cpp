#include "simplify/rewrite.hpp"

#include <algorithm>
#include <array>

#include "lib/core/build.hpp"
#include "lib/emit/print.hpp"
#include "simplify/normal_form.hpp"

namespace nabla {

NodeId Rewriter::replaced(NodeId root, NodeId at, NodeId by) {
  if (root == at) return by;
  Graph& g = work_.graph;
  const std::vector<NodeId> nodes = g.below(root);
  NodeMap<NodeId> done(root);
  for (const NodeId id : nodes) {
    done[id] = id;
    if (id == at) {
      done[id] = by;
      continue;
    }
    const Node n = g[id];
    std::array<NodeId, 3> operands{};
    const auto count = static_cast<std::size_t>(operand_count(n));
    bool changed = false;
    for (std::size_t i = 0; i < count; ++i) {
      const NodeId u = n.operand(static_cast<int>(i));
      operands[i] = done[u];
      changed = changed || operands[i] != u;
    }
    if (changed) done[id] = rebuild(g, n, std::span(operands).first(count));
  }
  return done[root];
}

std::vector<Rewriter::Candidate> Rewriter::candidates(NodeId root) {
  Graph& g = work_.graph;
  const std::vector<NodeId> nodes = g.below(root);
  std::vector<Candidate> found;
  if (nodes.size() > bounds_.nodes) return found;
  NodeMap<std::uint64_t> mentions(root);
  for (const NodeId id : nodes) {
    const Node& n = g[id];
    mentions[id] = mentioned(g, n);
    for (int i = operand_count(n); i-- > 0;) mentions[id] |= mentions[n.operand(i)];
  }
  Matcher matcher(g, work_.facts);
  const std::size_t size = work_.price.of(root);
  std::vector<NodeId> seen{root};
  const auto try_rules = [&](const RuleBook& book) {
    for (const Rule& rule : book.rules()) {
      if ((rule.mentions & ~mentions[root]) != 0) continue;
      for (const NodeId id : nodes) {
        if (g[id].is_leaf() || (rule.mentions & ~mentions[id]) != 0) continue;
        for (const NodeId by : matcher.rewrite(book, rule, id)) {
          if (by == id) continue;
          const NodeId form = canonical(g.expr(replaced(root, id, by))).id;
          if (std::ranges::find(seen, form) != seen.end()) continue;
          seen.push_back(form);
          if (work_.price.of(form) > size + bounds_.longer) continue;
          found.push_back({work_.cost(root, form), form, &rule});
        }
      }
    }
  };
  if (own_ != nullptr) try_rules(*own_);
  try_rules(RuleBook::built_in());
  std::ranges::stable_sort(found, {}, [](const Candidate& c) { return c.cost; });
  return found;
}

// Better, and the same wherever it can be checked.
bool Rewriter::accepted(NodeId root, NodeId form, const Workspace::Cost& cost,
                        const Workspace::Cost& now) {
  if (!(cost < now)) return false;
  if (cost.rank >= now.rank && work_.price.of(form) > work_.price.of(root)) return false;
  // The same length is worth a change only for accuracy.
  if (cost.rank >= now.rank && cost.size == now.size && cost.lost >= now.lost &&
      cost.error_class >= now.error_class && cost.other >= now.other) {
    return false;
  }
  if (work_.samples.compare(root, form) == Samples::Verdict::differs) return false;
  if (work_.rounds_anew(root, form)) return false;
  return work_.samples.error(root, form) <= 64 * std::max(work_.samples.error(root, root), 10.0);
}

NodeId Rewriter::improve(NodeId root, SimplifyStep* step) {
  const std::vector<Candidate> found = candidates(root);
  if (found.empty()) return root;
  Graph& g = work_.graph;
  const Workspace::Cost now = work_.cost(root, root);
  const auto tell = [&](const Candidate& c, NodeId form) {
    if (step == nullptr) return form;
    *step = {.rule = c.rule->name + ": " + c.rule->text,
             .from = print(g.expr(root)),
             .to = print(g.expr(form)),
             .condition = c.rule->condition,
             .drops = c.rule->drops};
    return form;
  };
  for (const Candidate& c : found) {
    if (accepted(root, c.id, c.cost, now)) return tell(c, c.id);
  }
  int tries = 0;
  for (const Candidate& c : found) {
    if (++tries > bounds_.tries) break;
    if (work_.samples.compare(root, c.id) == Samples::Verdict::differs) continue;
    const NodeId form = Islands(work_, islands_, thorough_).improve({&c.id, 1}).front();
    const NodeId tidy = canonical(g.expr(form)).id;
    const Workspace::Cost cost = work_.cost(root, tidy);
    if (cost.size < now.size && accepted(root, tidy, cost, now)) return tell(c, tidy);
  }
  return root;
}

}  // namespace nabla
