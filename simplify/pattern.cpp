#include "simplify/pattern.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "lib/core/build.hpp"

namespace nabla {

namespace {

// Steps of one match; longer sums are left alone.
constexpr int most_steps = 400;
constexpr std::size_t most_parts = 24;

bool is_exact(const Node& n) { return n.op <= Op::rational; }

}  // namespace

Matcher::Flat Matcher::flat_sum(const Graph& g, NodeId id) {
  Flat flat;
  std::vector<NodeId> stack{id};
  while (!stack.empty() && flat.parts.size() <= most_parts) {
    const NodeId next = stack.back();
    const Node& n = g[next];
    stack.pop_back();
    if (n.op == Op::sum) {
      stack.push_back(n.b);
      stack.push_back(n.a);
    } else if (is_exact(n)) {
      flat.parts.push_back({g.exact_of(n), Graph::one, Graph::one});
    } else if (n.op == Op::product && is_exact(g[n.a])) {
      flat.parts.push_back({g.exact_of(g[n.a]), n.b, Graph::one});
    } else {
      flat.parts.push_back({Number(1), next, Graph::one});
    }
  }
  return flat;
}

Matcher::Flat Matcher::flat_product(Graph* building, const Graph& g, NodeId id) {
  Flat flat;
  struct Open {
    NodeId id;
    bool below;
  };
  std::vector<Open> stack{{id, false}};
  while (!stack.empty() && flat.parts.size() <= most_parts) {
    const auto [next, below] = stack.back();
    const Node n = g[next];
    stack.pop_back();
    if (n.op == Op::product) {
      stack.push_back({n.b, below});
      stack.push_back({n.a, below});
    } else if (is_exact(n) && !g.exact_of(n).is_zero()) {
      flat.coefficient = flat.coefficient * (below ? g.exact_of(n).inverse() : g.exact_of(n));
    } else if (n.op == Op::power && n.b == Graph::minus_one) {
      stack.push_back({n.a, !below});
    } else {
      Part p{Number(1), next, Graph::one};
      if (n.op == Op::power) p = {Number(1), n.a, n.b};
      if (below) {
        const Node& e = g[p.exponent];
        if (is_exact(e)) {
          const Number minus = -g.exact_of(e);
          if (minus == Number(-1)) {
            p.exponent = Graph::minus_one;
          } else if (building != nullptr) {
            p.exponent = building->insert(minus);
          } else {
            p = {Number(1), next, Graph::minus_one};
          }
        } else {
          p = {Number(1), next, Graph::minus_one};
        }
      }
      flat.parts.push_back(p);
    }
  }
  return flat;
}

NodeId Matcher::raised(const Part& p) {
  return p.exponent == Graph::one ? p.node : power(g_, p.node, p.exponent);
}

NodeId Matcher::rest_of(const Flat& target, const std::vector<bool>& used, bool sum) {
  NodeId rest = sum ? Graph::zero : Graph::one;
  for (std::size_t i = 0; i < target.parts.size(); ++i) {
    if (used[i]) continue;
    const Part& p = target.parts[i];
    rest = sum ? add(g_, rest, multiply(g_, g_.insert(p.coefficient), p.node))
               : multiply(g_, rest, raised(p));
  }
  return rest;
}

bool Matcher::holds() const {
  return std::ranges::all_of(rule_->conditions, [&](const Assumption& c) {
    for (const Binding& b : bindings_) {
      if (book_->graph().name_of(book_->graph()[b.name]) != c.name) continue;
      if (c.integer) return facts_.is_integer(b.value);
      const Range r = facts_.range(b.value);
      return r.low >= c.range.low && r.high <= c.range.high && (!c.range.nonzero || r.is_nonzero());
    }
    return false;
  });
}

NodeId Matcher::instantiate(NodeId pattern) {
  const Graph& from = book_->graph();
  std::unordered_map<NodeId, NodeId> done;
  for (const NodeId id : from.below(pattern)) {
    const Node& n = from[id];
    NodeId made{};
    if (n.op == Op::symbol) {
      for (const Binding& b : bindings_) {
        if (b.name == id) made = b.value;
      }
    } else if (is_exact(n)) {
      made = g_.insert(from.exact_of(n));
    } else if (n.op == Op::real) {
      made = g_.insert(from.real_of(n));
    } else if (n.op == Op::constant) {
      made = g_.insert_constant(n.detail);
    } else {
      std::array<NodeId, 3> operands{};
      const auto count = static_cast<std::size_t>(operand_count(n));
      for (std::size_t i = 0; i < count; ++i) operands[i] = done[n.operand(static_cast<int>(i))];
      made = rebuild(g_, n, std::span(operands).first(count));
    }
    done.emplace(id, made);
  }
  return done[pattern];
}

bool Matcher::finish() {
  if (!holds()) return false;
  NodeId result = instantiate(rule_->right);
  if (root_flat_) {
    result = multiply(g_, g_.insert(root_ratio_), result);
    result = root_sum_ ? add(g_, root_rest_, result) : multiply(g_, root_rest_, result);
  }
  if (std::ranges::find(results_, result) == results_.end()) results_.push_back(result);
  return results_.size() >= most_results;
}

// Gives part `next` of the pattern a part of the target, and so on. Recursion and steps are bounded
// by the size of patterns. A lone name in a nested pattern takes all that is left.
bool Matcher::assign(const Flat& pattern, std::size_t next, const Flat& target,
                     std::vector<bool> used, Number ratio, bool has_ratio, bool sum, bool whole,
                     std::vector<Goal> goals) {
  if (--budget_ < 0) return true;
  const Graph& from = book_->graph();
  const auto is_name = [&](const Part& p) { return from[p.node].op == Op::symbol; };
  if (next == pattern.parts.size()) {
    const auto left = std::ranges::count(used, false);
    if (whole && (left > 0 || !(ratio.is_one()))) return false;
    if (!whole) {
      root_flat_ = true;
      root_sum_ = sum;
      root_ratio_ = sum ? ratio : target.coefficient / pattern.coefficient;
      root_rest_ = rest_of(target, used, sum);
    }
    return solve(std::move(goals));
  }
  const Part& p = pattern.parts[next];
  const bool last = next + 1 == pattern.parts.size();
  if (whole && last && is_name(p) && p.exponent == Graph::one) {
    NodeId rest = rest_of(target, used, sum);
    if (std::ranges::count(used, false) == 0 && sum) return false;
    if (sum) {
      rest = multiply(g_, g_.insert(p.coefficient.inverse()), rest);
    } else {
      rest = multiply(g_, g_.insert(target.coefficient / pattern.coefficient), rest);
    }
    goals.push_back({p.node, rest});
    return solve(std::move(goals));
  }
  if (!sum && whole && last && !(target.coefficient == pattern.coefficient)) return false;
  for (std::size_t i = 0; i < target.parts.size(); ++i) {
    if (used[i]) continue;
    const Part& t = target.parts[i];
    std::vector<Goal> more = goals;
    Number now = ratio;
    if (sum) {
      const Number quotient = t.coefficient / p.coefficient;
      if (is_name(p) && p.node != Graph::one) {
        if (!has_ratio) now = Number(1);
        more.push_back({p.node, multiply(g_, g_.insert(quotient / now), t.node)});
      } else {
        if (has_ratio && !(quotient == ratio)) continue;
        if (whole && !quotient.is_one()) continue;
        now = quotient;
        if ((p.node == Graph::one) != (t.node == Graph::one)) continue;
        if (p.node != Graph::one) more.push_back({p.node, t.node});
      }
    } else if (is_name(p) && p.exponent == Graph::one) {
      more.push_back({p.node, raised(t)});
    } else if (const Node& e = from[p.exponent]; is_exact(e)) {
      if (!is_exact(g_[t.exponent]) || !(g_.exact_of(g_[t.exponent]) == from.exact_of(e))) {
        continue;
      }
      more.push_back({p.node, t.node});
    } else {
      if (is_exact(g_[t.exponent])) continue;
      more.push_back({p.node, t.node});
      more.push_back({p.exponent, t.exponent});
    }
    std::vector<bool> taken = used;
    taken[i] = true;
    if (assign(pattern, next + 1, target, std::move(taken), now, true, sum, whole,
               std::move(more))) {
      return true;
    }
  }
  return false;
}

// True when enough has been found.
bool Matcher::solve(std::vector<Goal> goals) {
  if (--budget_ < 0) return true;
  const std::size_t mark = bindings_.size();
  const Graph& from = book_->graph();
  while (!goals.empty()) {
    const auto [p, t] = goals.back();
    goals.pop_back();
    const Node& n = from[p];
    const Node& m = g_[t];
    bool fits = true;
    if (n.op == Op::symbol) {
      const auto bound =
          std::ranges::find_if(bindings_, [&, id = p](const Binding& b) { return b.name == id; });
      if (bound == bindings_.end()) {
        bindings_.push_back({p, t});
      } else {
        fits = bound->value == t;
      }
    } else if (is_exact(n)) {
      fits = is_exact(m) && from.exact_of(n) == g_.exact_of(m);
    } else if (n.is_leaf()) {
      fits = n.op == m.op && n.detail == m.detail && n.op == Op::constant;
    } else if (n.op == Op::sum || n.op == Op::product) {
      const bool sum = n.op == Op::sum;
      const bool inverse = !sum && m.op == Op::power && m.b == Graph::minus_one;
      if (m.op != n.op && !inverse) {
        fits = false;
      } else {
        Flat pattern = sum ? flat_sum(from, p) : flat_product(nullptr, from, p);
        const Flat target = sum ? flat_sum(g_, t) : flat_product(&g_, g_, t);
        if (target.parts.size() > most_parts) {
          fits = false;
        } else {
          // A name that takes the rest comes last.
          std::stable_partition(pattern.parts.begin(), pattern.parts.end(), [&](const Part& x) {
            return from[x.node].op != Op::symbol || x.exponent != Graph::one;
          });
          const bool found = assign(pattern, 0, target, std::vector<bool>(target.parts.size()),
                                    Number(1), false, sum, true, goals);
          bindings_.resize(mark);
          return found;
        }
      }
    } else if (n.op == Op::power) {
      if (m.op != Op::power) {
        fits = false;
      } else {
        goals.push_back({n.b, m.b});
        goals.push_back({n.a, m.a});
      }
    } else {
      fits = n.op == m.op && n.detail == m.detail;
      for (int i = operand_count(n); fits && i-- > 0;)
        goals.push_back({n.operand(i), m.operand(i)});
    }
    if (!fits) {
      bindings_.resize(mark);
      return false;
    }
  }
  const bool enough = finish();
  bindings_.resize(mark);
  return enough;
}

std::vector<NodeId> Matcher::rewrite(const RuleBook& book, const Rule& rule, NodeId at) {
  book_ = &book;
  rule_ = &rule;
  bindings_.clear();
  results_.clear();
  root_flat_ = false;
  budget_ = most_steps;
  const Graph& from = book.graph();
  const Node &n = from[rule.left], &m = g_[at];
  const bool product = n.op == Op::product || (n.op == Op::power && n.b == Graph::minus_one);
  if (n.op == Op::sum || product) {
    const bool inverse = product && m.op == Op::power && m.b == Graph::minus_one;
    if ((n.op == Op::sum) != (m.op == Op::sum) || (product && m.op != Op::product && !inverse)) {
      return {};
    }
    const bool sum = n.op == Op::sum;
    const Flat pattern = sum ? flat_sum(from, rule.left) : flat_product(nullptr, from, rule.left);
    const Flat target = sum ? flat_sum(g_, at) : flat_product(&g_, g_, at);
    if (target.parts.size() > most_parts || pattern.parts.size() > target.parts.size()) return {};
    assign(pattern, 0, target, std::vector<bool>(target.parts.size()), Number(1), false, sum, false,
           {});
  } else if (n.op == m.op && n.detail == m.detail) {
    solve({{rule.left, at}});
  }
  return results_;
}

}  // namespace nabla
