#include "simplify/metric.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <unordered_set>
#include <vector>

#include "lib/core/build.hpp"
#include "lib/core/constants.hpp"
#include "lib/core/functions.hpp"
#include "lib/core/graph.hpp"
#include "lib/core/order.hpp"
#include "lib/core/stop.hpp"

namespace nabla {

namespace {

using Count = std::uint64_t;

constexpr NodeId nothing{std::numeric_limits<std::uint32_t>::max()};

constexpr Count most = std::numeric_limits<std::uint32_t>::max();

Count plus(Count a, Count b) { return std::min(a + b, most); }

std::uint64_t mix(std::uint64_t h) {
  h = (h ^ (h >> 32)) * 0xD6E8FEB86659FD93u;
  h = (h ^ (h >> 29)) * 0x9E3779B97F4A7C15u;
  return h ^ (h >> 32);
}
std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  return mix(mix(a) + b * 0xA24BAED4963EE407u);
}

std::uint64_t hash_of(std::string_view text) {
  std::uint64_t h = 1469598103934665603u;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return h;
}

// Coefficients and constants matter by their sign and by being 0 or 1; huge ones are not carried
// on.
Number bounded(const Number& value) {
  if (value.bits() <= 2048) return value;
  const auto h = static_cast<std::int64_t>(value.hash() >> 2) | 1024;
  return value.sign() < 0 ? Number(-h) : Number(h);
}

// A node as a flat list. Numbers have nothing but `number`.
struct Flat {
  enum class Kind : std::uint8_t { number, atom, product, sum } kind = Kind::atom;
  Number number{1};                      // value; coefficient of a product; constant of a sum
  Count above = 0, below = 0;            // factors over and under the bar; or terms of a sum
  Count cost_above = 0, cost_below = 0;  // of the factors; or of the terms without their signs
  std::uint64_t hash_above = 0, hash_below = 0;
  bool all_negative = true;  // terms
  NodeId only = nothing;     // the last factor above the bar, or the last term, if it is a node
};

}  // namespace

class OperationCounter::Metric {
 public:
  explicit Metric(const Graph& g) : g_(g) {}
  Metric(const Graph& g, std::span<const NodeId> roots);

  // Every node up to this one.
  void look_at(NodeId last) {
    while (flats_.size() <= index(last)) {
      flats_.push_back(read(NodeId{static_cast<std::uint32_t>(flats_.size())}));
    }
  }

  Count tree(NodeId id) const { return cost(flat(id)); }
  Count shared(std::span<const NodeId> roots);

 private:
  using Kind = Flat::Kind;

  const Flat& flat(NodeId id) const { return flats_[index(id)]; }
  Flat read(NodeId id) const;
  Flat settled(Flat f) const;
  Flat as_product(NodeId id) const;
  Flat inverse(NodeId id) const;
  void add_operand(Flat& sum, NodeId id) const;
  Flat multiplied(Flat f, const Flat& by) const;
  Flat atom(const Node& n) const;
  Flat raised(const Node& power) const;
  bool is_below(const Node& power) const;
  static Count cost(const Flat& f);
  static Count own_cost(const Flat& f);
  static std::uint64_t hash(const Flat& f);

  const Graph& g_;
  std::vector<Flat> flats_;
};

// Operations of the list itself, its members free.
Count OperationCounter::Metric::own_cost(const Flat& f) {
  switch (f.kind) {
    case Kind::number: return 0;
    case Kind::atom: return f.below;
    case Kind::sum: {
      const Count terms = f.above + (f.number.is_zero() ? 0 : 1);
      return terms - 1 + (f.all_negative && f.number.is_zero() ? 1 : 0);
    }
    case Kind::product: {
      const bool minus = f.number == Number(-1);
      const Count above = f.above + (f.number.is_one() || minus ? 0 : 1);
      const Count head = above > 0 ? above - 1 : 0;
      if (f.below == 0) return head + (minus ? 1 : 0);
      return head + (minus && f.above > 0 ? 1 : 0) + f.below;
    }
  }
  return 0;
}

Count OperationCounter::Metric::cost(const Flat& f) {
  return plus(own_cost(f), plus(f.cost_above, f.kind == Kind::atom ? 0 : f.cost_below));
}

std::uint64_t OperationCounter::Metric::hash(const Flat& f) {
  const auto kind = static_cast<std::uint64_t>(f.kind);
  if (f.kind == Kind::atom) return f.hash_above;
  return mix(mix(mix(kind + 17, f.number.hash()), f.hash_above), f.hash_below);
}

// A list of one member is that member.
Flat OperationCounter::Metric::settled(Flat f) const {
  if (f.kind == Kind::product) {
    if (f.number.is_zero() || (f.above == 0 && f.below == 0)) {
      return {.kind = Kind::number, .number = f.number};
    }
    if (f.number.is_one() && f.above == 1 && f.below == 0 && f.only != nothing) {
      return flat(f.only);
    }
  } else if (f.kind == Kind::sum) {
    if (f.above == 0) return {.kind = Kind::number, .number = f.number};
    if (f.above == 1 && f.number.is_zero() && f.only != nothing) return flat(f.only);
  }
  return f;
}

Flat OperationCounter::Metric::as_product(NodeId id) const {
  const Flat& f = flat(id);
  if (f.kind == Kind::product) return f;
  if (f.kind == Kind::number) return {.kind = Kind::product, .number = f.number};
  return {.kind = Kind::product,
          .above = 1,
          .cost_above = cost(f),
          .hash_above = mix(hash(f)),
          .only = id};
}

Flat OperationCounter::Metric::multiplied(Flat f, const Flat& by) const {
  f.number = bounded(f.number * by.number);
  f.above = plus(f.above, by.above);
  f.below = plus(f.below, by.below);
  f.cost_above = plus(f.cost_above, by.cost_above);
  f.cost_below = plus(f.cost_below, by.cost_below);
  f.hash_above += by.hash_above;
  f.hash_below += by.hash_below;
  if (by.above != 0) f.only = by.only;
  return f;
}

void OperationCounter::Metric::add_operand(Flat& sum, NodeId id) const {
  const Flat& f = flat(id);
  if (f.kind == Kind::number) {
    sum.number = bounded(sum.number + f.number);
  } else if (f.kind == Kind::sum) {
    sum.number = bounded(sum.number + f.number);
    sum.above = plus(sum.above, f.above);
    sum.cost_above = plus(sum.cost_above, f.cost_above);
    sum.hash_above += f.hash_above;
    sum.all_negative &= f.all_negative;
    sum.only = f.only;
  } else {
    Flat size = f;
    const bool minus = f.kind == Kind::product && f.number.sign() < 0;
    if (minus) size.number = -size.number;
    // -x is x with a sign: the list of one member again
    if (minus) size = settled(size);
    sum.all_negative &= minus;
    sum.above = plus(sum.above, 1);
    sum.cost_above = plus(sum.cost_above, cost(size));
    sum.hash_above += mix(hash(f));
    sum.only = id;
  }
}

Flat OperationCounter::Metric::inverse(NodeId id) const {
  Flat f = as_product(id);
  std::swap(f.above, f.below);
  std::swap(f.cost_above, f.cost_below);
  std::swap(f.hash_above, f.hash_below);
  f.only = nothing;
  if (f.number.is_zero()) return {.kind = Kind::product, .below = 1, .hash_below = 0x5eed};
  f.number = f.number.inverse();
  return f;
}

// A call, a power, a comparison: its operations are in `below`, its operands' in `cost_above`.
Flat OperationCounter::Metric::atom(const Node& n) const {
  Flat f{.kind = Kind::atom, .below = 1};
  f.hash_above = mix(static_cast<std::uint64_t>(n.op) + 101, n.detail);
  for (int i = 0; i < operand_count(n); ++i) {
    const Flat& operand = flat(n.operand(i));
    f.cost_above = plus(f.cost_above, cost(operand));
    const std::uint64_t h = hash(operand);
    f.hash_above = is_commutative(n) ? f.hash_above + mix(h) : mix(f.hash_above, h);
  }
  return f;
}

bool OperationCounter::Metric::is_below(const Node& power) const {
  return g_[power.b].is_number() && is_negative_number(g_, power.b);
}

// A power with the sign of its exponent dropped: x^-2 is x^2 below a bar.
Flat OperationCounter::Metric::raised(const Node& n) const {
  Flat f = atom(n);
  if (!is_below(n)) return f;
  Flat up = flat(n.b);
  if (up.kind == Kind::number) up.number = -up.number;
  f.hash_above = mix(static_cast<std::uint64_t>(n.op) + 101, n.detail);
  f.hash_above = mix(mix(f.hash_above, hash(flat(n.a))), hash(up));
  return f;
}

// Safe forms cost what their textbook expansion costs.
static Count call_cost(const Node& n) {
  switch (n.fn()) {
    case "log1p"_fn:
    case "expm1"_fn:
    case "erfc"_fn: return 2;
    case "softplus"_fn: return 3;
    case "sigmoid"_fn: return 4;
    default: return 1;
  }
}

Flat OperationCounter::Metric::read(NodeId id) const {
  const Node& n = g_[id];
  switch (n.op) {
    case Op::integer:
    case Op::rational: return {.kind = Kind::number, .number = bounded(g_.exact_of(n))};
    case Op::real: {
      const double x = g_.real_of(n);
      if (!(x - x == 0)) return {.kind = Kind::atom, .hash_above = x > 0 ? 31u : 37u};
      return {.kind = Kind::number, .number = bounded(Number::from_double(x))};
    }
    case Op::constant:
      return {.kind = Kind::atom, .hash_above = hash_of(constants[n.detail].name) + 1};
    case Op::symbol: return {.kind = Kind::atom, .hash_above = hash_of(g_.name_of(n))};
    case Op::column: return {.kind = Kind::atom, .hash_above = hash_of(g_.name_of(n)) + 2};
    case Op::sum: {
      Flat f{.kind = Kind::sum, .number = Number(0)};
      add_operand(f, n.a);
      add_operand(f, n.b);
      return settled(f);
    }
    case Op::product: return settled(multiplied(as_product(n.a), as_product(n.b)));
    case Op::power: {
      if (n.b == Graph::minus_one) return settled(inverse(n.a));
      Flat f = raised(n);
      if (!is_below(n)) return f;
      return {.kind = Kind::product, .below = 1, .cost_below = cost(f), .hash_below = mix(hash(f))};
    }
    case Op::call: {
      Flat f = atom(n);
      f.below = call_cost(n);
      if (row(n.fn()).variadic) {
        // max(a, b, c): one for the call and one for each further operand; logsumexp: one in all
        const bool picks = row(n.fn()).partials.kind == Partials::Kind::branch;
        const auto goes_on = [&](NodeId u) {
          return g_[u].op == Op::call && g_[u].detail == n.detail;
        };
        const bool on = goes_on(n.a) || goes_on(n.b);
        f.below = picks ? (on ? 1 : 2) : (on ? 0 : 1);
      }
      return f;
    }
    default: return atom(n);
  }
}

OperationCounter::Metric::Metric(const Graph& g, std::span<const NodeId> roots) : g_(g) {
  const std::vector<NodeId> nodes = g.below(roots);
  if (nodes.empty()) return;
  flats_.resize(std::size_t{index(nodes.back())} + 1);
  StopCheck stop(g.limits);
  for (const NodeId id : nodes) {
    stop();
    flats_[index(id)] = read(id);
  }
}

// Distinct parts reached from the roots, each with its own operations. Links of chains are walked
// through once; what counts is where a list stands as a whole.
Count OperationCounter::Metric::shared(std::span<const NodeId> roots) {
  std::unordered_set<std::uint64_t> seen;
  std::vector<bool> walked(flats_.size());
  Count total = 0;
  struct Visit {
    NodeId id;
    bool term = false;  // of a sum: its sign is absorbed
    bool link = false;  // a part of a longer list
  };
  std::vector<Visit> stack;
  for (const NodeId id : roots) stack.push_back({.id = id});
  const auto count = [&](const Flat& f) {
    if (f.kind == Kind::number || (f.kind == Kind::atom && f.below == 0)) return;
    if (!seen.insert(hash(f)).second) return;
    if (f.kind != Kind::product || f.below < 2) {
      total = plus(total, own_cost(f));
      return;
    }
    // a/(b*c): the product below the bar is a part as well
    Flat down{.kind = Kind::product, .above = f.below, .hash_above = f.hash_below};
    total = plus(total, own_cost(f) - (f.below - 1));
    if (seen.insert(hash(down)).second) total = plus(total, f.below - 1);
  };
  StopCheck stop(g_.limits);
  while (!stack.empty()) {
    stop();
    const Visit visit = stack.back();
    stack.pop_back();
    const Node& n = g_[visit.id];
    Flat f = flat(visit.id);
    if (n.is_leaf() || f.kind == Kind::number) continue;
    if (!visit.link) {
      if (visit.term && f.kind == Kind::product && f.number.sign() < 0) {
        f.number = -f.number;
        f = settled(f);
      }
      count(f);
    }
    if (walked[index(visit.id)]) continue;
    walked[index(visit.id)] = true;
    for (int i = operand_count(n); i-- > 0;) {
      const NodeId u = n.operand(i);
      const Op op = g_[u].op;
      if (n.op == Op::sum) {
        stack.push_back({.id = u, .term = true, .link = op == Op::sum});
      } else if (n.op == Op::product || (n.op == Op::power && n.b == Graph::minus_one)) {
        const bool list = flat(u).kind == Kind::product;
        stack.push_back({.id = u, .link = list});
      } else {
        stack.push_back({.id = u});
      }
    }
    if (n.op == Op::power && n.b != Graph::minus_one && is_below(n)) count(raised(n));
  }
  return total;
}

OperationCounter::OperationCounter(const Graph& g) : metric_(std::make_unique<Metric>(g)) {}
OperationCounter::OperationCounter(OperationCounter&&) noexcept = default;
OperationCounter::~OperationCounter() = default;

std::size_t OperationCounter::tree(NodeId id) {
  metric_->look_at(id);
  return metric_->tree(id);
}

std::size_t OperationCounter::shared(std::span<const NodeId> roots) {
  for (const NodeId id : roots) metric_->look_at(id);
  return metric_->shared(roots);
}

std::size_t tree_operations(Expr e) {
  const OperationCounter::Metric metric(*e.graph, {&e.id, 1});
  return metric.tree(e.id);
}

std::size_t shared_operations(std::span<const Expr> roots) {
  if (roots.empty()) return 0;
  std::vector<NodeId> ids;
  for (const Expr e : roots) ids.push_back(e.id);
  return OperationCounter::Metric(*roots.front().graph, ids).shared(ids);
}

}  // namespace nabla
