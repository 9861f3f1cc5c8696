#include <vector>

#include "lib/core/build.hpp"
#include "lib/core/functions.hpp"
#include "lib/emit/letters.hpp"
#include "lib/emit/typesetter.hpp"

// Products, powers, calls and cases as groups of marks.

namespace nabla {

namespace {

Group group_of(Notation notation) {
  switch (notation) {
    case Notation::call: break;
    case Notation::exponential: return Group::power;
    case Notation::root: return Group::root;
    case Notation::cube_root: return Group::cube_root;
    case Notation::bars: return Group::bars;
    case Notation::floor: return Group::floor;
    case Notation::ceiling: return Group::ceiling;
  }
  return Group::parentheses;
}

}  // namespace

bool Typesetter::starts_with_digit(NodeId id) {
  for (;;) {
    const Node& n = g_[id];
    if (n.is_number()) return true;
    if (n.op == Op::product && !view_.is_mean(n)) {
      id = operands(id).first;
    } else if (n.op == Op::power && !view_.is_quotient(id) && !view_.is_root(n) &&
               !(precedence(n.a, Role::node) < Precedence::postfix)) {
      id = n.a;
    } else {
      return false;
    }
  }
}

// Set in several letters or with a large sign: wants a space beside it. Of a product, its last
// factor.
bool Typesetter::is_word(NodeId id) {
  if (g_[id].op == Op::product && !view_.is_mean(g_[id])) id = operands(id).second;
  const Node& n = g_[id];
  if (n.op == Op::power) id = n.a;
  if (is_open_ended(id)) return true;
  if (g_[id].op != Op::symbol) return false;
  const NameParts name = split_name(g_.name_of(g_[id]));
  return !name.hat && name.head.size() > 1 && greek_letter(name.head).empty();
}

// A factor after others. Sums over data reach to the end of the term, so only the last one may
// stand without parentheses.
void Typesetter::add_factor(NodeId before, NodeId id, bool last) {
  add(starts_with_digit(id)            ? Sign::dot
      : is_word(id) || is_word(before) ? Sign::thin
                                       : Sign::factor);
  add(id, last && is_open_ended(id) ? Precedence::none : Precedence::power, Role::node, last);
}

void Typesetter::expand_product(NodeId id, bool magnitude, bool last) {
  const Node& n = g_[id];
  if (view_.is_mean(n)) {
    open(Group::fraction);
    add({.kind = Kind::number, .text = "1"});
    next(Group::fraction);
    add({.kind = Kind::name, .text = "n"});
    close(Group::fraction);
    add(Sign::gap);
    add(Sign::sum);
    return add(view_.mean_body(n), Precedence::product);
  }
  if (!g_[n.a].is_number()) {
    const auto [first, second] = operands(id);
    if (view_.is_quotient(second)) {
      open(Group::fraction);
      add(first);
      next(Group::fraction);
      add(second, Precedence::none, Role::denominator);
      return close(Group::fraction);
    }
    add(first, Precedence::product, Role::node, false);
    return add_factor(first, second, last);
  }
  const bool minus = view_.leading_minus(n);
  if (minus && !magnitude) {
    add(Sign::negative);
    return add(id, Precedence::product, Role::magnitude, last);
  }
  if (n.a == Graph::minus_one) return add(n.b, Precedence::product, Role::node, last);
  const bool fraction = view_.is_fraction(n.a), over = view_.is_quotient(n.b);
  if (!fraction && !over) {
    add(n.a, Precedence::product, minus ? Role::magnitude : Role::node);
    return add_factor(n.a, n.b, last);
  }
  const Number p = fraction ? g_.exact_of(g_[n.a]).numerator() : Number(0);
  const bool unit = p == Number(1) || p == Number(-1);
  open(Group::fraction);
  if (fraction) {
    if (!unit || over) add(n.a, Precedence::none, Role::numerator);
    if (unit && !over) add(n.b);
    if (!unit && !over) add_factor(n.a, n.b, true);
  } else {
    add(n.a, Precedence::none, minus ? Role::magnitude : Role::node);
  }
  next(Group::fraction);
  if (fraction) add(n.a, Precedence::none, Role::divisor);
  if (over) {
    if (fraction) add(Sign::thin);
    add(n.b, fraction ? Precedence::product : Precedence::none, Role::denominator);
  }
  close(Group::fraction);
}

void Typesetter::expand_root(NodeId radicand) {
  open(Group::root);
  add(radicand);
  close(Group::root);
}

// base^exponent, or what stands below the fraction bar when the exponent is negative.
void Typesetter::expand_power(NodeId id, bool below) {
  const Node& n = g_[id];
  if (!below && view_.is_quotient(id)) {
    open(Group::fraction);
    add({.kind = Kind::number, .text = "1"});
    next(Group::fraction);
    add(id, Precedence::none, Role::denominator);
    return close(Group::fraction);
  }
  if (below ? view_.is_inverse_root(n) : view_.is_root(n)) return expand_root(n.a);
  if (below && n.b == Graph::minus_one) return add(n.a);
  if (!below && is_function_power(n)) return expand_call(n.a, n.b);
  open(Group::power);
  add(n.a, Precedence::postfix);
  next(Group::power);
  if (view_.is_fraction(n.b)) {
    if (!below && is_negative_number(g_, n.b)) add(Sign::negative);
    add(n.b, Precedence::none, Role::numerator);
    add(Sign::slash);
    add(n.b, Precedence::none, Role::divisor);
  } else {
    add(n.b, Precedence::none, below ? Role::magnitude : Role::node);
  }
  close(Group::power);
}

// f(u, v); with an exponent f^n(u).
void Typesetter::expand_call(NodeId id, NodeId exponent) {
  const Node& n = g_[id];
  const FunctionRow& f = row(n.fn());
  const auto group = group_of(f.notation);
  if (group == Group::parentheses) {
    const Mark function{.kind = Kind::function, .row = static_cast<std::uint8_t>(n.detail)};
    if (exponent == Graph::one) {
      add(function);
    } else {
      open(Group::power);
      add(function);
      next(Group::power);
      add(exponent);
      close(Group::power);
    }
    add(Sign::apply);
  }
  open(group);
  if (group == Group::power) {
    add({.kind = Kind::constant, .row = *find_constant("e")});
    next(group);
  }
  bool later = false;
  for (const NodeId u : operands_of_call(
           view_, id, [this](NodeId v) { return operands(v); },
           [this](NodeId v) { return op(v); })) {
    if (std::exchange(later, true)) add(Sign::comma);
    add(u);
  }
  close(group);
}

void Typesetter::expand_select(NodeId id) {
  open(Group::cases);
  NodeId at = id;
  for (; g_[at].op == Op::select; at = g_[at].c) {
    add(g_[at].b);
    next(Group::cases);
    add(g_[at].a);
    add({.kind = Kind::row, .group = Group::cases});
  }
  add(at);
  close(Group::cases);
}

}  // namespace nabla
