#include "lib/emit/typeset.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "lib/core/diagnostic.hpp"
#include "lib/core/stop.hpp"
#include "lib/emit/numerals.hpp"
#include "lib/emit/typesetter.hpp"

namespace nabla {

void Typesetter::run(NodeId root) {
  stack_.push_back({.role = Role::node, .id = root});
  StopCheck stop(g_.limits);
  while (!stack_.empty()) {
    stop();
    const TypesetPiece piece = stack_.back();
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

void Typesetter::expand(const TypesetPiece& piece) {
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
