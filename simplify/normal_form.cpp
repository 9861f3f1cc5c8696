#include "simplify/normal_form.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <iterator>

#include "lib/core/build.hpp"
#include "lib/core/constants.hpp"
#include "lib/core/graph.hpp"
#include "lib/core/order.hpp"
#include "lib/emit/view.hpp"
#include "simplify/shape.hpp"

namespace nabla {

namespace {

// Shared sums and products up to this many operands are opened where they stand inside another.
constexpr std::size_t small = 8;

// Powers of products are distributed up to this exponent: (2*x)^1000 stays.
constexpr std::int64_t highest_power = 64;

bool is_exact(const Node& n) { return n.op <= Op::rational; }

struct Factor {
  NodeId base;
  Number exponent;
};

struct Term {
  NodeId rest, coefficient;
  NodeId node;  // the term as it came, without the sign
  std::size_t position;
  bool minus;
  bool fixed;  // may be infinite or NaN for all we know: cancels with nothing
};

// One pass from the leaves to the roots. `out_` holds the canonical form of each node but those
// that are read as a part of their only user: inner links of chains.
class Pass {
 public:
  Pass(Graph& g, std::span<const NodeId> roots, bool open_shared);

  std::vector<NodeId> run(std::span<const NodeId> roots);

 private:
  // Nodes as they came; canonical ones that may be opened, and those that may not.
  enum class State : std::uint8_t { raw, open, closed };
  struct Item {
    NodeId id;
    Number exponent;  // products only
    bool minus;       // sums only
    State state;
  };

  void mark(std::span<const NodeId> roots);
  bool is_part(NodeId id) const;
  bool is_small(NodeId id, Op op) const;
  bool is_positive(NodeId id) const;

  NodeId rebuilt(NodeId id);
  NodeId sum(NodeId id);
  NodeId product(NodeId id);
  void read_term(NodeId id, bool minus);
  NodeId collect_terms();
  void read_factor(const Item& item);
  bool may_distribute(const Item& item) const;
  NodeId collect_factors();
  void settle_roots(Number& coefficient);
  void pair_mean(Shape& shape);

  Graph& g_;
  ReadingOrder order_;
  NodeView view_;
  bool open_shared_;
  std::vector<NodeId> nodes_;
  NodeMap<std::uint8_t> uses_;   // 0, 1, 2 for more
  NodeMap<NodeId> user_;         // the only one
  NodeMap<std::uint8_t> power_;  // product of the exponents between a part and its head; 0: no part
  NodeMap<bool> rounded_;        // a double stands in this chain of products
  NodeMap<NodeId> out_;

  std::vector<Item> stack_;
  std::vector<Term> terms_;
  std::vector<Factor> factors_;
  std::vector<NodeId> numbers_;
};

NodeId highest(std::span<const NodeId> roots) { return *std::ranges::max_element(roots); }

Pass::Pass(Graph& g, std::span<const NodeId> roots, bool open_shared)
    : g_(g),
      order_(g),
      view_{g},
      open_shared_(open_shared),
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
    const Node& n = g_[id];
    for (int i = operand_count(n); i-- > 0;) use(n.operand(i), id);
    if (n.op == Op::product || n.op == Op::power) {
      rounded_[id] = g_[n.a].op == Op::real || g_[n.b].op == Op::real || rounded_[n.a] ||
                     (n.op == Op::product && rounded_[n.b]);
    }
  }
  // Users before operands.
  for (auto it = nodes_.rbegin(); it != nodes_.rend(); ++it) {
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
    if (is_part(id)) continue;
    const Node& n = g_[id];
    if (n.is_leaf()) {
      out_[id] = id;
    } else if (n.op == Op::sum) {
      out_[id] = sum(id);
    } else if (n.op == Op::product || (n.op == Op::power && is_exact(g_[n.b]))) {
      out_[id] = product(id);
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

// ---- sums

NodeId Pass::sum(NodeId id) {
  terms_.clear();
  numbers_.clear();
  stack_.clear();
  const Node& head = g_[id];
  stack_.push_back({head.b, {}, false, State::raw});
  stack_.push_back({head.a, {}, false, State::raw});
  while (!stack_.empty()) {
    const Item item = stack_.back();
    stack_.pop_back();
    const Node n = g_[item.id];
    if (item.state == State::open) {
      if (n.op == Op::sum) {
        stack_.push_back({n.b, {}, item.minus, State::open});
        stack_.push_back({n.a, {}, item.minus, State::open});
      } else {
        read_term(item.id, item.minus);
      }
    } else if (is_part(item.id)) {
      const bool turn = n.op == Op::product;  // -1 times a sum
      stack_.push_back({n.b, {}, item.minus != turn, State::raw});
      if (!turn) stack_.push_back({n.a, {}, item.minus, State::raw});
    } else {
      const NodeId done = out_[item.id];
      const Node& m = g_[done];
      const bool turned = m.op == Op::product && m.a == Graph::minus_one && g_[m.b].op == Op::sum;
      const NodeId inner = turned ? m.b : done;
      const bool open = g_[inner].op == Op::sum &&
                        (uses_[item.id] == 1 || (open_shared_ && is_small(inner, Op::sum)));
      if (open) {
        stack_.push_back({inner, {}, item.minus != turned, State::open});
      } else {
        read_term(done, item.minus);
      }
    }
  }
  return collect_terms();
}

void Pass::read_term(NodeId id, bool minus) {
  if (g_[id].is_number()) {
    numbers_.push_back(minus ? negate(g_, id) : id);
    return;
  }
  Shape shape = take_apart(g_, id);
  NodeId coefficient = shape.coefficient, rest = id;
  if (coefficient != Graph::one) {
    shape.coefficient = Graph::one;
    rest = assemble(g_, shape);
  }
  if (minus) coefficient = negate(g_, coefficient);
  const bool fixed = (g_[rest].flags & depends_on_symbol) == 0 && !is_positive(rest);
  terms_.push_back({rest, coefficient, id, terms_.size(), minus, fixed});
}

// Exact numbers add exactly; doubles in ascending order, so that the sum does not depend on the
// order they came in.
NodeId total(Graph& g, std::vector<NodeId>& numbers) {
  NodeId exact = Graph::zero;
  std::vector<double> reals;
  for (const NodeId id : numbers) {
    if (is_exact(g[id])) {
      exact = add(g, exact, id);
    } else {
      reals.push_back(g.real_of(g[id]));
    }
  }
  if (reals.empty()) return exact;
  std::ranges::sort(reals, [](double a, double b) { return a < b || (a == a && b != b); });
  double sum = 0;
  for (const double x : reals) sum += x;
  const NodeId rounded = g.insert(sum);
  return add(g, exact, rounded);
}

bool is_zero(const Graph& g, NodeId number) {
  return number == Graph::zero || (g[number].op == Op::real && g.real_of(g[number]) == 0);
}

NodeId Pass::collect_terms() {
  const NodeId constant = total(g_, numbers_);
  const auto same = [&](const Term& s, const Term& t) {
    return s.rest == t.rest && (!s.fixed || is_negative_number(g_, s.coefficient) ==
                                                is_negative_number(g_, t.coefficient));
  };
  // Grouped by identity; the order they are written in comes below.
  std::ranges::sort(terms_, [&](const Term& s, const Term& t) {
    if (s.rest != t.rest) return s.rest < t.rest;
    return is_negative_number(g_, s.coefficient) < is_negative_number(g_, t.coefficient);
  });
  // As they stood, which is in order when this pass comes second.
  std::vector<NodeId> at(terms_.size(), Graph::zero);
  for (std::size_t i = 0, end = 0; i < terms_.size(); i = end) {
    const Term& first = terms_[i];
    for (end = i; end < terms_.size() && same(first, terms_[end]);) ++end;
    if (end == i + 1 && !first.minus) {
      at[first.position] = first.node;
      continue;
    }
    numbers_.clear();
    for (std::size_t k = i; k < end; ++k) numbers_.push_back(terms_[k].coefficient);
    const NodeId coefficient = total(g_, numbers_);
    if (is_zero(g_, coefficient)) continue;
    Shape shape = take_apart(g_, first.rest);
    shape.coefficient = coefficient;
    at[first.position] = assemble(g_, shape);
  }
  std::vector<NodeId> result;
  std::ranges::copy_if(at, std::back_inserter(result), [](NodeId id) { return id != Graph::zero; });
  const auto before = [&](NodeId a, NodeId b) { return order_.term_before(a, b); };
  if (!std::ranges::is_sorted(result, before)) std::ranges::sort(result, before);
  if (!is_zero(g_, constant)) result.push_back(constant);
  if (result.empty()) return Graph::zero;
  const auto positive =
      std::ranges::find_if(result, [&](NodeId id) { return !view_.is_negative(id); });
  if (positive != result.end()) std::rotate(result.begin(), positive, positive + 1);
  NodeId sum = result.front();
  for (std::size_t i = 1; i < result.size(); ++i) sum = add(g_, sum, result[i]);
  return sum;
}

// ---- products

// Reads the chain below `id` into numbers and factors.
NodeId Pass::product(NodeId id) {
  factors_.clear();
  numbers_.clear();
  stack_.clear();
  stack_.push_back({id, Number(1), false, State::raw});
  while (!stack_.empty()) {
    const Item item = stack_.back();
    stack_.pop_back();
    if (item.state != State::raw) {
      read_factor(item);
      continue;
    }
    const Node& n = g_[item.id];
    if (item.id != id && !is_part(item.id)) {
      const NodeId done = out_[item.id];
      const bool open = uses_[item.id] == 1 || (open_shared_ && is_small(done, Op::product));
      stack_.push_back({done, item.exponent, false, open ? State::open : State::closed});
    } else if (n.op == Op::product) {
      stack_.push_back({n.b, item.exponent, false, State::raw});
      stack_.push_back({n.a, item.exponent, false, State::raw});
    } else {
      stack_.push_back({n.a, item.exponent * g_.exact_of(g_[n.b]), false, State::raw});
    }
  }
  return collect_factors();
}

// A canonical node as a factor: its coefficient, base and exponent are always read, the factors of
// a product only where it may be opened.
void Pass::read_factor(const Item& item) {
  const Node& n = g_[item.id];
  const bool unit = item.exponent.is_one(), integer = item.exponent.is_integer();
  if (n.is_number() && unit) {
    numbers_.push_back(item.id);
  } else if (n.op == Op::product && (unit || may_distribute(item))) {
    if (item.state == State::open || g_[n.a].is_number()) {
      stack_.push_back({n.b, item.exponent, false, item.state});
      stack_.push_back({n.a, item.exponent, false, item.state});
    } else {
      factors_.push_back({item.id, item.exponent});
    }
  } else if (n.op == Op::power && is_exact(g_[n.b]) &&
             (integer || !g_.exact_of(g_[n.b]).is_integer())) {
    // (u^m)^n is u^(m n) when n is an integer, and when u^m has no value for negative u.
    stack_.push_back({n.a, item.exponent * g_.exact_of(g_[n.b]), false, item.state});
  } else {
    factors_.push_back({item.id, item.exponent});
  }
}

// (u*v)^n is u^n*v^n for small integers n; no doubles inside, which might overflow by themselves.
bool Pass::may_distribute(const Item& item) const {
  const auto n = item.exponent.as_int64();
  if (!n || std::abs(*n) > highest_power || !is_small(item.id, Op::product)) return false;
  NodeId id = item.id;
  while (g_[id].op == Op::product) {
    const Node& p = g_[id];
    if (g_[p.a].op == Op::real || g_[p.b].op == Op::real) return false;
    id = g_[p.a].op == Op::product ? p.a : p.b;
  }
  return g_[id].op != Op::real;
}

// 2/sqrt(2) is sqrt(2), sqrt(2)/2 is 1/sqrt(2): whole powers of the base move out of the
// coefficient.
void Pass::settle_roots(Number& coefficient) {
  if (coefficient.is_zero()) return;
  for (Factor& f : factors_) {
    const Node& n = g_[f.base];
    if (n.op != Op::integer || g_.integer_of(n) < 2 || f.exponent.is_integer()) continue;
    const Number base = g_.exact_of(n);
    while (f.exponent.sign() < 0 && (coefficient.numerator() / base).is_integer()) {
      coefficient = coefficient / base;
      f.exponent = f.exponent + Number(1);
    }
    while (f.exponent.sign() > 0 && (coefficient.denominator() / base).is_integer()) {
      coefficient = coefficient * base;
      f.exponent = f.exponent - Number(1);
    }
  }
}

NodeId Pass::collect_factors() {
  const auto fixed = [&](NodeId base) {
    return (g_[base].flags & depends_on_symbol) == 0 && !is_positive(base);
  };
  std::ranges::sort(factors_, [&](const Factor& s, const Factor& t) {
    return s.base != t.base ? s.base < t.base : s.exponent < t.exponent;
  });
  std::size_t kept = 0;
  for (std::size_t i = 0, end = 0; i < factors_.size(); i = end) {
    Factor f = factors_[i];
    // What may be 0 or infinite does not cancel.
    const bool apart = fixed(f.base);
    for (end = i + 1; end < factors_.size() && factors_[end].base == f.base &&
                      !(apart && factors_[end].exponent.sign() != factors_[i].exponent.sign());
         ++end) {
      f.exponent = f.exponent + factors_[end].exponent;
    }
    if (f.exponent.is_zero()) continue;
    if (g_[f.base].is_number()) {
      const NodeId value = power(g_, f.base, g_.insert(f.exponent));
      if (g_[value].is_number()) {
        numbers_.push_back(value);
        continue;
      }
    }
    factors_[kept++] = f;
  }
  factors_.resize(kept);

  // Exact numbers first, then doubles in ascending order; what leaves the normal range stays apart.
  Number exact(1);
  std::vector<NodeId> apart;
  std::vector<double> reals;
  for (const NodeId id : numbers_) {
    const Node& n = g_[id];
    if (n.op == Op::real) {
      reals.push_back(g_.real_of(n));
    } else if (const Number value = g_.exact_of(n);
               product_bits(exact, value) <= g_.limits.number_bits) {
      exact = exact * value;
    } else {
      apart.push_back(id);
    }
  }
  settle_roots(exact);
  Shape shape{.coefficient = g_.insert(exact), .above = {}, .below = {}};
  std::ranges::sort(
      reals, [](double a, double b) { return std::abs(a) < std::abs(b) || (a == -b && a < b); });
  for (const double x : reals) {
    const double y = g_.value_of_number(g_[shape.coefficient]) * x;
    if (std::isnormal(y) && std::isnormal(x)) {
      shape.coefficient = g_.insert(y);
    } else {
      apart.push_back(g_.insert(x));
    }
  }

  for (const Factor& f : factors_) {
    const bool below = f.exponent.sign() < 0 && f.base != Graph::zero;
    const NodeId exponent = g_.insert(below ? -f.exponent : f.exponent);
    (below ? shape.below : shape.above).push_back(power(g_, f.base, exponent));
  }
  const auto before = [&](NodeId a, NodeId b) { return order_.factor_before(a, b); };
  std::ranges::sort(shape.above, before);
  std::ranges::sort(shape.below, before);
  pair_mean(shape);
  NodeId result = assemble(g_, shape);
  for (const NodeId x : apart) result = multiply(g_, x, result);
  return result;
}

// sum(u)/sum(1), once: it is written mean(u).
void Pass::pair_mean(Shape& shape) {
  const auto rows = std::ranges::find_if(
      shape.below, [&](NodeId id) { return g_[id].op == Op::data_sum && g_[id].a == Graph::one; });
  if (rows == shape.below.end()) return;
  const auto sum =
      std::ranges::find_if(shape.above, [&](NodeId id) { return g_[id].op == Op::data_sum; });
  if (sum == shape.above.end()) return;
  *sum = divide(g_, *sum, *rows);
  shape.below.erase(rows);
  std::ranges::sort(shape.above, [&](NodeId a, NodeId b) { return order_.factor_before(a, b); });
}

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
    std::vector<NodeId> next = Pass(g, now, true).run(now);
    std::size_t next_size = operations(g, next);
    if (next_size > size && (roots.size() > 1 || size > readable)) {
      std::vector<NodeId> shared = Pass(g, now, false).run(now);
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
