#include <algorithm>

#include "parser/reader.hpp"

// Notations of derivatives: d/dx, dy/dx, ∂f/∂x, \\frac{d}{dx}, d(...)/dx, ∂_x, f_x.

namespace nabla {

// An exponent after d or x: ^2, ^{2} or ². Moves `at` behind it.
unsigned Reader::leibniz_order(std::uint32_t& at) const {
  const auto& list = tokens_.list;
  std::string digits;
  if (list[at].kind == Kind::superscript) {
    digits = superscript_text(written(at++));
  } else if (is_symbol(list[at], "^")) {
    const bool braced = list[at + 1].kind == Kind::open_brace;
    const std::uint32_t number = at + (braced ? 2 : 1);
    if (list[number].kind != Kind::integer) return 0;
    if (braced && list[number + 1].kind != Kind::close_brace) return 0;
    digits = written(number);
    at = number + (braced ? 2 : 1);
  } else {
    return 1;
  }
  if (digits.size() > 3 || digits.find_first_not_of("0123456789") != digits.npos) return 0;
  return static_cast<unsigned>(std::stoul(digits));
}

// Reads "d", "d^2", "df", "∂²f": true when this is the upper part of a derivative.
bool Reader::leibniz_numerator(std::uint32_t& at, Leibniz& result) {
  const auto& list = tokens_.list;
  const auto taken = [&](std::uint32_t name) {
    return declared_[name] || columns_[name] || scope_.find(tokens_.names[name]) != nullptr ||
           std::ranges::any_of(locals_, [&](const Local& l) { return l.name == name; });
  };
  const std::uint32_t t = at;
  if (list[t].kind == Kind::partial || (is_word(list[t], Word::d) && !taken(list[t].data))) {
    ++at;
    result.order = leibniz_order(at);
    if (result.order == 0) return false;
    if (list[at].kind == Kind::name) result.function = at++;
    return true;
  }
  if (list[t].kind != Kind::name) return false;
  const std::string_view text = tokens_.names[list[t].data];
  if (text.size() < 2 || text[0] != 'd' || taken(list[t].data) ||
      scope_.find(text.substr(1)) == nullptr)
    return false;
  ++at;
  result.order = 1;
  result.function = t;
  result.fused = true;
  return true;
}

// Reads "dx", "dx^2", "∂x∂y".
bool Reader::leibniz_denominator(std::uint32_t& at, Leibniz& result) {
  const auto& list = tokens_.list;
  unsigned orders = 0;
  for (;;) {
    std::string_view variable;
    if (list[at].kind == Kind::partial && list[at + 1].kind == Kind::name) {
      variable = tokens_.names[list[at + 1].data];
      at += 2;
    } else if (list[at].kind == Kind::name && !declared_[list[at].data] &&
               scope_.find(tokens_.names[list[at].data]) == nullptr &&
               tokens_.names[list[at].data].size() > 1 && tokens_.names[list[at].data][0] == 'd' &&
               (orders == 0 || !find_function(tokens_.names[list[at].data]))) {
      variable = tokens_.names[list[at].data].substr(1);
      ++at;
    } else {
      break;
    }
    const unsigned order = leibniz_order(at);
    if (order == 0) return false;
    orders += order;
    result.by.emplace_back(tokens_.names.intern(std::string(variable), false), order);
  }
  grow_names();
  return !result.by.empty() && orders == result.order;
}

bool Reader::read_leibniz() {
  std::uint32_t at = at_;
  Leibniz l;
  if (!leibniz_numerator(at, l)) {
    if (token().kind == Kind::name && is_symbol(peek(1), "/"))
      refuse_undefined_quotient(at_, at_ + 2);
    return token().kind == Kind::name && peek(1).kind == Kind::open && read_differential();
  }
  if (!is_symbol(tokens_.list[at], "/"))
    return token().kind == Kind::name && peek(1).kind == Kind::open && read_differential();
  ++at;
  if (!leibniz_denominator(at, l)) return false;
  start_derivative(l, at);
  return true;
}

// dy/dx where nothing is called y: no quotient of two names dy and dx either.
void Reader::refuse_undefined_quotient(std::uint32_t above, std::uint32_t below) {
  const auto letter = [&](std::uint32_t t) -> std::string_view {
    if (tokens_.list[t].kind != Kind::name) return {};
    const std::string_view text = tokens_.names[tokens_.list[t].data];
    const bool fits = text[0] == 'd' && (text.size() == 2 || (text.size() > 3 && text[2] == '_'));
    return fits && meaning(tokens_.list[t].data).kind == Meaning::Kind::fresh ? text.substr(1)
                                                                              : std::string_view();
  };
  if (letter(above).empty() || letter(below).empty()) return;
  const std::string name(letter(above));
  fail("N101", "'" + name + "' is not defined, so it has no derivative", span(above),
       "define it first, as in " + name + " = x^2");
}

// d(x^2)/dx, ∂(x y)/∂x and \frac{d(x^2)}{dx}: the group is read as any other, and what follows it
// is skipped.
bool Reader::read_differential() {
  const auto& list = tokens_.list;
  const bool fraction = token().kind == Kind::command;
  std::uint32_t at = fraction ? at_ + 2 : at_;
  if (fraction && peek(1).kind != Kind::open_brace) return false;
  const Token& sign = list[at];
  const bool d = is_word(sign, Word::d) && meaning(sign.data).kind == Meaning::Kind::symbol &&
                 !declared_[sign.data];
  if (sign.kind != Kind::partial && !d) return false;
  ++at;
  Leibniz l;
  l.order = leibniz_order(at);
  if (l.order == 0) return false;
  const std::uint32_t open = fraction ? at_ + 1 : at;
  if (!fraction && list[open].kind != Kind::open) return false;
  if (fraction && !opens_operand(list[at])) return false;
  const std::uint32_t close = closing_bracket(open);
  if (close == 0) return false;
  std::uint32_t behind = close + 1;
  if (fraction ? list[behind].kind != Kind::open_brace : !is_symbol(list[behind], "/"))
    return false;
  ++behind;
  if (!leibniz_denominator(behind, l)) return false;
  if (fraction && list[behind++].kind != Kind::close_brace) return false;
  const std::uint32_t first = at_;
  at_ = fraction ? at : at + 1;
  prefixes_.push_back({.by = l.by, .name = first, .behind = behind});
  push_bracket(Form::differential, open);
  return true;
}

// f_x(1, 2), f_xy and ∂_x f. A subscript is a derivative when the function is defined and has
// parameters of these names.
bool Reader::read_subscript_derivative() {
  const std::uint32_t t = at_;
  std::string_view text = token().kind == Kind::name ? name_of(t) : "";
  if (token().kind == Kind::partial) {
    if (peek(1).kind != Kind::name || !name_of(t + 1).starts_with("_") || name_of(t + 1).size() < 2)
      return false;
    const std::string x(name_of(t + 1).substr(1));
    const std::uint32_t name = tokens_.names.intern(x, false);
    grow_names();
    prefixes_.push_back({.by = {{name, 1u}}, .locals = static_cast<std::uint32_t>(locals_.size())});
    at_ += 2;
    push_prefix(Form::derivative, Precedence::sum, t,
                static_cast<std::uint32_t>(prefixes_.size() - 1));
    return true;
  }
  const std::size_t bar = text.find('_');
  if (bar == 0 || bar == text.npos || text.find('_', bar + 1) != text.npos) return false;
  const Definition* d = scope_.find(text.substr(0, bar));
  if (d == nullptr || d->kind != Definition::Kind::function) return false;
  const std::string_view suffix = text.substr(bar + 1);
  std::vector<std::string> by;
  if (std::ranges::find(d->parameters, suffix) != d->parameters.end()) {
    by.emplace_back(suffix);
  } else {
    for (const char c : suffix) by.emplace_back(1, c);
  }
  for (const std::string& x : by) {
    if (std::ranges::find(d->parameters, x) == d->parameters.end()) return false;
  }
  std::string reading = "diff(" + std::string(text.substr(0, bar));
  for (const std::string& x : by) reading += ", " + x;
  const bool call = peek(1).kind == Kind::open;
  note("S725", "read as the partial derivative " + reading + ")", span(t),
       "as a name of your own it has to be declared", reading + ")",
       "the name " + std::string(text), !call);
  Definition derived = *d;
  for (Expr& e : derived.value.entries) {
    for (const std::string& x : by)
      e = g_.expr(derivative_of(e.id, g_.insert_name(Op::symbol, x), 1, span(t)));
  }
  derivatives_.push_back(std::move(derived));
  const Definition& kept = derivatives_.back();
  ++at_;
  if (call) {
    read_function(
        {.kind = Call::Kind::definition, .name = token().data, .token = t, .definition = &kept});
  } else {
    push_definition(t, kept);
  }
  return true;
}

bool Reader::read_fraction_leibniz() {
  std::uint32_t at = at_ + 1;
  Leibniz l;
  const auto& list = tokens_.list;
  if (list[at].kind != Kind::open_brace || !leibniz_numerator(++at, l) ||
      list[at].kind != Kind::close_brace || list[at + 1].kind != Kind::open_brace) {
    if (list[at_ + 1].kind == Kind::open_brace && list[at_ + 2].kind == Kind::name &&
        list[at_ + 3].kind == Kind::close_brace && list[at_ + 4].kind == Kind::open_brace) {
      refuse_undefined_quotient(at_ + 2, at_ + 5);
    }
    return false;
  }
  at += 2;
  if (!leibniz_denominator(at, l) || list[at].kind != Kind::close_brace) return false;
  start_derivative(l, at + 1);
  return true;
}

void Reader::start_derivative(const Leibniz& l, std::uint32_t behind) {
  const std::uint32_t first = at_;
  at_ = behind;
  if (l.function == 0 && !l.fused) {
    prefixes_.push_back({.by = l.by, .locals = static_cast<std::uint32_t>(locals_.size())});
    push_prefix(Form::derivative, Precedence::sum, first,
                static_cast<std::uint32_t>(prefixes_.size() - 1));
    return;
  }
  std::string_view name = name_of(l.function);
  if (l.fused) name.remove_prefix(1);
  const Definition* d = scope_.find(name);
  if (d == nullptr) {
    const std::string near = suggestion(name);
    fail("N101", "'" + std::string(name) + "' is not defined", span(l.function),
         near.empty() ? "define it first, as in f(x) = x^2" : "did you mean '" + near + "'?");
  }
  if (token().kind == Kind::open && d->kind == Definition::Kind::function) {
    fail("P008", "a derivative written as a quotient takes no arguments", span(at_),
         "write subs(df/dx, x = 3), or f'(3)");
  }
  push_definition(l.function, *d);
  values_.back() = differentiate(values_.back(), l.by, span(first, at_ - 1));
  values_.back().token = first;
}

}  // namespace nabla
