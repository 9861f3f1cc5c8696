#include "lib/core/build.hpp"
#include "parser/reader.hpp"

namespace nabla {

// Reduces what binds tighter than an arriving operator; as tight, too, unless it groups to the
// right.
void Reader::reduce_to(Precedence precedence, bool right) {
  while (!pending_.empty() && !pending_.back().is_bracket() &&
         (precedence < pending_.back().precedence ||
          (!right && precedence == pending_.back().precedence))) {
    reduce_top();
  }
}

void Reader::reduce_all() { reduce_to(Precedence::none, false); }

void Reader::reduce_top() {
  if (reduce_plain()) return;
  const Pending top = pending_.back();
  if (top.form == Form::infix && top.precedence == Precedence::comparison) return reduce_chain();
  pending_.pop_back();
  if (top.is_prefix()) --nesting_;
  if (top.is_open_ended()) --open_ended_;
  switch (top.form) {
    case Form::infix: {
      const Item v = pop(), u = pop();
      values_.push_back(combine(operators[top.detail], u, v, top.token));
      if (top.extra != 0) finish_product(top.extra, v);
      break;
    }
    case Form::minus: {
      const Item u = pop();
      if (u.array != 0) {
        values_.push_back(combine(operators[OperatorRow("*").row], {Graph::minus_one, 0, top.token},
                                  u, top.token));
      } else {
        push(negate(g_, u.id), top.token);
      }
      break;
    }
    case Form::plus: values_.back().token = top.token; break;
    case Form::negation: {
      const NodeId u = scalar(pop(), "a condition");
      push(nabla::negation(g_, u), top.token);
      break;
    }
    case Form::root: {
      const NodeId u = scalar(pop(), "the operand of a root");
      push(top.extra == 3 ? nabla::call(g_, "cbrt"_fn, u)
                          : power(g_, u, g_.insert(Number::ratio(1, top.extra))),
           top.token);
      break;
    }
    case Form::application: {
      const Call call = calls_.back();
      calls_.pop_back();
      const Item argument = pop();
      values_.push_back(
          apply(call, {&argument, 1}, {tokens_.list[call.token].begin, tokens_.list[at_ - 1].end}));
      values_.back().token = call.token;
      break;
    }
    case Form::derivative:
    case Form::data_sum:
    case Form::finite:
    case Form::limit: finish_prefix(top); break;
    case Form::condition:
      if (top.behind)
        fail("P008", "this 'if' has no 'else'", span(top.token),
             "a product is written a*if(c, a, b)");
      fail("P008", "this condition has no ':' part", span(top.token), "write c ? a : b");
    case Form::otherwise: {
      const Item w = pop();
      Item v = pop(), c = pop();
      if (top.behind) std::swap(v, c);
      const NodeId no = scalar(w, "a choice"), yes = scalar(v, "a choice"),
                   condition = scalar(c, "a condition");
      push(select(g_, condition, yes, no), c.token);
      break;
    }
    default: break;
  }
}

// a < b <= c means a < b and b <= c.
void Reader::reduce_chain() {
  std::size_t first = pending_.size();
  while (first > 0 && pending_[first - 1].form == Form::infix &&
         pending_[first - 1].precedence == Precedence::comparison) {
    --first;
  }
  const std::size_t links = pending_.size() - first;
  const std::size_t base = values_.size() - links - 1;
  NodeId result{};
  for (std::size_t i = 0; i < links; ++i) {
    const Operator& row = operators[pending_[first + i].detail];
    const NodeId u = scalar(values_[base + i], "a comparison"),
                 v = scalar(values_[base + i + 1], "a comparison");
    const NodeId link = row.swaps ? compare(g_, row.op, v, u) : compare(g_, row.op, u, v);
    result = i == 0 ? link : both(g_, result, link);
  }
  const std::uint32_t token = values_[base].token;
  pending_.resize(first);
  values_.resize(base);
  push(result, token);
}

Reader::Item Reader::combine(const Operator& row, Item u, Item v, std::uint32_t token) {
  if (row.op == Op::product && row.inverts) last_division_ = u.token + 1, last_divisor_ = v.token;
  if ((u.array | v.array) == 0) {
    const NodeId a = u.id, b = v.id;
    switch (row.op) {
      case Op::sum: return {row.inverts ? subtract(g_, a, b) : add(g_, a, b), 0, u.token};
      case Op::product: return {row.inverts ? divide(g_, a, b) : multiply(g_, a, b), 0, u.token};
      case Op::power: return {power(g_, a, b), 0, u.token};
      case Op::both: return {both(g_, a, b), 0, u.token};
      default: return {either(g_, a, b), 0, u.token};
    }
  }
  const bool scales =
      row.op == Op::product && (u.array == 0 || v.array == 0) && !(row.inverts && v.array != 0);
  if (row.op != Op::sum && !scales) {
    fail("N104", "'" + std::string(row.spelling) + "' is not defined for vectors", span(token),
         row.op == Op::product ? "the scalar product is dot(u, v)" : "");
  }
  Quantity left = quantity(u), right = quantity(v);
  if (row.op == Op::sum &&
      (left.shape != right.shape || left.rows != right.rows || left.columns != right.columns)) {
    fail("N105", "the two sides have different shapes", span(token));
  }
  Quantity result = u.array != 0 ? left : right;
  for (std::size_t i = 0; i < result.entries.size(); ++i) {
    const Expr a = u.array != 0 ? left.entries[i] : left.entries[0];
    const Expr b = v.array != 0 ? right.entries[i] : right.entries[0];
    result.entries[i] =
        row.op == Op::sum ? (row.inverts ? a - b : a + b) : (row.inverts ? a / b : a * b);
  }
  return array(std::move(result), u.token);
}

}  // namespace nabla
