#include "lib/eval/reciprocals.hpp"

#include <algorithm>

#include "lib/eval/tape_copy.hpp"

namespace nabla {

namespace {

class Rewriting {
 public:
  explicit Rewriting(const Tape& from)
      : from_(from),
        first_(from.first_operation()),
        divisor_(first_ + from.operations()),
        to_(from) {}
  Tape run();

 private:
  using Value = std::uint32_t;
  static constexpr Value none = ~Value{0};
  struct Divisor {
    std::uint32_t divisions = 0;
    bool in_product = false;  // of two divisors that divides as well
    bool is_product = false;
    Value reciprocal = none;  // in the new tape
  };

  bool is_constant(Value v) const { return v >= from_.first_constant() && v < first_; }
  void find_divisors(std::uint32_t begin, std::uint32_t end);
  bool inverts(const Divisor& d) const { return d.is_product || d.in_product || d.divisions > 1; }
  Value reciprocal(Value);

  const Tape& from_;
  const Value first_;
  std::vector<Divisor> divisor_;  // by value; of the segment at hand
  std::vector<Value> divisors_, path_;
  Value one_ = none;
  TapeCopy to_;
};

void Rewriting::find_divisors(std::uint32_t begin, std::uint32_t end) {
  for (const Value v : divisors_) divisor_[v] = {};
  divisors_.clear();
  for (std::uint32_t i = begin; i < end; ++i) {
    if (from_.op[i] != Primitive::divide || is_constant(from_.b[i])) continue;
    if (divisor_[from_.b[i]].divisions++ == 0) divisors_.push_back(from_.b[i]);
  }
  std::ranges::sort(divisors_);  // what a product is made of comes before it
  for (const Value v : divisors_) {
    if (v < first_ + begin || from_.op[v - first_] != Primitive::multiply) continue;
    Divisor& p = divisor_[from_.a[v - first_]];
    Divisor& q = divisor_[from_.b[v - first_]];
    if (p.divisions == 0 || q.divisions == 0) continue;
    divisor_[v].is_product = p.in_product = q.in_product = true;
  }
}

// In the new tape, written when it is read first; products of products without recursion.
Rewriting::Value Rewriting::reciprocal(Value v) {
  path_.assign(1, v);
  while (!path_.empty()) {
    const Value at = path_.back();
    Divisor& d = divisor_[at];
    if (d.reciprocal != none) {
      path_.pop_back();
      continue;
    }
    if (!d.is_product) {
      d.reciprocal = to_.append(Primitive::divide, one_, to_.moved(at));
      continue;
    }
    const Value p = from_.a[at - first_], q = from_.b[at - first_];
    const Value x = divisor_[p].reciprocal, y = divisor_[q].reciprocal;
    if (x == none) {
      path_.push_back(p);
    } else if (y == none) {
      path_.push_back(q);
    } else {
      d.reciprocal = to_.append(Primitive::multiply, x, y);
    }
  }
  return divisor_[v].reciprocal;
}

Tape Rewriting::run() {
  const auto one = std::ranges::find(from_.constants, 1.0);
  one_ = one == from_.constants.end()
             ? to_.add_constant(1)
             : from_.first_constant() + static_cast<Value>(one - from_.constants.begin());

  std::uint32_t begin = 0;
  for (const Segment& segment : from_.segments) {
    find_divisors(begin, segment.end);
    for (std::uint32_t i = begin; i < segment.end; ++i) {
      const Value a = from_.a[i], b = from_.b[i];
      if (from_.op[i] == Primitive::divide && inverts(divisor_[b])) {
        const Value r = reciprocal(b);
        const bool is_itself = is_constant(a) && from_.constants[a - from_.first_constant()] == 1;
        to_.set_moved(i, is_itself ? r : to_.append(Primitive::multiply, to_.moved(a), r));
      } else {
        to_.copy(i);
      }
    }
    begin = segment.end;
    to_.end_segment(segment.loop);
  }
  return to_.finish();
}

}  // namespace

Tape with_reciprocals(const Tape& tape) { return Rewriting(tape).run(); }

}  // namespace nabla
