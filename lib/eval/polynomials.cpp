#include "lib/eval/polynomials.hpp"

#include <algorithm>
#include <bit>
#include <optional>
#include <unordered_map>

namespace nabla {

namespace {

using Value = std::uint32_t;
constexpr std::uint32_t highest_degree = 64;

// base^exponent; a value that is no power is its own first one.
struct Power {
  Value base;
  std::uint32_t exponent;
};

// A sum with its terms: coefficients of the powers of a value, and what else is added.
struct Polynomial {
  std::uint32_t root = 0;  // the operation
  Value base = 0;
  std::vector<std::optional<double>> coefficient;  // by exponent
  std::vector<std::pair<Value, bool>> others;      // true: subtracted
  std::uint32_t terms = 0;
};

// What a base has to do with: to decide whether its powers can go.
struct Base {
  std::uint32_t powers = 0;             // operations that compute powers of it
  std::uint32_t uses = 0;               // of those, by anything
  std::uint32_t known = 0;              // by one another and by polynomials
  std::uint32_t before = 0, after = 0;  // operations of its polynomials
};

class Nesting {
 public:
  explicit Nesting(const Tape& from)
      : from_(from),
        first_(from.first_operation()),
        uses_(from.operations()),
        power_(from.operations()),
        within_(from.operations()),
        rewritten_(from.operations(), none),
        moved_(from.operations()) {}
  Tape run();

 private:
  static constexpr Value none = ~Value{0};

  bool is_operation(Value v) const { return v >= first_; }
  bool is_constant(Value v) const { return v >= from_.first_constant() && v < first_; }
  double number(Value v) const { return from_.constants[v - from_.first_constant()]; }
  Primitive op(Value v) const { return from_.op[v - first_]; }
  bool in_segment(Value v) const { return v >= first_ + begin_; }
  static bool adds(Primitive p) { return p == Primitive::add || p == Primitive::subtract; }
  Power power(Value v) const { return in_segment(v) ? power_[v - first_] : Power{v, 1}; }
  bool is_power(std::uint32_t i) const { return power_[i].exponent > 1; }

  void count_uses();
  void find_powers(std::uint32_t end);
  void find_sums(std::uint32_t end);
  std::optional<Polynomial> read(std::uint32_t root);
  void choose();
  std::vector<std::uint8_t> find_needed() const;

  Value moved(Value v) const { return is_operation(v) ? moved_[v - first_] : v; }
  Value constant(double);
  Value append(Primitive, std::uint8_t detail, Value a, Value b = 0, Value c = 0);
  Value write(const Polynomial&);

  const Tape& from_;
  const Value first_;
  std::uint32_t begin_ = 0;  // of the segment at hand
  std::vector<std::uint32_t> uses_;
  std::vector<Power> power_;
  std::vector<std::uint8_t> within_;      // a sum that is part of another
  std::vector<std::uint32_t> rewritten_;  // which polynomial an operation becomes
  std::vector<Polynomial> found_, polynomials_;
  std::unordered_map<Value, Base> bases_;
  std::unordered_map<std::uint64_t, Value> constants_;
  std::unordered_map<Value, Value> squares_;  // written in this segment
  std::vector<Value> moved_;
  Tape to_;
};

void Nesting::count_uses() {
  for (std::size_t i = 0; i < from_.operations(); ++i) {
    for (int k = 0; k < arity(from_.op[i], from_.detail[i]); ++k) {
      const Value v = from_.operand(i, k);
      if (is_operation(v)) ++uses_[v - first_];
    }
  }
  for (const Value v : from_.outputs) {
    if (is_operation(v)) ++uses_[v - first_];
  }
}

void Nesting::find_powers(std::uint32_t end) {
  for (std::uint32_t i = begin_; i < end; ++i) {
    power_[i] = {first_ + i, 1};
    if (from_.op[i] != Primitive::multiply) continue;
    const Power a = power(from_.a[i]), b = power(from_.b[i]);
    if (a.base != b.base || is_constant(a.base)) continue;
    if (a.exponent + b.exponent > highest_degree) continue;
    power_[i] = {a.base, a.exponent + b.exponent};
    Base& base = bases_[a.base];
    ++base.powers;
    base.uses += uses_[i];
    base.known += (a.exponent > 1) + (b.exponent > 1);
  }
}

// Sums that stand in one other sum only are part of it.
void Nesting::find_sums(std::uint32_t end) {
  for (std::uint32_t i = begin_; i < end; ++i) {
    if (!adds(from_.op[i])) continue;
    for (const Value v : {from_.a[i], from_.b[i]}) {
      if (in_segment(v) && adds(op(v)) && uses_[v - first_] == 1) within_[v - first_] = 1;
    }
  }
  for (std::uint32_t i = begin_; i < end; ++i) {
    if (!adds(from_.op[i]) || within_[i]) continue;
    if (auto p = read(i)) found_.push_back(std::move(*p));
  }
}

std::optional<Polynomial> Nesting::read(std::uint32_t root) {
  struct Term {
    Value value;
    bool minus;
  };
  std::vector<Term> terms, open{{first_ + root, false}};
  while (!open.empty()) {
    const Term t = open.back();
    open.pop_back();
    const bool sum = in_segment(t.value) && adds(op(t.value)) &&
                     (t.value == first_ + root || within_[t.value - first_]);
    if (!sum) {
      terms.push_back(t);
      continue;
    }
    const std::uint32_t i = t.value - first_;
    open.push_back({from_.b[i], t.minus != (from_.op[i] == Primitive::subtract)});
    open.push_back({from_.a[i], t.minus});
  }
  if (terms.size() < 3) return {};
  // c x^k: the constant, and the power.
  const auto monomial = [&](const Term& t) -> std::pair<double, Power> {
    double c = t.minus ? -1 : 1;
    Value v = t.value;
    while (in_segment(v) && uses_[v - first_] == 1) {
      const Value x = from_.a[v - first_], y = from_.b[v - first_];
      const bool product = op(v) == Primitive::multiply;
      if (product && is_constant(x)) {
        c *= number(x);
        v = y;
      } else if (is_constant(y) && (product || op(v) == Primitive::divide)) {
        c = product ? c * number(y) : c / number(y);
        v = x;
      } else {
        break;
      }
    }
    if (is_constant(v)) return {c * number(v), {none, 0}};
    return {c, power(v)};
  };
  // The value with the highest power.
  Polynomial p;
  p.root = root;
  std::uint32_t degree = 1;
  for (const Term& t : terms) {
    const Power x = monomial(t).second;
    if (x.exponent > degree) p.base = x.base, degree = x.exponent;
  }
  if (degree < 3) return {};
  p.coefficient.resize(degree + 1);
  std::uint32_t known = 0;
  for (const Term& t : terms) {
    const auto [c, x] = monomial(t);
    const bool fits = x.exponent == 0 || x.base == p.base;
    if (!fits || p.coefficient[x.exponent]) {
      p.others.emplace_back(t.value, t.minus);
      continue;
    }
    p.coefficient[x.exponent] = c;
    ++p.terms;
    known += x.exponent > 1;
  }
  if (p.terms < 3) return {};
  bases_[p.base].known += known;
  return p;
}

// Operations of a polynomial, product and sum counted as one; the square apart.
std::uint32_t cost(const Polynomial& p) {
  const auto& c = p.coefficient;
  std::uint32_t from = 0, count = 0;
  while (!c[from]) ++from;
  const auto has = [&](std::size_t k) { return k < c.size() && c[k].has_value(); };
  for (std::size_t k = from; k < c.size(); k += 2) count += has(k + 1);
  count += static_cast<std::uint32_t>((c.size() - 1 - from) / 2);
  return count + (from > 0 ? 1 + from / 2 : 0);
}

// All polynomials in a value or none.
void Nesting::choose() {
  for (const Polynomial& p : found_) {
    Base& base = bases_[p.base];
    base.before += p.terms - 1;
    base.after += cost(p);
  }
  for (Polynomial& p : found_) {
    const Base& base = bases_[p.base];
    const std::uint32_t gone = base.uses == base.known ? base.powers : 0;
    if (base.after + 1 >= base.before + gone) continue;
    rewritten_[p.root] = static_cast<std::uint32_t>(polynomials_.size());
    for (auto& c : p.coefficient) {
      if (c) constant(*c);
    }
    polynomials_.push_back(std::move(p));
  }
  found_.clear();
  bases_.clear();
}

std::vector<std::uint8_t> Nesting::find_needed() const {
  std::vector<std::uint8_t> needed(from_.operations());
  const auto need = [&](Value v) {
    if (is_operation(v)) needed[v - first_] = 1;
  };
  for (const Value v : from_.outputs) need(v);
  for (std::size_t i = from_.operations(); i-- > 0;) {
    if (!needed[i]) continue;
    if (rewritten_[i] == none) {
      for (int k = 0; k < arity(from_.op[i], from_.detail[i]); ++k) need(from_.operand(i, k));
      continue;
    }
    const Polynomial& p = polynomials_[rewritten_[i]];
    need(p.base);
    for (const auto& [v, minus] : p.others) need(v);
  }
  return needed;
}

Value Nesting::constant(double x) {
  const auto fresh = to_.first_constant() + static_cast<Value>(to_.constants.size());
  const auto [it, added] = constants_.try_emplace(std::bit_cast<std::uint64_t>(x), fresh);
  if (added) to_.constants.push_back(x);
  return it->second;
}

Value Nesting::append(Primitive op, std::uint8_t detail, Value a, Value b, Value c) {
  to_.op.push_back(op);
  to_.detail.push_back(detail);
  to_.a.push_back(a);
  to_.b.push_back(b);
  to_.c.push_back(c);
  return to_.first_operation() + static_cast<Value>(to_.op.size()) - 1;
}

Value Nesting::write(const Polynomial& p) {
  const auto& c = p.coefficient;
  const Value x = moved(p.base);
  std::size_t from = 0;
  while (!c[from]) ++from;
  const auto times = [&](Value a, Value b) { return append(Primitive::multiply, 0, a, b); };
  const auto plus = [&](Value a, Value b) {
    return a == none ? b : b == none ? a : append(Primitive::add, 0, a, b);
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
    sum = append(minus ? Primitive::subtract : Primitive::add, 0, sum, moved(v));
  }
  return sum;
}

Tape Nesting::run() {
  to_.input_names = from_.input_names;
  to_.column_names = from_.column_names;
  to_.functions = from_.functions;
  to_.counts_rows = from_.counts_rows;
  to_.notes = from_.notes;
  to_.constants = from_.constants;
  for (std::size_t i = 0; i < from_.constants.size(); ++i) {
    constants_.try_emplace(std::bit_cast<std::uint64_t>(from_.constants[i]),
                           from_.first_constant() + static_cast<Value>(i));
  }
  count_uses();
  for (const Segment& segment : from_.segments) {
    find_powers(segment.end);
    find_sums(segment.end);
    choose();
    begin_ = segment.end;
  }
  if (polynomials_.empty()) return from_;

  const auto needed = find_needed();
  std::uint32_t begin = 0;
  for (const Segment& segment : from_.segments) {
    for (std::uint32_t i = begin; i < segment.end; ++i) {
      if (!needed[i]) continue;
      if (rewritten_[i] != none) {
        moved_[i] = write(polynomials_[rewritten_[i]]);
        continue;
      }
      const int operands = arity(from_.op[i], from_.detail[i]);
      moved_[i] =
          append(from_.op[i], from_.detail[i], moved(from_.a[i]),
                 operands > 1 ? moved(from_.b[i]) : 0, operands > 2 ? moved(from_.c[i]) : 0);
    }
    begin = segment.end;
    squares_.clear();
    to_.segments.push_back({static_cast<std::uint32_t>(to_.operations()), segment.loop});
  }
  for (const Value v : from_.outputs) to_.outputs.push_back(moved(v));
  return std::move(to_);
}

}  // namespace

Tape with_nested_polynomials(const Tape& tape) { return Nesting(tape).run(); }

}  // namespace nabla
