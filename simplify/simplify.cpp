#include "simplify/simplify.hpp"

#include <algorithm>

#include "simplify/assume.hpp"
#include "simplify/islands.hpp"
#include "simplify/metric.hpp"
#include "simplify/normal_form.hpp"
#include "simplify/workspace.hpp"

namespace nabla {

namespace {

// A Hessian up to this size is read entry by entry; a larger one lives on what its entries share.
constexpr std::size_t read_one_by_one = 1000;

// Passes until nothing changes; nearly always the second one changes nothing.
constexpr int most_passes = 8;

// Sums of monomials in symbols: at level 2 what is written out stays written out.
bool is_expanded_polynomial(const Graph& g, NodeId root) {
  std::vector<NodeId> stack{root};
  while (!stack.empty()) {
    const NodeId id = stack.back();
    stack.pop_back();
    const Node& n = g[id];
    if (n.is_leaf()) continue;
    if (n.op == Op::sum) {
      stack.push_back(n.a);
      stack.push_back(n.b);
    } else if (n.op == Op::product) {
      if (g[n.a].op == Op::sum || g[n.b].op == Op::sum) return false;
      stack.push_back(n.a);
      stack.push_back(n.b);
    } else if (n.op != Op::power || !g[n.a].is_leaf() || g[n.b].op != Op::integer ||
               g.integer_of(g[n.b]) < 0) {
      return false;
    }
  }
  return true;
}

// One pass over canonical roots, in a workspace of its own: what a second call would do.
std::vector<NodeId> pass(Graph& user, const std::vector<NodeId>& ids,
                         const SimplifyOptions& options) {
  const bool thorough = options.level > 2;
  Workspace work(user.limits);
  const std::vector<NodeId> from = work.take(user, ids);
  assume(work, options.assume);
  work.facts.harvest(from);
  const Islands::Bounds bounds =
      thorough ? Islands::Bounds{.island = 400, .effort = 60'000} : Islands::Bounds{};
  const std::vector<NodeId> to = Islands(work, bounds, thorough).improve(from);
  // What sharing lost, the shorter text must not cost.
  if (to == from || work.count.shared(to) > work.count.shared(from)) return ids;
  std::vector<NodeId> results;
  for (std::size_t i = 0; i < to.size(); ++i) {
    results.push_back(to[i] == from[i] ? ids[i] : work.give(user, to[i]));
  }
  return results;
}

// The canonical form, and what is better than it.
std::vector<Expr> improved(std::span<const Expr> roots, const SimplifyOptions& options) {
  Graph& user = *roots.front().graph;
  std::vector<NodeId> now;
  for (const Expr e : canonical(roots)) now.push_back(e.id);
  for (int i = 0; i < most_passes; ++i) {
    if (options.level == 2 &&
        std::ranges::all_of(now, [&](NodeId id) { return is_expanded_polynomial(user, id); })) {
      break;
    }
    std::vector<NodeId> next = pass(user, now, options);
    if (next == now) break;
    now = std::move(next);
  }
  std::vector<Expr> results;
  for (const NodeId id : now) results.push_back(user.expr(id));
  return results;
}

}  // namespace

Expr simplify(Expr e, const SimplifyOptions& options) {
  if (options.level < 1) return e;
  return options.level == 1 ? canonical(e) : improved({&e, 1}, options).front();
}

std::vector<Expr> simplify(std::span<const Expr> roots, const SimplifyOptions& options) {
  if (options.level < 1 || roots.empty()) return {roots.begin(), roots.end()};
  if (roots.size() > 1 && shared_operations(roots) > read_one_by_one) {
    return options.level == 1 ? canonical(roots) : improved(roots, options);
  }
  std::vector<Expr> results;
  for (const Expr& root : roots) results.push_back(simplify(root, options));
  return results;
}

}  // namespace nabla
