#include "lib/emit/typeset.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "lib/core/build.hpp"
#include "lib/core/constants.hpp"
#include "lib/core/diagnostic.hpp"
#include "lib/core/functions.hpp"
#include "lib/core/graph.hpp"
#include "lib/core/operators.hpp"
#include "lib/core/order.hpp"
#include "lib/core/stop.hpp"
#include "lib/emit/letters.hpp"
#include "lib/emit/numerals.hpp"
#include "lib/emit/view.hpp"

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

struct Piece {
  enum class Role : std::uint8_t {
    mark,
    node,
    magnitude,    // without its minus sign
    denominator,  // of a power with a negative exponent
    numerator,    // of a coefficient times the rest
    divisor,      // denominator of a rational number
  } role = Role::mark;
  bool last = true;  // nothing follows in the same product
  Precedence least = Precedence::none;
  NodeId id{};
  Mark mark{};
};

class Typesetter {
 public:
  Typesetter(const Graph& g, MarkSink& sink) : g_(g), view_{g}, order_(g), sink_(sink) {}

  void run(NodeId root);

 private:
  using Role = Piece::Role;

  using Kind = Mark::Kind;

  void put(Kind kind, std::string_view text) { sink_.take({.kind = kind, .text = text}); }
  void put(Sign sign) { sink_.take({.kind = Kind::sign, .sign = sign}); }
  void put_constant(std::string_view name) {
    sink_.take({.kind = Kind::constant, .row = *find_constant(name)});
  }
  void add(const Mark& mark) { next_.push_back({.mark = mark}); }
  void add(Sign sign) { add({.kind = Kind::sign, .sign = sign}); }
  void open(Group group) { add({.kind = Kind::open, .group = group}); }
  void next(Group group) { add({.kind = Kind::next, .group = group}); }
  void close(Group group) { add({.kind = Kind::close, .group = group}); }
  void add(NodeId id, Precedence least = Precedence::none, Role role = Role::node,
           bool last = true) {
    next_.push_back({.role = role, .last = last, .least = least, .id = id});
  }

  Op op(NodeId id) const { return view_.is_mean(g_[id]) ? Op::symbol : g_[id].op; }
  std::pair<NodeId, NodeId> operands(NodeId id) {
    if (!is_commutative(g_[id])) return {g_[id].a, g_[id].b};
    return operands_to_read(view_, order_, id, [this](NodeId u) { return op(u); });
  }
  Precedence precedence(NodeId id, Role role) const;
  bool starts_with_digit(NodeId id);
  bool is_function_power(const Node& n) const;

  void expand(const Piece& piece);
  void expand_node(NodeId id, bool last);
  void expand_product(NodeId id, bool magnitude, bool last);
  void expand_power(NodeId id, bool below);
  void expand_root(NodeId radicand);
  void expand_call(NodeId id, NodeId exponent);
  void expand_select(NodeId id);
  void add_factor(NodeId before, NodeId id, bool last);
  bool is_word(NodeId id);
  bool is_open_ended(NodeId id) const {
    const Node& n = g_[id];
    return (n.op == Op::data_sum && n.a != Graph::one) || view_.is_mean(n);
  }
  void put_number(const Node& n, bool negated);

  const Graph& g_;
  NodeView view_;
  ReadingOrder order_;
  MarkSink& sink_;
  std::vector<Piece> stack_, next_;
};

void Typesetter::run(NodeId root) {
  stack_.push_back({.role = Role::node, .id = root});
  StopCheck stop(g_.limits);
  while (!stack_.empty()) {
    stop();
    const Piece piece = stack_.back();
    stack_.pop_back();
    if (piece.role == Role::mark) {
      sink_.take(piece.mark);
      continue;
    }
    next_.clear();
    const bool brackets = precedence(piece.id, piece.role) < piece.least ||
                          (!piece.last && piece.role == Role::node && is_open_ended(piece.id));
    if (brackets) {
      sink_.take({.kind = Kind::open, .group = Group::parentheses});
      expand({.role = piece.role, .id = piece.id});
      close(Group::parentheses);
    } else {
      expand(piece);
    }
    stack_.insert(stack_.end(), next_.rbegin(), next_.rend());
  }
}

bool Typesetter::is_function_power(const Node& n) const {
  if (n.op != Op::power || g_[n.a].op != Op::call || g_[n.b].op != Op::integer) return false;
  return g_.integer_of(g_[n.b]) > 1 && row(g_[n.a].fn()).notation == Notation::call;
}

Precedence Typesetter::precedence(NodeId id, Role role) const {
  const Node& n = g_[id];
  switch (n.op) {
    case Op::integer:
    case Op::rational:
    case Op::real: {
      if (role == Role::node && is_negative_number(g_, id)) return Precedence::sum;
      if (n.op == Op::real) {
        return numeral(g_.real_of(n)).find('e') == std::string::npos ? Precedence::atom
                                                                     : Precedence::product;
      }
      // A fraction bar holds together as a factor; raised to a power it needs parentheses.
      return view_.is_fraction(id) ? Precedence::power : Precedence::atom;
    }
    case Op::product:
      if (view_.is_mean(n)) return Precedence::product;
      if (role == Role::node && view_.leading_minus(n)) return Precedence::sum;
      return Precedence::product;
    case Op::power:
      if (role == Role::denominator) {
        return n.b == Graph::minus_one ? precedence(n.a, Role::node) : Precedence::power;
      }
      if (view_.is_root(n)) return Precedence::atom;
      return Precedence::power;
    case Op::call:
      return row(n.fn()).notation == Notation::exponential ? Precedence::power : Precedence::atom;
    case Op::select: return Precedence::sum;
    case Op::data_sum: return n.a == Graph::one ? Precedence::atom : Precedence::product;
    default: return precedence_of(n.op);
  }
}

void Typesetter::expand(const Piece& piece) {
  const Node& n = g_[piece.id];
  const bool last = piece.last;
  switch (piece.role) {
    case Role::magnitude:
      if (n.op == Op::product) return expand_product(piece.id, true, last);
      return put_number(n, true);
    case Role::denominator: return expand_power(piece.id, true);
    case Role::divisor: return put(Kind::number, digits(g_.exact_of(n).denominator(), g_.limits));
    case Role::numerator: {
      const Number p = g_.exact_of(n).numerator();
      return put(Kind::number, digits(p.sign() < 0 ? -p : p, g_.limits));
    }
    default: return expand_node(piece.id, last);
  }
}

void Typesetter::put_number(const Node& n, bool negated) {
  if (n.op != Op::real) {
    const Number value = negated ? -g_.exact_of(n) : g_.exact_of(n);
    const Number size = value.sign() < 0 ? -value : value;
    if (value.sign() < 0) put(Sign::negative);
    if (value.is_integer()) return put(Kind::number, digits(size, g_.limits));
    sink_.take({.kind = Kind::open, .group = Group::fraction});
    put(Kind::number, digits(size.numerator(), g_.limits));
    sink_.take({.kind = Kind::next, .group = Group::fraction});
    put(Kind::number, digits(size.denominator(), g_.limits));
    return sink_.take({.kind = Kind::close, .group = Group::fraction});
  }
  std::string text = numeral(negated ? -g_.real_of(n) : g_.real_of(n));
  if (text == "nan") return put_constant("nan");
  if (text.front() == '-') {
    put(Sign::negative);
    text.erase(0, 1);
  }
  if (text == "inf") return put_constant("inf");
  const auto e = text.find('e');
  put(Kind::number, text.substr(0, e));
  if (e == text.npos) return;
  // 1e-07 is 1 times 10^-7
  std::string_view exponent = std::string_view(text).substr(e + 1);
  const bool negative = exponent.front() == '-';
  exponent.remove_prefix(std::min(exponent.find_first_of("123456789"), exponent.size() - 1));
  put(Sign::dot);
  sink_.take({.kind = Kind::open, .group = Group::power});
  put(Kind::number, "10");
  sink_.take({.kind = Kind::next, .group = Group::power});
  if (negative) put(Sign::negative);
  put(Kind::number, exponent);
  sink_.take({.kind = Kind::close, .group = Group::power});
}

void Typesetter::expand_node(NodeId id, bool last) {
  const Node& n = g_[id];
  const auto infix = [&](NodeId first, Sign sign, NodeId second, Precedence left,
                         Precedence right) {
    add(first, left);
    add(sign);
    add(second, right);
  };
  switch (n.op) {
    case Op::integer:
    case Op::rational:
    case Op::real: return put_number(n, false);
    case Op::constant:
      return sink_.take({.kind = Kind::constant, .row = static_cast<std::uint8_t>(n.detail)});
    case Op::symbol: return put(Kind::name, g_.name_of(n));
    case Op::column: return put(Kind::column, g_.name_of(n));
    case Op::sum: {
      const auto [first, second] = operands(id);
      const bool minus = view_.is_negative(second);
      add(first, Precedence::sum);
      add(minus ? Sign::minus : Sign::plus);
      return add(second, Precedence::product, minus ? Role::magnitude : Role::node);
    }
    case Op::product: return expand_product(id, false, last);
    case Op::power: return expand_power(id, false);
    case Op::call: return expand_call(id, Graph::one);
    case Op::less:
    case Op::less_equal: {
      const bool turn = g_[n.a].is_number() && !g_[n.b].is_number();
      const bool strict = n.op == Op::less;
      return infix(turn ? n.b : n.a,
                   turn ? (strict ? Sign::greater : Sign::greater_equal)
                        : (strict ? Sign::less : Sign::less_equal),
                   turn ? n.a : n.b, Precedence::sum, Precedence::sum);
    }
    case Op::equal:
    case Op::not_equal: {
      const auto [first, second] = operands(id);
      return infix(first, n.op == Op::equal ? Sign::equal : Sign::not_equal, second,
                   Precedence::sum, Precedence::sum);
    }
    case Op::both: {
      const auto [first, second] = operands(id);
      return infix(first, Sign::both, second, Precedence::both, Precedence::negation);
    }
    case Op::either: {
      const auto [first, second] = operands(id);
      return infix(first, Sign::either, second, Precedence::either, Precedence::both);
    }
    case Op::negation: add(Sign::negation); return add(n.a, Precedence::atom);
    case Op::select: return expand_select(id);
    case Op::apply1:
    case Op::apply2:
    case Op::apply3:
      put(Kind::name, g_.functions()[n.detail].name);
      put(Sign::apply);
      open(Group::parentheses);
      for (int i = 0; i < operand_count(n); ++i) {
        if (i > 0) add(Sign::comma);
        add(n.operand(i));
      }
      return close(Group::parentheses);
    case Op::data_sum:
      if (n.a == Graph::one) return put(Kind::name, "n");
      add(Sign::sum);
      return add(n.a, Precedence::product);
  }
}

// ---- the rest of the pieces

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
  std::vector<NodeId> rest;
  NodeId first = n.a;
  if (f.value.arity == 2) {
    for (NodeId at = id;;) {
      const auto [a, b] = operands(at);
      rest.push_back(b);
      first = a;
      if (!f.variadic || op(a) != Op::call || g_[a].detail != n.detail) break;
      at = a;
    }
  }
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
  add(first);
  for (; !rest.empty(); rest.pop_back()) {
    add(Sign::comma);
    add(rest.back());
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

}  // namespace

void typeset(Expr e, MarkSink& sink) { Typesetter(*e.graph, sink).run(e.id); }

FunctionName function_name(const FunctionRow& row) {
  constexpr std::string_view upright = "\\operatorname{";
  std::string_view name = row.latex;
  if (name.empty()) return {.letters = row.name, .index = {}};
  if (name.starts_with(upright)) {
    return {.letters = name.substr(upright.size(), name.size() - upright.size() - 1), .index = {}};
  }
  name.remove_prefix(1);
  const auto bar = std::min(name.find('_'), name.size());
  std::string_view index = name.substr(bar);
  index.remove_prefix(std::min(index.find_first_of("0123456789"), index.size()));
  return {.letters = name.substr(0, bar), .index = index.substr(0, index.find('}'))};
}

void output_too_long(const Limits& limits) {
  throw LimitError({.code = "L106",
                    .message = fmt::format("the text is longer than {} bytes", limits.output_bytes),
                    .span = {},
                    .hint = "raise the limit 'output_bytes'"});
}

}  // namespace nabla
