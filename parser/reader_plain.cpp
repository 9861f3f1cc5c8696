#include "lib/core/build.hpp"
#include "parser/reader.hpp"

// The short way for what most texts consist of (ADR 0034). Each function says no when anything else
// could be meant, and the long way is taken.

namespace nabla {

// A name that has been read before, means a value, is written as it is and is followed by nothing
// that could change that.
bool Reader::read_plain_name() {
  const Token &t = token(), &next = tokens_.list[at_ + 1];
  const NameState& name = name_states_[t.data];
  if (name.plain != generation_ || next.kind == Kind::open || next.kind == Kind::open_square ||
      t.end - t.begin > g_.limits.name_bytes || t.end - t.begin != tokens_.names[t.data].size() ||
      binds_value())
    return false;
  if (!pending_.empty() && pending_.back().form == Form::call && calls_.back().verb != nullptr)
    return false;
  push(name.meaning.node, at_++);
  complete_ = true;
  return true;
}

// u op v for two numbers, which most of what is read consists of.
bool Reader::reduce_plain() {
  const Pending& top = pending_.back();
  if (top.form != Form::infix || top.precedence == Precedence::comparison || top.extra != 0)
    return false;
  Item& u = values_[values_.size() - 2];
  const Item& v = values_.back();
  if ((u.array | v.array) != 0) return false;
  const Operator& row = operators[top.detail];
  switch (row.op) {
    case Op::sum: u.id = row.inverts ? subtract(g_, u.id, v.id) : add(g_, u.id, v.id); break;
    case Op::product:
      if (row.inverts) {
        last_division_ = u.token + 1, last_divisor_ = v.token;
        u.id = divide(g_, u.id, v.id);
      } else {
        u.id = multiply(g_, u.id, v.id);
      }
      break;
    case Op::power: u.id = power(g_, u.id, v.id); break;
    default: return false;
  }
  values_.pop_back();
  pending_.pop_back();
  return true;
}

}  // namespace nabla
