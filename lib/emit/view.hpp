#pragma once

// Nodes as people write them: which products start with a minus sign, which powers are roots or
// quotients. Text and LaTeX agree on it.

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "lib/core/build.hpp"
#include "lib/core/graph.hpp"
#include "lib/core/order.hpp"

namespace nabla {

struct NodeView {
  const Graph& g;

  bool is_exact(NodeId id) const { return g[id].op <= Op::rational; }
  bool is_fraction(NodeId id) const {
    return g[id].op == Op::rational && !g.exact_of(g[id]).is_integer();
  }
  bool is_ratio(NodeId id, std::int64_t p, std::int64_t q) const {
    return g[id].op == Op::rational && g.exact_of(g[id]) == Number::ratio(p, q);
  }

  // A product written as the negative of another: the parser gives the coefficient its sign back.
  // For doubles that holds where -1 times the rest merges into them, which takes normal numbers.
  bool leading_minus(const Node& product) const {
    if (!is_negative_number(g, product.a)) return false;
    return is_exact(product.a) || std::isnormal(g.real_of(g[product.a]));
  }

  // A term that follows " - " in a sum.
  bool is_negative(NodeId id) const {
    const Node& n = g[id];
    return n.op == Op::product ? leading_minus(n) : is_negative_number(g, id);
  }

  bool is_root(const Node& n) const { return n.op == Op::power && is_ratio(n.b, 1, 2); }
  bool is_inverse_root(const Node& n) const { return n.op == Op::power && is_ratio(n.b, -1, 2); }

  // Written 1/u, 1/u^2, 1/sqrt(u). Not for 0^(-1/2): 0^(1/2) would be folded to 0 when read.
  bool is_quotient(NodeId id) const {
    const Node& n = g[id];
    return is_inverse(g, id) && (n.a != Graph::zero || n.b == Graph::minus_one);
  }

  // sum(u)/sum(1)
  bool is_mean(const Node& n) const {
    if (n.op != Op::product) return false;
    const auto over = [&](NodeId sum, NodeId rows) {
      return g[sum].op == Op::data_sum && g[rows].op == Op::power &&
             g[rows].b == Graph::minus_one && g[g[rows].a].op == Op::data_sum &&
             g[g[rows].a].a == Graph::one;
    };
    return over(n.a, n.b) || over(n.b, n.a);
  }
  NodeId mean_body(const Node& n) const { return g[g[n.a].op == Op::data_sum ? n.a : n.b].a; }

  bool is_variadic(const Node& call) const;

  // Shared parts worth a name: more than one operation.
  bool deserves_name(NodeId id) const {
    const Node& n = g[id];
    for (int i = operand_count(n); i-- > 0;) {
      if (!g[n.operand(i)].is_leaf()) return true;
    }
    return false;
  }

  // The first of u, t, v, w, u_, ... such that no name is that followed by digits.
  static std::string unused_prefix(const std::vector<std::string>& names);
};

// Which operand of a commutative node is read first. A chain continues on the left, where it needs
// no parentheses; a positive term comes before a negative one, a factor before a denominator. `op`
// tells the kind of an operand, Op::symbol for what is written as one thing.
std::pair<NodeId, NodeId> operands_to_read(const NodeView& view, ReadingOrder& order, NodeId id,
                                           auto op) {
  const Graph& g = view.g;
  const Node& n = g[id];
  const std::pair stored(n.a, n.b), turned(n.b, n.a);
  const auto by_order = [&](bool turn) { return turn ? turned : stored; };
  const bool link_a = op(n.a) == n.op, link_b = op(n.b) == n.op;
  if (n.op == Op::product && g[n.a].is_number()) return stored;
  if (n.op != Op::call && link_a != link_b) return by_order(link_b);
  switch (n.op) {
    case Op::sum: {
      const bool a = op(n.a) != Op::symbol && view.is_negative(n.a);
      const bool b = op(n.b) != Op::symbol && view.is_negative(n.b);
      return by_order(a != b ? a : order.term_before(n.b, n.a));
    }
    case Op::product: {
      const bool a = op(n.a) != Op::symbol && view.is_quotient(n.a);
      const bool b = op(n.b) != Op::symbol && view.is_quotient(n.b);
      return by_order(a != b ? a : order.factor_before(n.b, n.a));
    }
    case Op::call: {
      const auto same = [&](NodeId u) { return op(u) == Op::call && g[u].detail == n.detail; };
      const bool a = view.is_variadic(n) && same(n.a), b = view.is_variadic(n) && same(n.b);
      return by_order(a != b ? b : order.term_before(n.b, n.a));
    }
    case Op::equal:
    case Op::not_equal: return by_order(order.term_before(n.b, n.a));
    default: return order.ascending(id);
  }
}

// What a call is written with, the first operand first: max(max(a, b), c) is max(a, b, c).
// `operands` gives the two of a node in the order they are read.
std::vector<NodeId> operands_of_call(const NodeView& view, NodeId id, auto operands, auto op) {
  const Node& n = view.g[id];
  if (operand_count(n) < 2) return {n.a};
  std::vector<NodeId> found;
  for (;;) {
    const auto [a, b] = operands(id);
    found.push_back(b);
    id = a;
    if (!view.is_variadic(n) || op(a) != Op::call || view.g[a].detail != n.detail) break;
  }
  found.push_back(id);
  std::ranges::reverse(found);
  return found;
}

}  // namespace nabla
