#include "parser/reader.hpp"

#include <algorithm>

#include "lib/core/build.hpp"
#include "lib/core/stop.hpp"

namespace nabla {

Quantity Reader::expression() {
  complete_ = false;
  StopCheck stop(g_.limits, 256);
  for (;;) {
    stop();
    if (!complete_) {
      read_operand();
    } else if (token().kind == Kind::newline && brackets_ != 0) {
      ++at_;
    } else if (!read_operator()) {
      break;
    }
  }
  reduce_all();
  return quantity(pop());
}

void Reader::skip_newlines() {
  while (token().kind == Kind::newline) ++at_;
}

void Reader::read_operand() {
  skip_newlines();
  const Token& t = token();
  switch (t.kind) {
    case Kind::integer:
    case Kind::decimal:
    case Kind::hexadecimal:
    case Kind::vulgar:
    case Kind::bad_number:
      push(number(t), at_);
      ++at_;
      complete_ = true;
      return;
    case Kind::name: return read_name();
    case Kind::open: push_bracket(Form::group, at_++); return;
    case Kind::open_brace: push_bracket(Form::brace, at_++); return;
    case Kind::open_square: push_bracket(Form::vector, at_++); return;
    case Kind::bar: push_bracket(Form::bars, at_++); return;
    case Kind::open_floor: push_bracket(Form::floor, at_++); return;
    case Kind::open_ceiling: push_bracket(Form::ceiling, at_++); return;
    case Kind::norm_bar: push_bracket(Form::length, at_++); return;
    case Kind::open_cases: push_bracket(Form::cases, at_++); return;
    case Kind::open_left: push_bracket(Form::evaluation, at_++); return;
    case Kind::root:
      push_prefix(Form::root, Precedence::root, at_, t.data);
      ++at_;
      return;
    case Kind::symbol: {
      const Operator& row = operators[t.data];
      if (row.op == Op::sum) {
        push_prefix(row.inverts ? Form::minus : Form::plus, Precedence::sum, at_++);
        return;
      }
      if (row.op == Op::negation || row.op == Op::call) {
        push_prefix(Form::negation, Precedence::negation, at_++);
        return;
      }
      expected_operand();
    }
    case Kind::partial:
      if (read_leibniz() || read_differential() || read_subscript_derivative()) return;
      expected_operand();
    case Kind::nabla: read_nabla(); return;
    case Kind::command:
      switch (static_cast<Command>(t.data)) {
        case Command::fraction:
          if (read_fraction_leibniz() || read_differential()) return;
          if (peek(1).kind != Kind::open_brace) {
            fail("P012", "\\frac is followed by two groups in braces", span(at_),
                 "write \\frac{a}{b}");
          }
          ++at_;
          push_bracket(Form::numerator, at_++);
          return;
        case Command::root:
          ++at_;
          if (token().kind == Kind::open_square) {
            push_bracket(Form::degree, at_++);
            return;
          }
          if (token().kind == Kind::open) {
            push_prefix(Form::root, Precedence::root, at_ - 1, 2);
            return;
          }
          if (token().kind != Kind::open_brace) {
            fail("P012", "the root sign is followed by a group in braces", span(at_ - 1),
                 "write it as \\sqrt{x}");
          }
          push_bracket(Form::radicand, at_++);
          return;
        case Command::sum:
        case Command::product: return read_sum_sign();
        case Command::limit: return read_limit();
      }
      expected_operand();
    case Kind::close:
    case Kind::close_square:
    case Kind::close_brace:
      // f() is a complaint of its own
      if (!pending_.empty() && pending_.back().is_bracket() &&
          values_.size() == pending_.back().base && pending_.back().form == Form::call &&
          tokens_.list[at_ - 1].kind == Kind::open) {
        close(t.kind);
        return;
      }
      expected_operand();
    default: expected_operand();
  }
}

// ∇f is the gradient and ∇²f the Hessian; ∇f(2, 3) is the gradient at that point.
void Reader::read_nabla() {
  Call call{.kind = Call::Kind::verb, .token = at_++, .verb = find_verb("grad")};
  if (token().kind == Kind::superscript && superscript_text(written(at_)) == "2") {
    call.verb = find_verb("hessian");
    ++at_;
  } else if (is_symbol(token(), "^") && peek(1).kind == Kind::integer && written(at_ + 1) == "2") {
    call.verb = find_verb("hessian");
    at_ += 2;
  }
  if (token().kind == Kind::name && peek(1).kind == Kind::open) {
    const Definition* d = scope_.find(name_of(at_));
    if (d != nullptr && d->kind == Definition::Kind::function && d->value.is_scalar()) {
      const VerbRow* verb = call.verb;
      call = {.kind = Call::Kind::definition,
              .name = token().data,
              .token = at_,
              .definition = d,
              .verb = verb};
      ++at_;
      return read_function(call);
    }
  }
  calls_.push_back(call);
  push_prefix(Form::application, Precedence::root, call.token,
              static_cast<std::uint32_t>(calls_.size() - 1));
}

void Reader::push_prefix(Form form, Precedence precedence, std::uint32_t token,
                         std::uint32_t extra) {
  // A sign inside a tighter operand (2^-x, a*-b) binds as tightly as what it stands in.
  const bool sign = form <= Form::negation;
  if (sign && !pending_.empty() && !pending_.back().is_bracket() &&
      precedence < pending_.back().precedence) {
    precedence = pending_.back().precedence;
  }
  if (++nesting_ > g_.limits.nesting) {
    fail("L102", "nested more than " + std::to_string(g_.limits.nesting) + " levels deep",
         span(token), "the limit is named 'nesting'");
  }
  if (form == Form::application || form == Form::derivative) ++open_ended_;
  nabla::push(pending_, Pending{.form = form,
                                .precedence = precedence,
                                .token = token,
                                .base = static_cast<std::uint32_t>(values_.size()),
                                .extra = extra});
}

void Reader::push_bracket(Form form, std::uint32_t token, std::uint32_t extra) {
  if (++nesting_ > g_.limits.nesting) {
    fail("L102", "nested more than " + std::to_string(g_.limits.nesting) + " levels deep",
         span(token), "the limit is named 'nesting'");
  }
  ++brackets_;
  nabla::push(pending_, Pending{.form = form,
                                .precedence = Precedence::none,
                                .token = token,
                                .base = static_cast<std::uint32_t>(values_.size()),
                                .extra = extra});
}

void Reader::push_infix(const Operator& row, std::uint32_t token, Precedence precedence,
                        bool without_sign) {
  reduce_to(precedence, row.associativity != Associativity::left);
  nabla::push(pending_, Pending{.form = Form::infix,
                                .precedence = precedence,
                                .detail = static_cast<std::uint8_t>(&row - operators.data()),
                                .without_sign = without_sign,
                                .token = token,
                                .base = static_cast<std::uint32_t>(values_.size())});
}

bool Reader::opens_operand(const Token& t) const {
  switch (t.kind) {
    case Kind::name:
    case Kind::open:
    case Kind::open_square:
    case Kind::open_brace:
    case Kind::root:
    case Kind::open_floor:
    case Kind::open_ceiling:
    case Kind::open_cases:
    case Kind::open_left:
    case Kind::partial:
    case Kind::nabla:
    case Kind::command: return true;
    default: return false;
  }
}

// The sign between the second and third part of a choice has been met: c ? a : b, a if c else b.
void Reader::turn_to_otherwise(bool behind) {
  reduce_to(Precedence::conditional, true);
  while (!pending_.empty() && pending_.back().form == Form::otherwise) reduce_top();
  if (pending_.empty() || pending_.back().form != Form::condition ||
      pending_.back().behind != behind) {
    fail("P008", "'" + std::string(written(at_)) + "' belongs to no condition", span(at_),
         "choices are written c ? a : b, a if c else b or if(c, a, b)");
  }
  pending_.back().form = Form::otherwise;
  ++at_;
}

bool Reader::read_operator() {
  const Token& t = token();
  complete_ = false;
  switch (t.kind) {
    case Kind::symbol: {
      const Operator& row = operators[t.data];
      if (row.fixity == Fixity::postfix) {
        factorial();
        complete_ = true;
        return true;
      }
      if (row.fixity == Fixity::prefix) {
        fail("P004", "'" + std::string(written(at_)) + "' stands between two values", span(at_),
             "write 'and not'");
      }
      if (row.op == Op::equal && !pending_.empty() && pending_.back().form == Form::call) {
        const Call& call = calls_.back();
        if (call.verb != nullptr && call.verb->verb == Verb::subs) return comma(), true;
      }
      if (row.op == Op::equal && names_value()) return ++at_, true;
      if (row.op == Op::power && tex_) check_power();
      if (row.op == Op::product) note_extent();
      if (row.op == Op::equal || row.op == Op::less) check_equals(at_);
      push_infix(row, at_, row.precedence);
      ++at_;
      return true;
    }
    case Kind::prime: {
      const std::uint32_t first = values_.back().token;
      check_prime(first);
      const Item f = pop();
      const std::vector<Expr> names = variables_of({}, f, {});
      if (names.size() != 1) {
        fail("N107", "a prime needs an expression in exactly one name", span(first, at_),
             "write diff(f, x)");
      }
      const NodeId u = scalar(f, "a prime");
      push(derivative_of(u, names[0].id, t.data, span(first, at_)), first);
      ++at_;
      complete_ = true;
      return true;
    }
    case Kind::superscript:
      superscript();
      complete_ = true;
      return true;
    case Kind::close:
    case Kind::close_square:
    case Kind::close_brace:
    case Kind::close_floor:
    case Kind::close_ceiling:
    case Kind::close_cases: close(t.kind); return true;
    case Kind::norm_bar: {
      const auto bracket =
          std::ranges::find_if(pending_.rbegin(), pending_.rend(), &Pending::is_bracket);
      if (bracket != pending_.rend() && bracket->form == Form::length) {
        close(Kind::norm_bar);
        return true;
      }
      multiply_without_sign();
      return true;
    }
    case Kind::bar: {
      const auto bracket =
          std::ranges::find_if(pending_.rbegin(), pending_.rend(), &Pending::is_bracket);
      if (bracket != pending_.rend() &&
          (bracket->form == Form::bars || bracket->form == Form::evaluation)) {
        close(Kind::bar);
        return true;
      }
      if (begins_values()) {
        evaluate_term();
        return true;
      }
      if (peek(1).kind == Kind::bar && !peek(1).spaced) {
        const Operator& row = operators[OperatorRow("or").row];
        push_infix(row, at_, row.precedence);
        at_ += 2;
        return true;
      }
      multiply_without_sign();
      push_bracket(Form::bars, at_++);
      pending_.back().without_sign = true;
      return true;
    }
    case Kind::comma: comma(); return true;
    case Kind::colon: colon(); return true;
    case Kind::question:
      reduce_to(Precedence::conditional, true);
      pending_.push_back({.form = Form::condition,
                          .precedence = Precedence::conditional,
                          .token = at_,
                          .base = static_cast<std::uint32_t>(values_.size())});
      ++at_;
      return true;
    case Kind::integer:
    case Kind::decimal:
    case Kind::hexadecimal:
    case Kind::vulgar:
    case Kind::bad_number: {
      if (t.kind == Kind::bad_number) number(t);
      const std::uint32_t left = at_ - 1;
      fail("P004", "two values side by side", span(at_),
           t.kind == Kind::vulgar ? "put an operator between them, as in 2 + ½"
                                  : "put an operator between them, as in a*2",
           {{span(left), "after this value"}},
           Fix{{t.begin, t.begin}, t.kind == Kind::vulgar ? "+" : "*"});
    }
    case Kind::arrow:
      if (!pending_.empty() && pending_.back().form == Form::call) return comma(), true;
      if (names_value()) return ++at_, true;
      fail("P008", "an arrow has no meaning here", span(at_),
           "limits are written lim(h -> 0) expr, functions f(x) = x^2");
    case Kind::row_break:
    case Kind::illegal:
      if (in_cases()) {
        cases_separator();
        return true;
      }
      expected_operand();
    case Kind::define:
      fail("P009", "':=' defines the name or function that begins a statement", span(at_));
    case Kind::end:
    case Kind::newline:
    case Kind::semicolon:
      if (brackets_ != 0) {
        reduce_all();
        unclosed();
      }
      return false;
    default:
      if (is_word(t, Word::if_)) {
        // a if c else b
        reduce_to(Precedence::conditional, true);
        pending_.push_back({.form = Form::condition,
                            .precedence = Precedence::conditional,
                            .behind = true,
                            .token = at_,
                            .base = static_cast<std::uint32_t>(values_.size())});
        ++at_;
        return true;
      }
      if (is_word(t, Word::else_)) {
        turn_to_otherwise(true);
        return true;
      }
      if (!opens_operand(t)) expected_operand();
      if (t.kind == Kind::name && !t.spaced && text_[t.begin] == '_') {
        fail("P008", "a subscript belongs to a name", span(at_),
             "an entry is v_1 or v[1], a value at a point (...)|_{x=3}");
      }
      if (t.kind == Kind::name && written(at_) == "for" && peek(1).kind == Kind::name &&
          meaning(t.data).kind == Meaning::Kind::fresh) {
        fail("P008", "'for' has no meaning here", span(at_),
             "sums are written sum(k, 1, 10, k^2), choices if(x > 0, a, b)");
      }
      multiply_without_sign();
      return true;
  }
}

}  // namespace nabla
