#include "lib/core/order.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numeric>

#include "lib/core/build.hpp"

namespace nabla {

namespace {

using Ordering = std::strong_ordering;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

Ordering compare_reals(double a, double b) {
  if (a < b) return Ordering::less;
  if (a > b) return Ordering::greater;
  if (std::isnan(a) != std::isnan(b)) return std::isnan(a) <=> std::isnan(b);  // NaN comes last
  // Zeros differ by their sign, +0 first.
  return std::bit_cast<std::uint64_t>(a) <=> std::bit_cast<std::uint64_t>(b);
}

// Everything about two nodes but their operands.
Ordering compare_heads(const Graph& g, const Node& m, const Node& n) {
  if (m.op != n.op) return m.op <=> n.op;
  switch (m.op) {
    case Op::integer: return g.integer_of(m) <=> g.integer_of(n);
    case Op::rational: return g.exact_of(m) <=> g.exact_of(n);
    case Op::real: return compare_reals(g.real_of(m), g.real_of(n));
    case Op::symbol:
    case Op::column: return compare_names(g.name_of(m), g.name_of(n));
    case Op::apply1:
    case Op::apply2:
    case Op::apply3:
      return compare_names(g.functions()[m.detail].name, g.functions()[n.detail].name);
    default: return m.detail <=> n.detail;
  }
}

bool is_pair(const Node& n) { return is_commutative(n) && operand_count(n) == 2; }

}  // namespace

std::strong_ordering compare_names(std::string_view a, std::string_view b) {
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (is_digit(a[i]) && is_digit(b[j])) {
      const auto run = [](std::string_view s, std::size_t& at) {
        while (at < s.size() && s[at] == '0') ++at;
        const std::size_t begin = at;
        while (at < s.size() && is_digit(s[at])) ++at;
        return s.substr(begin, at - begin);
      };
      const std::string_view m = run(a, i), n = run(b, j);
      if (m.size() != n.size()) return m.size() <=> n.size();
      if (m != n) return m <=> n;
    } else {
      if (a[i] != b[j]) return a[i] <=> b[j];
      ++i, ++j;
    }
  }
  const Ordering rest = (a.size() - i) <=> (b.size() - j);
  return rest != Ordering::equal ? rest : a <=> b;  // x01 and x1 are different names
}

bool is_negative_term(const Graph& g, NodeId id) {
  const Node& n = g[id];
  if (n.is_number()) return is_negative_number(g, id);
  return n.op == Op::product && g[n.a].is_number() && is_negative_number(g, n.a);
}

bool is_inverse(const Graph& g, NodeId id) {
  const Node& n = g[id];
  return n.op == Op::power && g[n.b].op <= Op::rational && is_negative_number(g, n.b);
}

Order::Order(const Graph& g, std::span<const NodeId> roots) {
  const std::vector<NodeId> nodes = g.below(roots);
  if (nodes.empty()) return;
  ranks_.resize(std::size_t{index(nodes.back())} + 1);

  // Nodes grouped by height: a counting sort.
  std::vector<std::uint32_t> height(nodes.size());
  std::uint32_t highest = 0;
  StopCheck stop(g.limits);
  auto& position = ranks_;  // until a node is ranked: where it stands in `nodes`
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    stop();
    position[index(nodes[i])] = i;
    const Node& n = g[nodes[i]];
    for (int k = operand_count(n); k-- > 0;) {
      height[i] = std::max(height[i], height[position[index(n.operand(k))]] + 1);
    }
    highest = std::max(highest, height[i]);
  }
  std::vector<std::uint32_t> start(std::size_t{highest} + 2);
  for (const std::uint32_t h : height) ++start[std::size_t{h} + 1];
  std::partial_sum(start.begin(), start.end(), start.begin());
  std::vector<NodeId> sorted(nodes.size());
  {
    std::vector<std::uint32_t> next(start.begin(), start.end() - 1);
    for (std::size_t i = 0; i < nodes.size(); ++i) sorted[next[height[i]]++] = nodes[i];
  }

  const auto operands = [&](const Node& n) {
    std::array<std::uint32_t, 3> r{};
    const int count = operand_count(n);
    for (int k = 0; k < count; ++k) r[static_cast<std::size_t>(k)] = ranks_[index(n.operand(k))];
    if (is_pair(n) && r[0] > r[1]) std::swap(r[0], r[1]);
    return r;
  };
  for (std::size_t h = 0; h + 1 < start.size(); ++h) {
    const auto begin = sorted.begin() + start[h], end = sorted.begin() + start[h + 1];
    std::sort(begin, end, [&](NodeId a, NodeId b) {
      stop();
      const Ordering heads = compare_heads(g, g[a], g[b]);
      if (heads != Ordering::equal) return heads == Ordering::less;
      return operands(g[a]) < operands(g[b]);
    });
    for (auto it = begin; it != end; ++it) {
      ranks_[index(*it)] = static_cast<std::uint32_t>(it - sorted.begin());
    }
  }
}

const ReadingOrder::Trait& ReadingOrder::trait(NodeId id) {
  if (index(id) >= traits_.size()) {
    traits_.resize(std::max<std::size_t>(g_.size(), std::size_t{index(id)} + 1));
  }
  if (traits_[index(id)].height != 0) return traits_[index(id)];
  const std::size_t bottom = stack_.size();
  stack_.push_back(id);
  while (stack_.size() > bottom) {
    stop_();
    const NodeId top = stack_.back();
    const Node& n = g_[top];
    bool ready = true;
    for (int k = operand_count(n); k-- > 0;) {
      if (traits_[index(n.operand(k))].height == 0) {
        stack_.push_back(n.operand(k));
        ready = false;
      }
    }
    if (!ready) continue;
    stack_.pop_back();
    if (traits_[index(top)].height == 0) traits_[index(top)] = examine(n);
  }
  return traits_[index(id)];
}

ReadingOrder::Trait ReadingOrder::examine(const Node& n) {
  Trait t{.height = 1, .length = 1};
  const auto of = [&](NodeId id) -> const Trait& { return traits_[index(id)]; };
  for (int k = operand_count(n); k-- > 0;)
    t.height = std::max(t.height, of(n.operand(k)).height + 1);
  if (is_pair(n)) t.swapped = compare_examined(n.a, n.b) == Ordering::greater;

  switch (n.op) {
    case Op::symbol:
    case Op::column: t.degree = 1; break;
    case Op::sum: t.degree = std::max(of(n.a).degree, of(n.b).degree); break;
    case Op::product: {
      t.degree = of(n.a).degree + of(n.b).degree;
      const int left = g_[n.a].op == Op::product ? of(n.a).length : !g_[n.a].is_number();
      const int right = g_[n.b].op == Op::product ? of(n.b).length : 1;
      t.length = static_cast<std::uint16_t>(std::min(left + right, 60'000));
      break;
    }
    case Op::power:
      if (g_[n.b].is_number()) t.degree = of(n.a).degree * g_.value_of_number(g_[n.b]);
      break;
    default: break;
  }
  // Keeps inf - inf out of the degrees of products.
  t.degree = std::isfinite(t.degree) ? std::clamp(t.degree, -1e100, 1e100) : 0;
  return t;
}

std::strong_ordering ReadingOrder::compare(NodeId a, NodeId b) {
  trait(a);
  trait(b);
  return compare_examined(a, b);
}

std::strong_ordering ReadingOrder::compare_examined(NodeId a, NodeId b) const {
  while (a != b) {
    stop_();
    const Trait &s = traits_[index(a)], &t = traits_[index(b)];
    if (s.height != t.height) return s.height <=> t.height;
    const Node &m = g_[a], &n = g_[b];
    const Ordering heads = compare_heads(g_, m, n);
    if (heads != Ordering::equal) return heads;
    // Different nodes with equal heads differ in an operand; the first one that differs decides.
    const int count = operand_count(m);
    const auto operand = [count](const Node& node, bool swapped, int i) {
      return node.operand(swapped && count == 2 ? 1 - i : i);
    };
    int i = 0;
    while (i + 1 < count && operand(m, s.swapped, i) == operand(n, t.swapped, i)) ++i;
    if (count == 0) break;
    a = operand(m, s.swapped, i);
    b = operand(n, t.swapped, i);
  }
  return Ordering::equal;
}

std::pair<NodeId, NodeId> ReadingOrder::ascending(NodeId id) {
  const Node& n = g_[id];
  return trait(id).swapped ? std::pair(n.b, n.a) : std::pair(n.a, n.b);
}

namespace {

enum class Kind { number, constant, symbol, column, power, sum, call, other };

Kind kind_of(const Graph& g, const Node& base, bool plain_exponent) {
  if (!plain_exponent) return Kind::power;
  if ((base.flags & depends_on_symbol) == 0) {
    return base.is_number() ? Kind::number : Kind::constant;
  }
  switch (base.op) {
    case Op::symbol: return Kind::symbol;
    case Op::column: return Kind::column;
    case Op::power: return g[base.b].is_number() ? Kind::other : Kind::power;
    case Op::sum: return Kind::sum;
    case Op::call:
    case Op::apply1:
    case Op::apply2:
    case Op::apply3: return Kind::call;
    default: return Kind::other;
  }
}

}  // namespace

std::strong_ordering ReadingOrder::compare_factors(NodeId a, NodeId b) {
  if (a == b) return Ordering::equal;
  const auto parts = [&](NodeId id) {
    const Raised r = split_power(g_, id);
    return g_[r.exponent].is_number() ? r : Raised{id, Graph::one};
  };
  const Raised r = parts(a), s = parts(b);
  const Kind m = kind_of(g_, g_[r.base], true), n = kind_of(g_, g_[s.base], true);
  if (m != n) return m <=> n;
  if (r.base != s.base) return compare(r.base, s.base);
  const double x = g_.value_of_number(g_[r.exponent]), y = g_.value_of_number(g_[s.exponent]);
  if (x != y) return x > y ? Ordering::less : Ordering::greater;
  return compare(a, b);
}

bool ReadingOrder::factor_before(NodeId a, NodeId b) {
  return compare_factors(a, b) == Ordering::less;
}

// Factors of a product from left to right, without numbers.
void ReadingOrder::factors(NodeId term, std::vector<NodeId>& into) {
  into.clear();
  for (;;) {
    const Node& n = g_[term];
    if (n.op != Op::product) break;
    if (g_[n.a].is_number()) {
      term = n.b;
      continue;
    }
    auto [first, second] = ascending(term);
    if ((g_[first].op == Op::product) != (g_[second].op == Op::product)) {
      if (g_[first].op != Op::product) std::swap(first, second);
    } else if (factor_before(second, first)) {
      std::swap(first, second);
    }
    into.push_back(second);
    term = first;
  }
  if (!g_[term].is_number()) into.push_back(term);
  std::ranges::reverse(into);
}

bool ReadingOrder::term_before(NodeId a, NodeId b) {
  if (a == b) return false;
  const Node &m = g_[a], &n = g_[b];
  const bool varies_a = m.flags & depends_on_symbol, varies_b = n.flags & depends_on_symbol;
  if (varies_a != varies_b) return varies_a;
  if (m.is_number() != n.is_number()) return n.is_number();
  trait(a);
  const Trait t = trait(b), s = traits_[index(a)];
  if (s.degree != t.degree) return s.degree > t.degree;
  // Long products are compared by structure alone, so that a comparison costs O(1) here.
  constexpr std::uint16_t many = 24;
  if ((s.length > many) != (t.length > many)) return s.length < t.length;
  if (s.length <= 1 && t.length <= 1 && m.op != Op::product && n.op != Op::product) {
    const Ordering order = compare_factors(a, b);
    if (order != Ordering::equal) return order == Ordering::less;
  } else if (s.length <= many) {
    factors(a, left_);
    factors(b, right_);
    for (std::size_t i = 0; i < std::min(left_.size(), right_.size()); ++i) {
      const Ordering order = compare_factors(left_[i], right_[i]);
      if (order != Ordering::equal) return order == Ordering::less;
    }
    if (left_.size() != right_.size()) return left_.size() > right_.size();
  }
  return compare_examined(a, b) == Ordering::less;
}

}  // namespace nabla
