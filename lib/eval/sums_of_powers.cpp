#include "lib/eval/sums_of_powers.hpp"

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

// What a base has to do with: to decide whether its powers can go.
struct Base {
  std::uint32_t powers = 0;             // operations that compute powers of it
  std::uint32_t uses = 0;               // of those, by anything
  std::uint32_t known = 0;              // by one another and by polynomials
  std::uint32_t before = 0, after = 0;  // operations of its polynomials
};

class Finder {
 public:
  Finder(const Tape& from, SumsOfPowers& to)
      : from_(from),
        to_(to),
        first_(from.first_operation()),
        uses_(from.operations()),
        power_(from.operations()),
        within_(from.operations()) {}
  void run() {
    count_uses();
    for (const Segment& segment : from_.segments) {
      find_powers(segment.end);
      find_sums(segment.end);
      choose();
      begin_ = segment.end;
    }
  }

 private:
  static constexpr Value none = SumsOfPowers::none;

  bool is_operation(Value v) const { return v >= first_; }
  bool is_constant(Value v) const { return v >= from_.first_constant() && v < first_; }
  double number(Value v) const { return from_.constants[v - from_.first_constant()]; }
  Primitive op(Value v) const { return from_.op[v - first_]; }
  bool in_segment(Value v) const { return v >= first_ + begin_; }
  static bool adds(Primitive p) { return p == Primitive::add || p == Primitive::subtract; }
  Power power(Value v) const { return in_segment(v) ? power_[v - first_] : Power{v, 1}; }

  void count_uses();
  void find_powers(std::uint32_t end);
  void find_sums(std::uint32_t end);
  std::optional<Polynomial> read(std::uint32_t root);
  void choose();

  const Tape& from_;
  SumsOfPowers& to_;
  const Value first_;
  std::uint32_t begin_ = 0;  // of the segment at hand
  std::vector<std::uint32_t> uses_;
  std::vector<Power> power_;
  std::vector<std::uint8_t> within_;  // a sum that is part of another
  std::vector<Polynomial> found_;     // in this segment
  std::unordered_map<Value, Base> bases_;
};

void Finder::count_uses() {
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

void Finder::find_powers(std::uint32_t end) {
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
void Finder::find_sums(std::uint32_t end) {
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

std::optional<Polynomial> Finder::read(std::uint32_t root) {
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
void Finder::choose() {
  for (const Polynomial& p : found_) {
    Base& base = bases_[p.base];
    base.before += p.terms - 1;
    base.after += cost(p);
  }
  for (Polynomial& p : found_) {
    const Base& base = bases_[p.base];
    const std::uint32_t gone = base.uses == base.known ? base.powers : 0;
    if (base.after + 1 >= base.before + gone) continue;
    to_.at[p.root] = static_cast<std::uint32_t>(to_.polynomials.size());
    to_.polynomials.push_back(std::move(p));
  }
  found_.clear();
  bases_.clear();
}

}  // namespace

SumsOfPowers::SumsOfPowers(const Tape& tape) : at(tape.operations(), none) {
  Finder(tape, *this).run();
}

}  // namespace nabla
