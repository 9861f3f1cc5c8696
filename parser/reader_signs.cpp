#include "parser/reader.hpp"

// Signs that mean different things in different places: '=', '&', primes, and how far '*' reaches.

namespace nabla {

// A '*' or '/' ends the argument of a function without parentheses, and continues what a derivative
// sign acts on; people read both either way.
void Reader::note_extent() {
  if (open_ended_ == 0) return;
  const std::size_t end = tokens_.list[at_ - 1].end;
  for (std::size_t i = pending_.size(); i-- > 0 && !pending_[i].is_bracket();) {
    const Pending& p = pending_[i];
    if (p.precedence < Precedence::sum) break;
    if (p.form == Form::application && calls_[p.extra].kind == Call::Kind::function) {
      const std::size_t argument = tokens_.list[calls_[p.extra].last + 1].begin;
      const std::string name(
          text_.substr(tokens_.list[p.token].begin,
                       tokens_.list[calls_[p.extra].last].end - tokens_.list[p.token].begin));
      const std::string u(text_.substr(argument, end - argument)), sign(written(at_));
      note("S716", "read as " + name + "(" + u + ")" + sign + "...",
           {tokens_.list[p.token].begin, end},
           "the argument ends before '" + sign + "'; parentheses say what is meant",
           name + "(" + u + ")", name + "(" + u + sign + "...)");
      break;
    }
    if (p.form == Form::derivative && tokens_.list[at_ - 1].kind == Kind::close &&
        i + 1 == pending_.size()) {
      const Span place{tokens_.list[p.token].begin, end};
      note("S721", "the derivative is that of the whole term", place,
           "for the derivative of the parenthesis alone put it in parentheses with d/dx",
           "derivative of the whole term",
           "(" + std::string(text_.substr(place.begin, place.end - place.begin)) + ")", false);
      break;
    }
  }
}

// An equals sign compares, unless it begins a definition; and `x <- 3` compares, too.
void Reader::check_equals(std::uint32_t sign) {
  const Span place = span(sign);
  const Token& next = tokens_.list[sign + 1];
  if (operators[tokens_.list[sign].data].op == Op::less) {
    if (written(sign) == "<" && is_symbol(next, "-") && !next.spaced &&
        tokens_.list[sign + 2].spaced) {
      note("S724", "read as 'less than a negative'", {place.begin, next.end},
           "a definition is x = 3, a comparison x < -3", "< -", "=");
    }
    return;
  }
  if (place.end - place.begin != 1) return;
  if (!pending_.empty()) {
    // the value of an argument by name: log(x, base=2)
    const Pending& bracket = pending_.back();
    const bool argument = bracket.form == Form::call && values_.size() > bracket.base &&
                          tokens_.list[sign - 1].kind == Kind::name &&
                          (sign - 2 == bracket.token || tokens_.list[sign - 2].kind == Kind::comma);
    const Call* call = argument ? &calls_.back() : nullptr;
    if (call != nullptr && (call->verb == nullptr || call->verb->verb != Verb::choose)) {
      fail("P008", "arguments have no names here; they are told by their order",
           span(sign - 1, sign), "for a comparison write '=='", {},
           Fix{{tokens_.list[sign - 1].begin, next.begin}, ""});
    }
  }
  if (brackets_ != 0) return;
  if (assigning_) {
    std::vector<Label> labels;
    for (std::uint32_t t = sign; t-- > 0 && tokens_.list[t].kind != Kind::semicolon;) {
      const bool defines = tokens_.list[t].kind == Kind::define || is_symbol(tokens_.list[t], "=");
      if (defines) labels.assign(1, {span(t), "the definition begins here"});
    }
    fail("P009", "a second '=' in one definition", place, "a comparison is written '=='",
         std::move(labels), Fix{place, "=="});
  }
  note("S724", "read as a comparison", place, "a definition has a name, or f(x), on its left",
       "==", "a definition");
}

// TeX shows x^12 as x^{1}2.
void Reader::check_power() {
  const Token& next = peek(1);
  if (next.kind != Kind::integer || next.spaced || next.end - next.begin < 2 || written(at_) != "^")
    return;
  const std::string digits(written(at_ + 1));
  note("S728", "the exponent is " + digits, {token().begin, next.end},
       "LaTeX raises the first digit only; braces say what is meant", "^{" + digits + "}",
       "^{" + digits.substr(0, 1) + "}*" + digits.substr(1));
}

bool Reader::in_cases() const {
  for (std::size_t i = pending_.size(); i-- > 0;) {
    if (pending_[i].is_bracket()) return pending_[i].form == Form::cases;
  }
  return false;
}

// In \begin{cases} x & x > 0 \\ 0 & \text{otherwise} \end{cases}: '&', '\\' and the words.
void Reader::cases_separator() {
  const bool row = token().kind == Kind::row_break;
  if (!row && written(at_) != "&") expected_operand();
  reduce_all();
  const std::size_t parts = values_.size() - pending_.back().base;
  if (row == (parts % 2 == 1)) {
    fail("P008", row ? "this row of cases has no condition" : "this row of cases has a second '&'",
         span(at_), "a row is written x & x > 0 \\\\");
  }
  ++at_;
  skip_newlines();
  if (row) {
    complete_ = token().kind == Kind::close_cases;  // a break behind the last row
    return;
  }
  const std::string_view word = token().kind == Kind::name ? name_of(at_) : "";
  if (word == "otherwise" || word == "else") {
    push(g_.insert(std::int64_t{1}), at_++);
    complete_ = true;
  } else if (word == "if" || word == "for" || word == "when") {
    ++at_;
  }
}

// f' is something only when f is defined; and f'(3) is a value of f' only when f is a function.
void Reader::check_prime(std::uint32_t first) {
  const bool bare = first + 1 == at_ && tokens_.list[first].kind == Kind::name;
  if (bare && meaning(tokens_.list[first].data).kind != Meaning::Kind::definition) {
    const std::string name(name_of(first));
    fail("N101", "'" + name + "' is not defined, so it has no derivative", span(first),
         "define it first, as in " + name + "(x) = x^2");
  }
  if (bare && peek(1).kind == Kind::open && !peek(1).spaced) {
    fail("P008", "'" + std::string(name_of(first)) + "' is an expression and takes no argument",
         span(at_ + 1), "define it as a function, or write subs(f', x = 3)");
  }
}

}  // namespace nabla
