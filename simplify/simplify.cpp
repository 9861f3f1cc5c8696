#include "simplify/simplify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "lib/core/functions.hpp"
#include "lib/emit/print.hpp"
#include "simplify/assume.hpp"
#include "simplify/islands.hpp"
#include "simplify/metric.hpp"
#include "simplify/normal_form.hpp"
#include "simplify/polynomial.hpp"
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

// What an expression asks of its variables, as text: u != 0, u > 0, ...
std::vector<std::string> conditions(Graph& g, NodeId root) {
  std::vector<std::string> found;
  for (const NodeId id : g.below(root)) {
    const Node& n = g[id];
    const auto add = [&](std::string text) {
      if (std::ranges::find(found, text) == found.end()) found.push_back(std::move(text));
    };
    if ((n.flags & depends_on_symbol) == 0) continue;
    if (n.op == Op::power && g[n.b].op <= Op::rational) {
      const Number e = g.exact_of(g[n.b]);
      const std::string base = print(g.expr(n.a));
      if (e.is_integer() && e.sign() < 0) add(base + " != 0");
      if (!e.is_integer()) add(base + (e.sign() < 0 ? " > 0" : " >= 0"));
    } else if (n.op == Op::call) {
      const Domain& d = row(n.fn()).domain;
      const std::string u = print(g.expr(n.a));
      const std::string less = d.open ? " < " : " <= ";
      if (std::isfinite(d.low) && std::isfinite(d.high)) {
        add(fmt::format("{}{}{}{}{}", d.low, less, u, less, d.high));
      } else if (std::isfinite(d.low)) {
        add(fmt::format("{}{}{}", u, d.open ? " > " : " >= ", d.low));
      }
    }
  }
  return found;
}

void describe(Expr from, Expr to, const SimplifyOptions& options, SimplifyReport& report) {
  const std::vector<std::string> after = conditions(*to.graph, to.id);
  for (std::string& c : conditions(*from.graph, from.id)) {
    if (std::ranges::find(after, c) == after.end()) report.dropped.push_back(std::move(c));
  }
  Workspace work(from.graph->limits);
  const std::vector<NodeId> both = work.take(*from.graph, std::vector<NodeId>{from.id, to.id});
  assume(work, options.assume);
  report.error_before = work.samples.error(both[0], both[0]);
  report.error_after = work.samples.error(both[0], both[1]);
}

// One pass over canonical roots, in a workspace of its own: what a second call would do.
std::vector<NodeId> pass(Graph& user, const std::vector<NodeId>& ids,
                         const SimplifyOptions& options, SimplifyReport* report) {
  const bool thorough = options.level > 2;
  const Islands::Bounds bounds =
      thorough ? Islands::Bounds{.island = 400, .effort = 60'000, .terms = 12'000}
               : Islands::Bounds{};
  // Work is shared by all islands: beyond it they keep the form they have.
  Workspace work(user.limits, options.profile, 5 * bounds.terms);
  const std::vector<NodeId> from = work.take(user, ids);
  if (thorough) work.samples.ignore_below(Islands::negligible);
  assume(work, options.assume);
  work.facts.harvest(from);
  std::vector<NodeId> to = Islands(work, bounds, thorough).improve(from);
  SimplifyStep step;
  if (to != from) {
    step = {.rule = "shapes of rational functions",
            .from = report ? print(work.graph.expr(from[0])) : "",
            .to = report ? print(work.graph.expr(to[0])) : "",
            .condition = "",
            .drops = ""};
  } else {
    const Rewriter::Bounds tries =
        thorough ? Rewriter::Bounds{.nodes = 600, .tries = 16, .longer = 4} : Rewriter::Bounds{};
    Rewriter rewriter(work, options.rules, tries, bounds, thorough);
    for (NodeId& root : to) root = rewriter.improve(root, report ? &step : nullptr);
  }
  // What sharing lost, the shorter text must not cost; nor what an island took for one letter and
  // wrote twice.
  const bool by_time = options.profile == CostProfile::run;
  const auto size = [&](const std::vector<NodeId>& roots) {
    return by_time ? work.price.of(roots) : work.count.shared(roots);
  };
  if (to == from || size(to) > size(from) || work.price.of(to) > work.price.of(from)) return ids;
  std::vector<NodeId> results;
  for (std::size_t i = 0; i < to.size(); ++i) {
    results.push_back(to[i] == from[i] ? ids[i] : work.give(user, to[i]));
  }
  if (report != nullptr) report->steps.push_back(std::move(step));
  return results;
}

std::vector<NodeId> canonical_ids(Graph& g, const std::vector<NodeId>& ids) {
  std::vector<Expr> roots;
  for (const NodeId id : ids) roots.push_back(g.expr(id));
  std::vector<NodeId> results;
  for (const Expr e : canonical(roots)) results.push_back(e.id);
  return results;
}

// The canonical form, and what is better than it. The canonical form may write what a pass found
// otherwise: such a form is kept where both together come back to it, and given up where the
// canonical form of it is worse than what the pass began with.
std::vector<Expr> improved(std::span<const Expr> roots, const SimplifyOptions& options,
                           SimplifyReport* report) {
  Graph& user = *roots.front().graph;
  OperationCounter count(user);
  Price price(user, count, options.profile);
  const auto is_worse = [&](const std::vector<NodeId>& form, const std::vector<NodeId>& than) {
    return price.of(form) > price.of(than) ||
           (options.profile == CostProfile::display && count.shared(form) > count.shared(than));
  };
  std::vector<NodeId> now;
  for (const Expr e : roots) now.push_back(e.id);
  now = canonical_ids(user, now);
  for (int i = 0; i < most_passes; ++i) {
    if (options.level == 2 && options.rules == nullptr && options.profile == CostProfile::display &&
        std::ranges::all_of(now, [&](NodeId id) { return is_expanded_polynomial(user, id); })) {
      break;
    }
    std::vector<NodeId> next = pass(user, now, options, report);
    if (next == now) break;
    std::vector<NodeId> rewritten = canonical_ids(user, next);
    const bool returns =
        rewritten == now || (rewritten != next && pass(user, rewritten, options, nullptr) == next);
    if (!returns && is_worse(rewritten, now)) {
      if (report != nullptr) report->steps.pop_back();
      break;
    }
    now = std::move(returns ? next : rewritten);
    if (returns) break;
  }
  std::vector<Expr> results;
  for (const NodeId id : now) results.push_back(user.expr(id));
  return results;
}

// Exchanges one root's form at a time while that makes all of them together cheaper.
std::size_t descend(Price& price, const std::vector<std::vector<NodeId>>& forms,
                    std::vector<NodeId>& now) {
  constexpr int most_rounds = 4;
  std::size_t least = price.of(now);
  bool changed = true;
  for (int round = 0; changed && round < most_rounds; ++round) {
    changed = false;
    for (std::size_t i = 0; i < now.size(); ++i) {
      for (const NodeId form : forms[i]) {
        const NodeId before = std::exchange(now[i], form);
        const std::size_t cost = price.of(now);
        changed = changed || cost < least;
        if (cost < least) {
          least = cost;
        } else {
          now[i] = before;
        }
      }
    }
  }
  return least;
}

// For each root the one of its forms that costs least beside the forms of the others: what one root
// computes anyway is free for the next. From the canonical forms, which share what differentiation
// shared, and from the best forms by themselves; the first cheapest end counts.
std::vector<Expr> chosen_together(std::span<const Expr> roots, const SimplifyOptions& options) {
  Graph& user = *roots.front().graph;
  OperationCounter count(user);
  Price price(user, count, options.profile);
  std::vector<std::vector<NodeId>> starts(1), forms(roots.size());
  for (const Expr e : canonical(roots)) starts[0].push_back(e.id);
  SimplifyOptions alone = options;
  for (const CostProfile profile : {CostProfile::display, CostProfile::shared, CostProfile::run}) {
    alone.profile = profile;
    std::vector<NodeId> start;
    for (const NodeId id : starts[0]) start.push_back(simplify(user.expr(id), alone).id);
    starts.push_back(std::move(start));
  }
  for (std::size_t i = 0; i < roots.size(); ++i) {
    for (const auto& start : starts) forms[i].push_back(start[i]);
  }
  std::vector<NodeId> best;
  std::size_t least = 0;
  for (std::vector<NodeId>& start : starts) {
    const std::size_t cost = descend(price, forms, start);
    if (!best.empty() && cost >= least) continue;
    least = cost;
    best = start;
  }
  std::vector<Expr> results;
  for (const NodeId id : best) results.push_back(user.expr(id));
  return results;
}

}  // namespace

std::vector<std::string> explanation(const SimplifyReport& report) {
  std::vector<std::string> lines;
  for (const SimplifyStep& step : report.steps) {
    std::string line = "by " + step.rule;
    if (!step.condition.empty()) line += ", because " + step.condition;
    lines.push_back(line);
    lines.push_back("  = " + step.to);
  }
  if (report.steps.empty()) lines.push_back("no rule makes it shorter");
  for (const std::string& c : report.dropped) lines.push_back("no longer asked for: " + c);
  const auto ulps = [](double error) {
    return std::isfinite(error) ? fmt::format("{:.0f}", std::ceil(error))
                                : std::string("any number of");
  };
  lines.push_back(fmt::format("rounding error: at most {} ulps at the sample points, {} before",
                              ulps(report.error_after), ulps(report.error_before)));
  return lines;
}

Expr simplify(Expr e, const SimplifyOptions& options, SimplifyReport* report) {
  Expr result = e;
  if (options.level == 1) result = canonical(e);
  if (options.level > 1) result = improved({&e, 1}, options, report).front();
  if (report != nullptr) describe(e, result, options, *report);
  return result;
}

std::vector<Expr> simplify(std::span<const Expr> roots, const SimplifyOptions& options) {
  if (options.level < 1 || roots.empty()) return {roots.begin(), roots.end()};
  const bool many = roots.size() > 1;
  if (many && shared_operations(roots) > read_one_by_one) {
    return options.level == 1 ? canonical(roots) : improved(roots, options, nullptr);
  }
  if (many && options.level > 1 &&
      (options.profile == CostProfile::shared || options.profile == CostProfile::run)) {
    return chosen_together(roots, options);
  }
  std::vector<Expr> results;
  for (const Expr& root : roots) results.push_back(simplify(root, options));
  return results;
}

}  // namespace nabla
