#include "lib/calculus/sign.hpp"

#include "lib/core/constants.hpp"
#include "lib/core/functions.hpp"

namespace nabla::calculus {

namespace {

constexpr int levels = 6;

Sign of_value(double value) { return {value<0, value == 0, value> 0}; }

Sign sum_of(Sign s, Sign t) {
  return {s.negative || t.negative,
          (s.zero && t.zero) || (s.negative && t.positive) || (s.positive && t.negative),
          s.positive || t.positive};
}

Sign product_of(Sign s, Sign t) {
  return {(s.negative && t.positive) || (s.positive && t.negative), s.zero || t.zero,
          (s.negative && t.negative) || (s.positive && t.positive)};
}

Sign union_of(Sign s, Sign t) {
  return {s.negative || t.negative, s.zero || t.zero, s.positive || t.positive};
}

Sign of_call(Fn fn) {
  switch (fn) {
    case "exp"_fn:
    case "cosh"_fn:
    case "sigmoid"_fn:
    case "softplus"_fn: return {false, false, true};
    case "abs"_fn:
    case "hypot"_fn: return {false, true, true};
    default: return {};
  }
}

// A real power: of a base that is positive it is positive; an exact even exponent hides the sign;
// where the base is negative and the exponent no integer there is no value at all.
Sign power_of(const Graph& g, Sign base, NodeId exponent) {
  const Node& n = g[exponent];
  const bool exact = n.op == Op::integer || n.op == Op::rational;
  const Number e = exact ? g.exact_of(n) : Number(0);
  const bool keeps_sign = n.op == Op::integer && !e.is_even();
  const bool negative = base.negative && (!exact || keeps_sign);
  const bool zero = base.zero && !(exact && e.sign() < 0);
  return {negative, zero, true};
}

// Bounded by its template argument, so this is no recursion over the expression.
template <int depth>
Sign look(const Graph& g, NodeId id) {
  const Node& n = g[id];
  if (n.is_number()) return of_value(g.value_of_number(n));
  if (n.op == Op::constant) return of_value(constants[n.detail].value);
  if constexpr (depth > 0) {
    switch (n.op) {
      case Op::sum: return sum_of(look<depth - 1>(g, n.a), look<depth - 1>(g, n.b));
      case Op::product: return product_of(look<depth - 1>(g, n.a), look<depth - 1>(g, n.b));
      case Op::power: return power_of(g, look<depth - 1>(g, n.a), n.b);
      case Op::select: return union_of(look<depth - 1>(g, n.b), look<depth - 1>(g, n.c));
      case Op::call: {
        const FunctionRow& f = row(n.fn());
        if (f.partials.kind != Partials::Kind::branch) return of_call(n.fn());
        return union_of(look<depth - 1>(g, n.a), look<depth - 1>(g, n.b));
      }
      default: break;
    }
  }
  return {};
}

}  // namespace

Sign sign_of(const Graph& g, NodeId id) { return look<levels>(g, id); }

}  // namespace nabla::calculus
