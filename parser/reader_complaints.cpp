#include <algorithm>
#include <array>

#include "parser/brackets.hpp"
#include "parser/reader.hpp"

// Notes and errors; what is said where a value is expected and something else stands.

namespace nabla {
namespace {

// Signs of other languages made of two of ours: what is written instead.
struct OtherSign {
  std::string_view written, ours, advice;
};
constexpr std::array other_signs{
    OtherSign{"=>", ">=", "greater or equal is '>='"},
    OtherSign{"=<", "<=", "less or equal is '<='"},
    OtherSign{"<>", "!=", "not equal is '!='"},
    OtherSign{"==", "==", "equality is '=='"},
    OtherSign{"===", "==", "equality is '=='"},
    OtherSign{"//", "/", "a quotient is a/b, rounded down it is floor(a/b)"},
    OtherSign{"^^", "^", "a power is a^b"},
    OtherSign{"***", "^", "a power is a^b"},
    OtherSign{"*^", "*", "an operator stands between two values"},
};

}  // namespace

void Reader::note(std::string_view code, std::string message, Span place, std::string hint,
                  std::string reading, std::string alternative, bool mends) {
  Diagnostic d{.code = std::string(code),
               .severity = Severity::note,
               .message = std::move(message),
               .span = place,
               .hint = std::move(hint)};
  if (mends && !reading.empty() && reading != text_.substr(place.begin, place.end - place.begin))
    d.fix = Fix{place, reading};
  d.reading = std::move(reading);
  d.alternative = std::move(alternative);
  add_note(std::move(d));
}

void Reader::add_note(Diagnostic d) {
  if (options_.strict) {
    d.severity = Severity::error;
    throw Refusal{std::move(d)};
  }
  if (notes_.size() < options_.notes)
    notes_.push_back(std::move(d));
  else
    ++unlisted_;
}

void Reader::fail(std::string_view code, std::string message, Span place, std::string hint,
                  std::vector<Label> labels, std::optional<Fix> fix) const {
  throw Refusal{{.code = std::string(code),
                 .message = std::move(message),
                 .span = place,
                 .hint = std::move(hint),
                 .labels = std::move(labels),
                 .fix = std::move(fix)}};
}

// A character, as it may be shown in a message.
std::string Reader::shown_character() const {
  const std::string_view bytes = written(at_);
  const CodePoint c = first_code_point(bytes);
  if (c.size != 0 && c.value >= 0x20 && c.value != 0x7F) return std::string(bytes);
  static constexpr char hex[] = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(bytes[0]);
  return {'\\', 'x', hex[byte >> 4], hex[byte & 15]};
}

void Reader::illegal_character() {
  const std::string_view bytes = written(at_);
  const CodePoint c = first_code_point(bytes);
  std::string advice(advice_for(c.size == 0 ? 0xFFFF : c.value));
  std::optional<Fix> fix;
  const auto without = [&](std::initializer_list<std::string_view> signs) {
    if (text_.size() > 1000) return;
    std::string rest(text_);
    for (const std::string_view sign : signs) {
      for (std::size_t at = rest.find(sign); at != rest.npos; at = rest.find(sign, at))
        rest.erase(at, sign.size());
    }
    fix = Fix{{0, text_.size()}, rest};
  };
  const std::string_view next = written(
      std::min<std::uint32_t>(at_ + 1, static_cast<std::uint32_t>(tokens_.list.size() - 1)));
  if (token().kind == Kind::row_break) {
    advice = "a line break of LaTeX belongs into \\begin{cases}";
    fix = Fix{span(at_), ""};
  } else if (bytes == "$") {
    without({"$"});
  } else if (bytes == "\\" && !next.empty() &&
             std::string_view("()[]").find(next[0]) != next.npos) {
    advice = "leave out the signs that begin and end a formula in LaTeX";
    without({"\\(", "\\)", "\\[", "\\]"});
  } else if (is_quotation_mark(c.value)) {
    without({"\"", "`", "“", "”", "‘", "’"});
  } else if (const std::string_view plain = plain_for(c.value); c.size != 0 && !plain.empty()) {
    fix = Fix{span(at_), std::string(plain)};
  } else if (bytes == "&" || bytes == "~") {
    fix = Fix{span(at_), bytes == "&" ? " and " : "not "};
  } else if (bytes == "." && at_ > 0 && tokens_.list[at_ - 1].kind == Kind::name &&
             peek(1).kind == Kind::name) {
    fix = Fix{span(at_), "*"};
    advice = "names have no parts; a product is written x*y";
  }
  fail("P005", "the character '" + shown_character() + "' has no meaning here", span(at_), advice,
       {}, std::move(fix));
}

void Reader::expected_operand() {
  const Token& t = token();
  std::vector<Label> labels;
  const Pending* inside = nullptr;
  for (std::size_t i = pending_.size(); i-- > 0 && inside == nullptr;) {
    if (pending_[i].is_bracket()) inside = &pending_[i];
  }
  if (t.kind == Kind::end && inside != nullptr)
    labels.push_back({span(inside->token), "opened here"});
  const Token* before = at_ == 0 ? nullptr : &tokens_.list[at_ - 1];
  const bool closes_another =
      inside != nullptr &&
      (t.kind == Kind::close || t.kind == Kind::close_square || t.kind == Kind::close_brace) &&
      bracket_of(tokens_.list[inside->token].kind).closing != t.kind;
  if (closes_another) labels.push_back({span(inside->token), "opened here"});
  switch (t.kind) {
    case Kind::end:
    case Kind::newline:
    case Kind::semicolon: {
      if (at_ == 0 || tokens_.list[at_ - 1].kind == Kind::semicolon)
        fail("P013", "there is nothing to read", span(at_));
      std::string hint;
      if (before->kind == Kind::symbol || before->kind == Kind::superscript)
        hint = "something has to follow '" + std::string(written(at_ - 1)) + "'";
      if (inside != nullptr && inside->form == Form::bars && inside->token + 1 == at_)
        hint = "a bar opened here encloses an absolute value, |x|; 'or' is written ||";
      fail("P001", "the expression ends where a value is expected", span(at_), hint, labels);
    }
    case Kind::row_break:
    case Kind::illegal: illegal_character();
    case Kind::comma: fail("P001", "a value is expected before the comma", span(at_));
    case Kind::close:
    case Kind::close_square:
    case Kind::close_brace:
    case Kind::close_floor:
    case Kind::close_ceiling:
    case Kind::close_cases:
      if (pending_.empty())
        fail("P003", "'" + std::string(written(at_)) + "' closes nothing", span(at_), "", {},
             Fix{span(at_), ""});
      if (before->kind == Kind::comma) {
        fail("P001", "a value is expected before '" + std::string(written(at_)) + "'", span(at_),
             "the comma before it is one too many", {}, Fix{{before->begin, before->end}, ""});
      }
      if (inside != nullptr && inside->token + 1 == at_) {
        fail("P001", "a value is expected before '" + std::string(written(at_)) + "'", span(at_),
             "there is nothing between these brackets");
      }
      [[fallthrough]];
    default: break;
  }
  if (t.kind == Kind::symbol && before != nullptr && before->kind == Kind::symbol) {
    const std::string_view both = text_.substr(before->begin, t.end - before->begin);
    std::string together(both);
    std::erase(together, ' ');
    for (const OtherSign& sign : other_signs) {
      if (sign.written != together) continue;
      fail("P001", "a value is expected before '" + std::string(written(at_)) + "'", span(at_),
           std::string(sign.advice), {}, Fix{{before->begin, t.end}, std::string(sign.ours)});
    }
  }
  fail("P001", "a value is expected before '" + std::string(written(at_)) + "'", span(at_),
       t.kind == Kind::symbol ? "an operator stands between two values" : "", std::move(labels));
}

void Reader::unclosed() {
  for (std::size_t i = pending_.size(); i-- > 0;) {
    if (!pending_[i].is_bracket()) continue;
    const Bracket& kinds = bracket_of(tokens_.list[pending_[i].token].kind);
    const std::string closing(kinds.close);
    const std::size_t end = token().begin;
    std::string hint = "add '" + closing + "'";
    if (token().kind == Kind::semicolon) hint += "; inside brackets parts are separated by commas";
    if (pending_[i].form == Form::bars && pending_[i].token != 0 && pending_[i].without_sign)
      hint += "; for 'or' write ||";
    fail("P002", "'" + std::string(kinds.open) + "' is never closed", {end, end}, hint,
         {{span(pending_[i].token), "opened here"}}, Fix{{end, end}, closing});
  }
  expected_operand();
}

}  // namespace nabla
