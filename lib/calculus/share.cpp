#include "lib/calculus/share.hpp"

#include <algorithm>

#include "lib/calculus/coefficients.hpp"
#include "lib/calculus/collect.hpp"
#include "lib/calculus/conditioning.hpp"
#include "lib/calculus/merge.hpp"
#include "lib/calculus/operations.hpp"
#include "lib/calculus/pairs.hpp"
#include "lib/calculus/rules.hpp"

namespace nabla {

namespace {

using Roots = std::vector<NodeId>;

constexpr int rounds = 3;

// A sign is a third of an operation: most disappear in a subtraction.
std::size_t price(const Graph& g, const Roots& roots) {
  const Operations o = operations(g, roots);
  return 3 * o.count + o.signs;
}

// Each root as it is now, or as it was where the rewriting lost digits.
Roots safe(const Graph& g, const Roots& before, Roots after) {
  Roots all = before;
  all.insert(all.end(), after.begin(), after.end());
  const auto nodes = g.below(all);
  const calculus::Positions at(nodes);
  const auto readings = calculus::readings(g, nodes, at);
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i] == after[i]) continue;
    if (!calculus::as_accurate(readings[at[before[i]]], readings[at[after[i]]], 1)) {
      after[i] = before[i];
    }
  }
  return after;
}

Roots shared(Graph& g, const Roots& roots, const ShareOptions& options) {
  Roots best = roots;
  std::size_t least = price(g, best);
  for (int round = 0; round < rounds; ++round) {
    Roots next = best;
    if (options.equals) {
      const calculus::MergeOptions merging{
          .factors = options.decimals ? calculus::Factors::decimal : calculus::Factors::exact,
          .proved = options.proved};
      next = calculus::merge_equals(g, next, merging);
    }
    if (options.sums) {
      next = calculus::move_coefficients(g, next);
      next = calculus::collect_sums(g, next);
      Roots paired = calculus::share_pairs(g, next);
      if (price(g, paired) < price(g, next)) next = std::move(paired);
    }
    if (next == best) break;
    const std::size_t cost = price(g, next);
    if (cost >= least) break;
    best = std::move(next);
    least = cost;
  }
  if (options.decimals) best = calculus::round_coefficients(g, best);
  if (best == roots) return best;
  // Where some roots stay as they were, the others may have lost what they shared with them.
  best = safe(g, roots, std::move(best));
  return price(g, best) <= price(g, roots) ? best : roots;
}

}  // namespace

Result<std::vector<Expr>> share(std::span<const Expr> roots, const ShareOptions& options) {
  if (roots.empty()) return std::vector<Expr>{};
  Graph& g = *roots.front().graph;
  return calculus::attempt<std::vector<Expr>>([&] {
    Roots ids;
    for (const Expr root : roots) ids.push_back(root.id);
    std::vector<Expr> result;
    for (const NodeId id : shared(g, ids, options)) result.push_back(g.expr(id));
    return result;
  });
}

}  // namespace nabla
