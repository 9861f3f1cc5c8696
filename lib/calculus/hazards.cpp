#include "lib/calculus/hazards.hpp"

#include <algorithm>
#include <cmath>

#include "lib/calculus/sign.hpp"
#include "lib/core/functions.hpp"

namespace nabla::calculus {

namespace {

constexpr std::size_t most_hazards = 8;

bool is_partial(const Graph& g, const Node& n) {
  if (n.op == Op::power) {
    const Node& e = g[n.b];
    const Sign base = sign_of(g, n.a);
    if (base.is_positive()) return false;
    if (!e.is_number()) return true;
    const double p = g.value_of_number(e);
    if (p < 0 && base.zero) return true;
    return base.negative && p != std::floor(p);
  }
  if (is_apply(n.op)) return true;  // nobody knows where it has a value
  if (n.op != Op::call) return false;
  const FunctionRow& f = row(n.fn());
  const auto bounded = [](const Domain& d) {
    return std::isfinite(d.low) || std::isfinite(d.high);
  };
  if (f.value.kind != Value::Kind::machine) return true;
  switch (n.fn()) {
    case "tan"_fn:
    case "gamma"_fn:
    case "lgamma"_fn:
    case "mod"_fn:
    case "rem"_fn: return true;
    default: return bounded(f.domain) || bounded(f.second_domain);
  }
}

bool hides(const Node& n) {
  return n.op == Op::select || n.op == Op::power ||
         (n.op == Op::call && row(n.fn()).value.arity == 2);
}

}  // namespace

Hazards::Hazards(const Graph& g, std::span<const NodeId> nodes, const Positions& at)
    : may_(nodes.size()), must_(nodes.size()) {
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const Node& n = g[nodes[i]];
    if (n.is_leaf()) continue;
    std::uint32_t may = none, must = none;
    const int operands = operand_count(n);
    for (int k = 0; k < operands; ++k) {
      may = united(may, may_[at[n.operand(k)]]);
      must = united(must, must_[at[n.operand(k)]]);
    }
    if (is_partial(g, n)) {
      const std::uint32_t own = named({static_cast<std::uint32_t>(i)});
      may = united(may, own);
      must = united(must, own);
    }
    // What is not chosen, and a power 0 or a base 1, need no value of the rest.
    if (hides(n) && !(n.op == Op::power && g[n.b].is_number())) must = none;
    may_[i] = may;
    must_[i] = must;
  }
}

std::uint32_t Hazards::named(const Set& set) {
  const auto [it, fresh] = names_.emplace(set, static_cast<std::uint32_t>(sets_.size()));
  if (fresh) sets_.push_back(set);
  return it->second;
}

std::uint32_t Hazards::united(std::uint32_t a, std::uint32_t b) {
  if (a == b || b == none) return a;
  if (a == none) return b;
  if (a == many || b == many) return many;
  Set both;
  std::ranges::set_union(sets_[a], sets_[b], std::back_inserter(both));
  return both.size() > most_hazards ? many : named(both);
}

bool Hazards::covers(std::size_t one, std::size_t other) const {
  const std::uint32_t a = may_[one], b = must_[other];
  if (a == none) return true;
  if (a == many) return false;
  if (a == b) return true;
  if (b == many || b == none) return false;
  return std::ranges::includes(sets_[b], sets_[a]);
}

}  // namespace nabla::calculus
