#include "parser/reader.hpp"

// Functions by their name: what stands between it and the argument, and where that begins.

namespace nabla {

// Whether an argument without parentheses begins here. A minus sign belongs to it when it stands
// close to what follows only: sin -x, but not gamma - 1.
bool Reader::takes_argument() const {
  const Token& t = token();
  if (is_symbol(t, "-")) return t.spaced && !peek(1).spaced;
  return opens_operand(t) || t.kind == Kind::integer || t.kind == Kind::decimal ||
         t.kind == Kind::hexadecimal || t.kind == Kind::vulgar || t.kind == Kind::bar;
}

// f^{(3)} and f^(3): the third derivative.
bool Reader::read_order(Call& call) {
  const auto& list = tokens_.list;
  std::uint32_t at = at_ + 1;
  const bool braced = list[at].kind == Kind::open_brace;
  if (braced) ++at;
  if (list[at].kind != Kind::open || list[at + 1].kind != Kind::integer ||
      list[at + 2].kind != Kind::close || (braced && list[at + 3].kind != Kind::close_brace))
    return false;
  const std::string_view digits = written(at + 1);
  if (digits.size() > 3)
    fail("N108", "an order of differentiation is an integer from 0 to 999", span(at + 1));
  const std::uint32_t end = at + (braced ? 3 : 2);
  if (list[end + 1].kind != Kind::open) return false;
  call.primes = static_cast<std::uint32_t>(std::stoul(std::string(digits)));
  std::string reading(written(call.token)), power = reading + "(...)^" + std::string(digits);
  if (call.primes <= 5) reading += std::string(call.primes, '\'');
  note("S725", "read as the derivative of order " + std::string(digits), span(call.token, end),
       "for a power write " + power, call.primes <= 5 && call.primes > 0 ? reading : "", power);
  at_ = end + 1;
  return true;
}

// What may stand between a function and its argument: primes, an exponent.
void Reader::read_suffixes(Call& call) {
  if (token().kind == Kind::prime) call.primes = tokens_.list[at_++].data;
  if (token().kind == Kind::superscript) {
    const std::string digits = superscript_text(written(at_));
    if (digits == "-1")
      call.inverse = true;
    else if (!digits.empty() && digits[0] != '-' && digits[0] != '+' &&
             digits.find_first_of("+-") == digits.npos)
      call.exponent = integer(digits, span(at_));
    else
      fail("P006", "this superscript is not an exponent of a function", span(at_),
           "write the power after the parentheses");
    ++at_;
  } else if (is_symbol(token(), "^")) {
    if (call.primes == 0 && read_order(call)) return;
    std::uint32_t at = at_ + 1;
    const Kind opening = tokens_.list[at].kind;
    const bool bracketed = opening == Kind::open || opening == Kind::open_brace;
    if (bracketed) ++at;
    const bool negative = is_symbol(tokens_.list[at], "-");
    if (negative) ++at;
    const bool fits = tokens_.list[at].kind == Kind::integer &&
                      (!bracketed || tokens_.list[at + 1].kind ==
                                         (opening == Kind::open ? Kind::close : Kind::close_brace));
    if (!fits) {
      if (call.kind == Call::Kind::definition) return;
      fail("P008", "the exponent of a function without argument is a number", span(at_),
           "write " + std::string(name_of(call.token)) + "(x)^n");
    }
    const NodeId n = number(tokens_.list[at]);
    if (negative && n == Graph::one)
      call.inverse = true;
    else
      call.exponent = negative ? negate(g_, n) : n;
    at_ = at + (bracketed ? 2 : 1);
  }
}

void Reader::read_function(Call call) {
  call.locals = static_cast<std::uint32_t>(locals_.size());
  if (call.kind == Call::Kind::function) read_suffixes(call);
  call.last = at_ - 1;
  if (call.inverse) {
    // its name is told now, where the exponent stands
    const std::string f(name_of(call.token));
    std::string joined = f;
    if (!find_function(joined)) std::erase(joined, '_');
    const std::string inverse = "a" + std::string(row(*find_function(joined)).name);
    if (find_function(inverse, 1)) {
      note("S719", "read as " + inverse + ", the inverse function", span(call.token, at_ - 1),
           "for the reciprocal write 1/" + f + "(x)", inverse, "1/" + f + "(...)");
    }
  }
  // \max\{a, b\}
  bool listed = false;
  if (token().kind == Kind::open_brace && call.kind == Call::Kind::function && !call.inverse) {
    const auto one = find_function(name_of(call.token), 1);
    pair_brackets();
    listed = commas_[at_] != 0 && (!one || row(*one).variadic);
  }
  if (token().kind == Kind::open || listed) {
    calls_.push_back(call);
    push_bracket(Form::call, at_++, static_cast<std::uint32_t>(calls_.size() - 1));
    return;
  }
  const Token& t = token();
  if (!takes_argument()) {
    if (t.kind == Kind::illegal || t.kind == Kind::bad_number) return;  // complained about next
    fail("N103", "'" + std::string(name_of(call.token)) + "' needs an argument", span(call.token),
         "write " + std::string(name_of(call.token)) +
             "(x); as a name of your own it has to be declared");
  }
  calls_.push_back(call);
  push_prefix(Form::application, Precedence::application, call.token,
              static_cast<std::uint32_t>(calls_.size() - 1));
}

}  // namespace nabla
