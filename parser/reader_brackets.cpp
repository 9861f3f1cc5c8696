#include <algorithm>
#include <limits>

#include "lib/core/build.hpp"
#include "parser/brackets.hpp"
#include "parser/reader.hpp"

namespace nabla {
void Reader::comma() {
  reduce_all();
  if (pending_.empty()) {
    const Token& next = peek(1);
    const bool decimal = tokens_.list[at_ - 1].kind == Kind::integer &&
                         next.kind == Kind::integer && !next.spaced && !token().spaced;
    if (decimal) {
      fail("P007", "a comma separates arguments, and there is no list here", span(at_),
           "a decimal point is '.'", {}, Fix{span(at_), "."});
    }
    fail("P007", "a comma separates arguments, and there is no list here", span(at_),
         "a vector is written [a, b]; statements are separated by ';'");
  }
  const Pending& bracket = pending_.back();
  const Form form = bracket.form;
  const bool pair = form == Form::values && (values_.size() - bracket.base) % 2 == 0;
  if (form != Form::call && form != Form::vector && form != Form::pieces && !pair) {
    // (a, b) and {a, b}
    std::optional<Fix> fix;
    const bool tuple = form == Form::group || form == Form::brace;
    if (const std::uint32_t end = tuple ? closing_bracket(bracket.token) : 0; end != 0) {
      const Span whole{tokens_.list[bracket.token].begin, tokens_.list[end].end};
      if (whole.end - whole.begin < 1000) {
        const Span inside{tokens_.list[bracket.token].end, tokens_.list[end].begin};
        fix = Fix{whole,
                  "[" + std::string(text_.substr(inside.begin, inside.end - inside.begin)) + "]"};
      }
    }
    fail("P007", "a comma separates arguments, and this bracket holds no list", span(at_),
         "a vector is written [a, b]", {{span(bracket.token), "opened here"}}, std::move(fix));
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
  const Bracket& kinds = bracket_of(opening);
  if (kinds.closing != kind) {
    fail("P010",
         "'" + std::string(kinds.open) + "' is closed by '" + std::string(written(at_)) + "'",
         span(at_), "close it by '" + std::string(kinds.close) + "'",
         {{span(bracket.token), "opened here"}}, Fix{span(at_), std::string(kinds.close)});
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
    case Form::floor:
    case Form::ceiling: {
      const NodeId u = scalar(pop(), "what is rounded");
      push(nabla::call(g_, bracket.form == Form::floor ? "floor"_fn : "ceil"_fn, u), bracket.token);
      break;
    }
    case Form::length: {
      const Call norm{.kind = Call::Kind::verb, .token = bracket.token, .verb = find_verb("norm")};
      const Item v = pop();
      values_.push_back(apply_verb(norm, {&v, 1}, span(bracket.token, end)));
      values_.back().token = bracket.token;
      skip_norm_order();
      break;
    }
    case Form::evaluation:
      values_.back().token = bracket.token;
      open_values(end);
      break;
    case Form::values: finish_values(bracket, end); break;
    case Form::cases: {
      if ((values_.size() - bracket.base) % 2 != 0) {
        fail("P008", "the last row of cases has no condition", span(end),
             "a row is written x & x > 0", {{span(bracket.token), "opened here"}});
      }
      NodeId result = g_.insert(std::numeric_limits<double>::quiet_NaN());
      while (values_.size() > bracket.base) {
        const NodeId condition = scalar(pop(), "a condition");
        const NodeId value = scalar(pop(), "a case");
        result = g_[condition].op == Op::integer && condition != Graph::zero
                     ? value
                     : select(g_, condition, value, result);
      }
      push(result, bracket.token);
      break;
    }
    case Form::differential: {
      // d(...)/dx: what follows up to dx has been looked at
      const Prefix prefix = std::move(prefixes_.back());
      prefixes_.pop_back();
      const std::uint32_t first = prefix.name;
      at_ = prefix.behind;
      const Item body = pop();
      values_.push_back(differentiate(body, prefix.by, span(first, at_ - 1)));
      values_.back().token = first;
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
      push_bracket(Form::denominator, at_++, bracket.token - 1);
      complete_ = false;
      break;
    case Form::denominator: {
      const Item v = pop(), u = pop();
      values_.push_back(combine(operators[OperatorRow("/").row], u, v, bracket.token));
      values_.back().token = bracket.extra;
      last_division_ = 0;
      break;
    }
    case Form::degree:
      if (token().kind != Kind::open_brace) {
        fail("P012", "the root sign is followed by a group in braces", span(at_));
      }
      push_bracket(Form::radicand, at_++);
      pending_.back().extra = bracket.token;
      complete_ = false;
      break;
    case Form::radicand: {
      const NodeId u = scalar(pop(), "the operand of a root");
      const NodeId degree = bracket.extra == 0 ? Graph::two : scalar(pop(), "the degree of a root");
      const NodeId inverse = divide(g_, Graph::one, degree);
      const Node& d = g_[degree];
      // an odd root is real for negative numbers too
      const bool third = d.op == Op::integer && g_.integer_of(d) == 3;
      push(third ? nabla::call(g_, "cbrt"_fn, u) : power(g_, u, inverse),
           (bracket.extra == 0 ? bracket.token : bracket.extra) - 1);
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

}  // namespace nabla
