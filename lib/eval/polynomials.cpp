#include "lib/eval/polynomials.hpp"

#include <bit>
#include <unordered_map>

#include "lib/eval/sums_of_powers.hpp"
#include "lib/eval/tape_copy.hpp"

namespace nabla {

namespace {

using Value = std::uint32_t;

class Nesting {
 public:
  Nesting(const Tape& from, const SumsOfPowers& sums)
      : from_(from), sums_(sums), first_(from.first_operation()), to_(from) {}
  Tape run();

 private:
  static constexpr Value none = SumsOfPowers::none;

  bool is_operation(Value v) const { return v >= first_; }
  std::vector<std::uint8_t> find_needed() const;
  Value constant(double);
  Value write(const Polynomial&);

  const Tape& from_;
  const SumsOfPowers& sums_;
  const Value first_;
  std::unordered_map<std::uint64_t, Value> constants_;
  std::unordered_map<Value, Value> squares_;  // written in this segment
  TapeCopy to_;
};

std::vector<std::uint8_t> Nesting::find_needed() const {
  std::vector<std::uint8_t> needed(from_.operations());
  const auto need = [&](Value v) {
    if (is_operation(v)) needed[v - first_] = 1;
  };
  for (const Value v : from_.outputs) need(v);
  for (std::size_t i = from_.operations(); i-- > 0;) {
    if (!needed[i]) continue;
    if (sums_.at[i] == none) {
      for (int k = 0; k < arity(from_.op[i], from_.detail[i]); ++k) need(from_.operand(i, k));
      continue;
    }
    const Polynomial& p = sums_.polynomials[sums_.at[i]];
    need(p.base);
    for (const auto& [v, minus] : p.others) need(v);
  }
  return needed;
}

Value Nesting::constant(double x) {
  const auto [it, added] = constants_.try_emplace(std::bit_cast<std::uint64_t>(x), none);
  if (added) it->second = to_.add_constant(x);
  return it->second;
}

Value Nesting::write(const Polynomial& p) {
  const auto& c = p.coefficient;
  const Value x = to_.moved(p.base);
  std::size_t from = 0;
  while (!c[from]) ++from;
  const auto times = [&](Value a, Value b) { return to_.append(Primitive::multiply, a, b); };
  const auto plus = [&](Value a, Value b) {
    return a == none ? b : b == none ? a : to_.append(Primitive::add, a, b);
  };
  Value& square = squares_.try_emplace(x, none).first->second;
  if (square == none) square = times(x, x);
  const Value x2 = square;
  // c_k + c_(k+1) x
  const auto pair = [&](std::size_t k) {
    const Value low = c[k] ? constant(*c[k]) : none;
    if (k + 1 >= c.size() || !c[k + 1]) return low;
    return plus(low, *c[k + 1] == 1 ? x : times(constant(*c[k + 1]), x));
  };
  std::size_t k = from + (c.size() - 1 - from) / 2 * 2;
  Value sum = pair(k);
  while (k > from) {
    k -= 2;
    const Value low = pair(k), high = times(x2, sum);  // in this order
    sum = plus(low, high);
  }
  if (from % 2 != 0) sum = times(sum, x);
  for (std::size_t i = 0; i < from / 2; ++i) sum = times(sum, x2);
  for (const auto& [v, minus] : p.others) {
    sum = to_.append(minus ? Primitive::subtract : Primitive::add, sum, to_.moved(v));
  }
  return sum;
}

Tape Nesting::run() {
  for (std::size_t i = 0; i < from_.constants.size(); ++i) {
    constants_.try_emplace(std::bit_cast<std::uint64_t>(from_.constants[i]),
                           from_.first_constant() + static_cast<Value>(i));
  }
  // All constants come before the operations.
  for (const Polynomial& p : sums_.polynomials) {
    for (const auto& c : p.coefficient) {
      if (c) constant(*c);
    }
  }

  const auto needed = find_needed();
  std::uint32_t begin = 0;
  for (const Segment& segment : from_.segments) {
    for (std::uint32_t i = begin; i < segment.end; ++i) {
      if (!needed[i]) continue;
      if (sums_.at[i] != none) {
        to_.set_moved(i, write(sums_.polynomials[sums_.at[i]]));
      } else {
        to_.copy(i);
      }
    }
    begin = segment.end;
    squares_.clear();
    to_.end_segment(segment.loop);
  }
  return to_.finish();
}

}  // namespace

Tape with_nested_polynomials(const Tape& tape) {
  const SumsOfPowers sums(tape);
  return sums.polynomials.empty() ? tape : Nesting(tape, sums).run();
}

}  // namespace nabla
