#include "simplify/normal_form.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "lib/core/build.hpp"
#include "simplify/pass.hpp"

namespace nabla {

namespace normal {

namespace {

NodeId highest(std::span<const NodeId> roots) { return *std::ranges::max_element(roots); }

}  // namespace

Pass::Pass(Graph& g, std::span<const NodeId> roots, bool open_shared)
    : g_(g),
      order_(g),
      view_{g},
      open_shared_(open_shared),
      stop_(g.limits),
      nodes_(g.below(roots)),
      uses_(highest(roots)),
      user_(highest(roots)),
      power_(highest(roots)),
      rounded_(highest(roots)),
      out_(highest(roots)) {
  mark(roots);
}

void Pass::mark(std::span<const NodeId> roots) {
  const auto use = [&](NodeId id, NodeId user) {
    uses_[id] = static_cast<std::uint8_t>(std::min(uses_[id] + 1, 2));
    user_[id] = user;
  };
  for (const NodeId id : roots) uses_[id] = 2;
  for (const NodeId id : nodes_) {
    stop_();
    const Node& n = g_[id];
    for (int i = operand_count(n); i-- > 0;) use(n.operand(i), id);
    if (n.op == Op::product || n.op == Op::power) {
      rounded_[id] = g_[n.a].op == Op::real || g_[n.b].op == Op::real || rounded_[n.a] ||
                     (n.op == Op::product && rounded_[n.b]);
    }
  }
  // Users before operands.
  for (auto it = nodes_.rbegin(); it != nodes_.rend(); ++it) {
    stop_();
    const NodeId id = *it;
    if (uses_[id] != 1) continue;
    const Node &n = g_[id], &user = g_[user_[id]];
    const int reached = std::max<int>(power_[user_[id]], 1);
    if (n.op == Op::sum) {
      const bool negated = user.op == Op::product && user.a == Graph::minus_one &&
                           power_[user_[id]] != 0 && g_[user_[user_[id]]].op == Op::sum;
      power_[id] = user.op == Op::sum || negated;
    } else if (n.op == Op::product && n.a == Graph::minus_one && g_[n.b].op == Op::sum &&
               uses_[n.b] == 1 && user.op == Op::sum) {
      power_[id] = 1;
    } else if (n.op == Op::product || (n.op == Op::power && is_exact(g_[n.b]))) {
      if (user.op == Op::product) {
        power_[id] = static_cast<std::uint8_t>(reached);
      } else if (user.op == Op::power && g_[user.b].op == Op::integer && !rounded_[id]) {
        const std::int64_t k = std::abs(std::clamp<std::int64_t>(
            g_.integer_of(g_[user.b]), -2 * highest_power, 2 * highest_power));
        if (k * reached <= highest_power) power_[id] = static_cast<std::uint8_t>(k * reached);
      }
    }
  }
}

bool Pass::is_part(NodeId id) const { return power_[id] != 0; }

// At most `small` operands in a chain of one kind.
bool Pass::is_small(NodeId id, Op op) const {
  for (std::size_t links = 0; links < small; ++links) {
    const Node& n = g_[id];
    if (n.op != op) return true;
    id = g_[n.a].op == op ? n.a : n.b;
  }
  return false;
}

// Surely a finite number above zero, seen from the structure of something without symbols.
bool Pass::is_positive(NodeId id) const {
  std::vector<NodeId> stack{id};
  for (int budget = 64; !stack.empty(); --budget) {
    if (budget == 0) return false;
    const Node& n = g_[stack.back()];
    stack.pop_back();
    switch (n.op) {
      case Op::integer:
      case Op::rational:
        if (g_.exact_of(n).sign() <= 0) return false;
        break;
      case Op::real:
        if (!std::isnormal(g_.real_of(n)) || g_.real_of(n) < 0) return false;
        break;
      case Op::constant: break;
      case Op::sum:
      case Op::product:
        stack.push_back(n.a);
        stack.push_back(n.b);
        break;
      case Op::power:
        if (!is_exact(g_[n.b])) return false;
        stack.push_back(n.a);
        break;
      default: return false;
    }
  }
  return true;
}

std::vector<NodeId> Pass::run(std::span<const NodeId> roots) {
  for (const NodeId id : nodes_) {
    stop_();
    if (is_part(id)) continue;
    const Node& n = g_[id];
    if (n.is_leaf()) {
      out_[id] = id;
    } else if (n.op == Op::sum) {
      out_[id] = sum(id);
    } else if (n.op == Op::product || (n.op == Op::power && is_exact(g_[n.b]))) {
      out_[id] = product(id);
    } else if (n.op == Op::data_sum) {
      out_[id] = summed(out_[n.a]);
    } else {
      out_[id] = rebuilt(id);
    }
  }
  std::vector<NodeId> results;
  for (const NodeId id : roots) results.push_back(out_[id]);
  return results;
}

NodeId Pass::rebuilt(NodeId id) {
  const Node n = g_[id];
  std::array<NodeId, 3> operands{};
  const auto count = static_cast<std::size_t>(operand_count(n));
  bool changed = false;
  for (std::size_t i = 0; i < count; ++i) {
    const NodeId operand = n.operand(static_cast<int>(i));
    operands[i] = out_[operand];
    changed |= operands[i] != operand;
  }
  return changed ? rebuild(g_, n, std::span(operands).first(count)) : id;
}

// sum(2*x_i*w) is 2*w*sum(x_i): what is the same in every row stands in front, wherever it stood in
// the product.
NodeId Pass::summed(NodeId body) {
  std::vector<NodeId> waiting{body}, common, by_row;
  while (!waiting.empty()) {
    const NodeId id = waiting.back();
    waiting.pop_back();
    const Node& n = g_[id];
    const bool varies = (n.flags & varies_by_row) != 0;
    if (varies && n.op == Op::product) {
      waiting.push_back(n.b);
      waiting.push_back(n.a);
    } else {
      (varies ? by_row : common).push_back(id);
    }
    if (by_row.size() + common.size() > longest_shape) return data_sum(g_, body);
  }
  if (common.empty() || by_row.empty()) return data_sum(g_, body);
  NodeId rest = by_row.front(), factor = common.front();
  for (std::size_t i = 1; i < by_row.size(); ++i) rest = multiply(g_, rest, by_row[i]);
  for (std::size_t i = 1; i < common.size(); ++i) factor = multiply(g_, factor, common[i]);
  const NodeId sum = data_sum(g_, rest);
  return multiply(g_, factor, sum);
}

}  // namespace normal

namespace {

std::size_t operations(const Graph& g, std::span<const NodeId> roots) {
  const std::vector<NodeId> nodes = g.below(roots);
  return static_cast<std::size_t>(
      std::ranges::count_if(nodes, [&](NodeId id) { return !g[id].is_leaf(); }));
}

// What people read in one piece is tidied up even where sharing suffers.
constexpr std::size_t readable = 100;

std::vector<NodeId> canonical_ids(Graph& g, std::span<const NodeId> roots) {
  std::vector<NodeId> now(roots.begin(), roots.end());
  std::size_t size = operations(g, now);
  constexpr int passes = 8;  // two do nearly always, the second of which changes nothing
  for (int pass = 0; pass < passes; ++pass) {
    std::vector<NodeId> next = normal::Pass(g, now, true).run(now);
    std::size_t next_size = operations(g, next);
    if (next_size > size && (roots.size() > 1 || size > readable)) {
      std::vector<NodeId> shared = normal::Pass(g, now, false).run(now);
      const std::size_t shared_size = operations(g, shared);
      if (shared_size < next_size) {
        next = std::move(shared);
        next_size = shared_size;
      }
    }
    if (next == now) break;
    now = std::move(next);
    size = next_size;
  }
  return now;
}

}  // namespace

Expr canonical(Expr e) { return e.graph->expr(canonical_ids(*e.graph, {&e.id, 1}).front()); }

std::vector<Expr> canonical(std::span<const Expr> roots) {
  std::vector<Expr> results;
  if (roots.empty()) return results;
  Graph& g = *roots.front().graph;
  std::vector<NodeId> ids;
  for (const Expr e : roots) ids.push_back(e.id);
  for (const NodeId id : canonical_ids(g, ids)) results.push_back(g.expr(id));
  return results;
}

}  // namespace nabla
