#include <algorithm>
#include <limits>

#include "lib/core/build.hpp"
#include "parser/reader.hpp"

namespace nabla {
namespace {

std::string_view bracket_name(Kind kind) {
  switch (kind) {
    case Kind::open: return "(";
    case Kind::close: return ")";
    case Kind::open_square: return "[";
    case Kind::close_square: return "]";
    case Kind::open_brace: return "{";
    case Kind::close_brace: return "}";
    default: return "|";
  }
}

Kind closing_of(Kind kind) {
  switch (kind) {
    case Kind::open: return Kind::close;
    case Kind::open_square: return Kind::close_square;
    case Kind::open_brace: return Kind::close_brace;
    default: return Kind::bar;
  }
}

}  // namespace

void Reader::comma() {
  reduce_all();
  if (pending_.empty()) {
    fail("P007", "a comma separates arguments, and there is no list here", span(at_),
         tokens_.list[at_ - 1].kind == Kind::integer ? "a decimal point is '.'" : "");
  }
  const Pending& bracket = pending_.back();
  const Form form = bracket.form;
  if (form != Form::call && form != Form::vector && form != Form::pieces) {
    fail("P007", "a comma separates arguments, and this bracket holds no list", span(at_),
         "a vector is written [a, b]", {{span(bracket.token), "opened here"}});
  }
  if (values_.size() - bracket.base >= g_.limits.arguments) {
    fail("L103", "more than " + std::to_string(g_.limits.arguments) + " arguments", span(at_),
         "the limit is named 'arguments'");
  }
  ++at_;
}

void Reader::colon() {
  reduce_to(Precedence::conditional, true);
  while (!pending_.empty() && pending_.back().form == Form::otherwise) reduce_top();
  // c ? a : b
  if (!pending_.empty() && pending_.back().form == Form::condition && !pending_.back().behind) {
    pending_.back().form = Form::otherwise;
    ++at_;
    return;
  }
  // {c: a, b}
  reduce_all();
  if (!pending_.empty() &&
      (pending_.back().form == Form::brace || pending_.back().form == Form::pieces) &&
      (values_.size() - pending_.back().base) % 2 == 1) {
    pending_.back().form = Form::pieces;
    ++at_;
    return;
  }
  fail("P008", "a colon has no meaning here", span(at_),
       "choices are written c ? a : b or {x>0: a, b}");
}

void Reader::close(Kind kind) {
  const bool empty =
      !pending_.empty() && pending_.back().is_bracket() && values_.size() == pending_.back().base;
  if (!empty) reduce_all();
  if (pending_.empty()) {
    fail("P003", "'" + std::string(written(at_)) + "' closes nothing", span(at_), "", {},
         Fix{span(at_), ""});
  }
  const Pending bracket = pending_.back();
  const Kind opening = tokens_.list[bracket.token].kind;
  if (closing_of(opening) != kind) {
    fail("P010",
         "'" + std::string(bracket_name(opening)) + "' is closed by '" + std::string(written(at_)) +
             "'",
         span(at_), "", {{span(bracket.token), "opened here"}},
         Fix{span(at_), std::string(bracket_name(closing_of(opening)))});
  }
  pending_.pop_back();
  --nesting_;
  --brackets_;
  const std::uint32_t end = at_++;
  complete_ = true;
  switch (bracket.form) {
    case Form::call: {
      const Call call = calls_.back();
      finish_call(call, bracket.base, end);
      break;
    }
    case Form::bars: {
      const Item u = pop();
      if (u.array != 0)
        fail("N104", "bars are the absolute value of a number", span(bracket.token, end),
             "the length of a vector is norm(v)");
      push(nabla::call(g_, "abs"_fn, u.id), bracket.token);
      break;
    }
    case Form::vector: {
      const std::span<const Item> items(values_.data() + bracket.base,
                                        values_.size() - bracket.base);
      std::vector<Expr> entries;
      std::size_t columns = 0;
      for (const Item& item : items) {
        if (item.array == 0 && columns == 0) {
          entries.push_back(g_.expr(item.id));
          continue;
        }
        const Quantity row = quantity(item);
        if (row.shape != Quantity::Shape::vector ||
            (columns == 0 ? !entries.empty() : row.entries.size() != columns)) {
          fail("N105", "the rows of a matrix are vectors of one length", span(item.token));
        }
        columns = row.entries.size();
        entries.insert(entries.end(), row.entries.begin(), row.entries.end());
      }
      const std::size_t rows = items.size();
      values_.resize(bracket.base);
      values_.push_back(array(columns == 0 ? Quantity::vector(std::move(entries))
                                           : Quantity::matrix(rows, columns, std::move(entries)),
                              bracket.token));
      break;
    }
    case Form::pieces: {
      // conditions and values in turn; what is left over is the value elsewhere
      NodeId result = values_.size() % 2 == bracket.base % 2
                          ? g_.insert(std::numeric_limits<double>::quiet_NaN())
                          : scalar(pop(), "a piece");
      while (values_.size() > bracket.base) {
        const NodeId value = scalar(pop(), "a piece");
        const NodeId condition = scalar(pop(), "a condition");
        result = select(g_, condition, value, result);
      }
      push(result, bracket.token);
      break;
    }
    case Form::numerator:
      if (token().kind != Kind::open_brace) {
        fail("P012", "\\frac is followed by two groups in braces", span(at_), "write \\frac{a}{b}",
             {{span(bracket.token), "the first group"}});
      }
      push_bracket(Form::denominator, at_++);
      complete_ = false;
      break;
    case Form::denominator: {
      const Item v = pop(), u = pop();
      values_.push_back(combine(operators[OperatorRow("/").row], u, v, bracket.token));
      last_division_ = 0;
      break;
    }
    case Form::degree:
      if (token().kind != Kind::open_brace) {
        fail("P012", "the root sign is followed by a group in braces", span(at_));
      }
      push_bracket(Form::radicand, at_++);
      pending_.back().extra = 1;
      complete_ = false;
      break;
    case Form::radicand: {
      const NodeId u = scalar(pop(), "the operand of a root");
      const NodeId degree = bracket.extra == 0 ? Graph::two : scalar(pop(), "the degree of a root");
      const NodeId inverse = divide(g_, Graph::one, degree);
      const Node& d = g_[degree];
      // an odd root is real for negative numbers too
      const bool third = d.op == Op::integer && g_.integer_of(d) == 3;
      push(third ? nabla::call(g_, "cbrt"_fn, u) : power(g_, u, inverse), bracket.token);
      break;
    }
    case Form::index: break;
    default: values_.back().token = bracket.token; break;
  }
}

void Reader::factorial() {
  if (tokens_.list[at_ - 1].kind == Kind::symbol && is_symbol(tokens_.list[at_ - 1], "!")) {
    fail("P011", "a double factorial is not read, since it means two things", span(at_ - 1, at_),
         "write (x!)! for the factorial of a factorial");
  }
  const Item u = pop();
  push(nabla::call(g_, "factorial"_fn, scalar(u, "a factorial")), u.token);
  ++at_;
}

void Reader::superscript() {
  const std::string digits = superscript_text(written(at_));
  const bool negative = digits[0] == '-';
  const std::string_view magnitude =
      std::string_view(digits).substr(negative || digits[0] == '+' ? 1 : 0);
  if (magnitude.empty() || magnitude.find_first_not_of("0123456789") != magnitude.npos) {
    fail("P006", "this superscript is not a number", span(at_));
  }
  const Item u = pop();
  const NodeId exponent = integer(magnitude, span(at_));
  const NodeId v = negative ? negate(g_, exponent) : exponent;
  push(power(g_, scalar(u, "a power"), v), u.token);
  ++at_;
}

void Reader::expected_operand() {
  const Token& t = token();
  std::vector<Label> labels;
  for (std::size_t i = pending_.size(); i-- > 0;) {
    if (!pending_[i].is_bracket()) continue;
    if (t.kind == Kind::end) labels.push_back({span(pending_[i].token), "opened here"});
    break;
  }
  switch (t.kind) {
    case Kind::end:
    case Kind::newline:
    case Kind::semicolon: {
      if (at_ == 0 || tokens_.list[at_ - 1].kind == Kind::semicolon)
        fail("P013", "there is nothing to read", span(at_));
      fail("P001", "the expression ends where a value is expected", span(at_), "", labels);
    }
    case Kind::illegal: {
      const std::string_view bytes = written(at_);
      const CodePoint c = first_code_point(bytes);
      std::string shown(bytes);
      if (c.size == 0 || c.value < 0x20 || c.value == 0x7F) {
        static constexpr char hex[] = "0123456789abcdef";
        const auto byte = static_cast<unsigned char>(bytes[0]);
        shown = {'\\', 'x', hex[byte >> 4], hex[byte & 15]};
      }
      fail("P005", "the character '" + shown + "' has no meaning here", span(at_),
           std::string(advice_for(c.size == 0 ? 0xFFFF : c.value)));
    }
    case Kind::comma: fail("P001", "a value is expected before the comma", span(at_));
    case Kind::close:
    case Kind::close_square:
    case Kind::close_brace:
      if (pending_.empty())
        fail("P003", "'" + std::string(written(at_)) + "' closes nothing", span(at_));
      [[fallthrough]];
    default:
      fail("P001", "a value is expected before '" + std::string(written(at_)) + "'", span(at_),
           t.kind == Kind::symbol ? "an operator stands between two values" : "");
  }
}

void Reader::unclosed() {
  for (std::size_t i = pending_.size(); i-- > 0;) {
    if (!pending_[i].is_bracket()) continue;
    const Kind opening = tokens_.list[pending_[i].token].kind;
    const std::string closing(bracket_name(closing_of(opening)));
    const std::size_t end = token().begin;
    fail("P002", "'" + std::string(bracket_name(opening)) + "' is never closed", {end, end},
         "add '" + closing + "'", {{span(pending_[i].token), "opened here"}},
         Fix{{end, end}, closing});
  }
  expected_operand();
}

}  // namespace nabla
