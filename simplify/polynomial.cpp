#include "simplify/polynomial.hpp"

#include <algorithm>
#include <numeric>

namespace nabla::fractions {

namespace {

bool before(const Term& s, const Term& t) { return s.powers > t.powers; }

// Numbers beyond this are a sign of swell, not of a shorter form.
constexpr std::size_t most_bits = 1024;

void check(const Number& value) {
  if (!value.as_int64() && value.bits() > most_bits) throw TooLarge{};
}

}  // namespace

static void count(Meter* meter, std::size_t terms) {
  if (meter != nullptr) meter->count(terms);
}

Polynomial::Polynomial(const Number& constant) {
  if (!constant.is_zero()) terms_.push_back({.powers = {}, .coefficient = constant});
}

Polynomial Polynomial::kernel(std::size_t which, int power, Meter* meter) {
  Polynomial p;
  p.meter_ = meter;
  p.terms_.push_back({.powers = {}, .coefficient = Number(1)});
  p.terms_.front().powers[which] = static_cast<std::int16_t>(power);
  return p;
}

Polynomial Polynomial::from(std::vector<Term> terms, Meter* meter) {
  std::ranges::sort(terms, before);
  Polynomial p;
  p.meter_ = meter;
  for (Term& t : terms) {
    if (!p.terms_.empty() && p.terms_.back().powers == t.powers) {
      p.terms_.back().coefficient = p.terms_.back().coefficient + t.coefficient;
    } else {
      if (!p.terms_.empty() && p.terms_.back().coefficient.is_zero()) p.terms_.pop_back();
      p.terms_.push_back(std::move(t));
    }
  }
  if (!p.terms_.empty() && p.terms_.back().coefficient.is_zero()) p.terms_.pop_back();
  if (p.terms_.size() > most_terms) throw TooLarge{};
  return p;
}

bool Polynomial::is_constant() const {
  return terms_.empty() || (terms_.size() == 1 && terms_.front().powers == Exponents{});
}

Number Polynomial::constant_term() const {
  if (terms_.empty() || terms_.back().powers != Exponents{}) return Number(0);
  return terms_.back().coefficient;
}

int Polynomial::degree(std::size_t kernel) const {
  int result = 0;
  for (const Term& t : terms_) result = std::max<int>(result, t.powers[kernel]);
  return result;
}

int Polynomial::total_degree() const {
  int result = 0;
  for (const Term& t : terms_) {
    result = std::max(result, std::accumulate(t.powers.begin(), t.powers.end(), 0));
  }
  return result;
}

Polynomial Polynomial::coefficient(std::size_t kernel, int power) const {
  Polynomial p;
  p.meter_ = meter_;
  for (const Term& t : terms_) {
    if (t.powers[kernel] != power) continue;
    p.terms_.push_back(t);
    p.terms_.back().powers[kernel] = 0;
  }
  return p;
}

Polynomial Polynomial::derivative(std::size_t kernel) const {
  Polynomial p;
  p.meter_ = meter_;
  for (const Term& t : terms_) {
    if (t.powers[kernel] == 0) continue;
    p.terms_.push_back(t);
    p.terms_.back().coefficient = t.coefficient * Number(t.powers[kernel]);
    --p.terms_.back().powers[kernel];
  }
  return p;
}

Polynomial operator+(const Polynomial& a, const Polynomial& b) {
  Polynomial p;
  p.meter_ = Polynomial::meter_of(a, b);
  count(p.meter_, a.terms_.size() + b.terms_.size());
  p.terms_.reserve(a.terms_.size() + b.terms_.size());
  auto s = a.terms_.begin(), t = b.terms_.begin();
  while (s != a.terms_.end() || t != b.terms_.end()) {
    if (t == b.terms_.end() || (s != a.terms_.end() && before(*s, *t))) {
      p.terms_.push_back(*s++);
    } else if (s == a.terms_.end() || before(*t, *s)) {
      p.terms_.push_back(*t++);
    } else {
      const Number total = s->coefficient + t->coefficient;
      check(total);
      if (!total.is_zero()) p.terms_.push_back({.powers = s->powers, .coefficient = total});
      ++s;
      ++t;
    }
  }
  if (p.terms_.size() > Polynomial::most_terms) throw TooLarge{};
  return p;
}

Polynomial operator-(const Polynomial& a, const Polynomial& b) { return a + -b; }

Polynomial operator*(const Polynomial& a, const Number& c) {
  Polynomial p;
  p.meter_ = a.meter_;
  if (c.is_zero()) return p;
  p.terms_ = a.terms_;
  if (c.is_one()) return p;
  for (Term& t : p.terms_) {
    t.coefficient = t.coefficient * c;
    check(t.coefficient);
  }
  return p;
}

Polynomial operator*(const Polynomial& a, const Polynomial& b) {
  if (a.terms_.size() * b.terms_.size() > 8 * Polynomial::most_terms) throw TooLarge{};
  Meter* const meter = Polynomial::meter_of(a, b);
  count(meter, 2 * a.terms_.size() * b.terms_.size());
  std::vector<Term> terms;
  terms.reserve(a.terms_.size() * b.terms_.size());
  for (const Term& s : a.terms_) {
    for (const Term& t : b.terms_) {
      Term product{.powers = s.powers, .coefficient = s.coefficient * t.coefficient};
      check(product.coefficient);
      for (std::size_t k = 0; k < most_kernels; ++k) {
        const int sum = product.powers[k] + t.powers[k];
        if (sum > Polynomial::highest_degree) throw TooLarge{};
        product.powers[k] = static_cast<std::int16_t>(sum);
      }
      terms.push_back(std::move(product));
    }
  }
  if (a.terms_.size() == 1 || b.terms_.size() == 1) {  // sorted already
    Polynomial p;
    p.terms_ = std::move(terms);
    p.meter_ = meter;
    return p;
  }
  return Polynomial::from(std::move(terms), meter);
}

bool operator==(const Polynomial& a, const Polynomial& b) {
  return std::ranges::equal(a.terms_, b.terms_, [](const Term& s, const Term& t) {
    return s.powers == t.powers && s.coefficient == t.coefficient;
  });
}

Polynomial power(const Polynomial& base, int exponent) {
  Polynomial result(Number(1));
  if (exponent > 0 && base.total_degree() * exponent > Polynomial::highest_degree) throw TooLarge{};
  for (int i = 0; i < exponent; ++i) result = result * base;
  return result;
}

namespace {

// t/b of two terms, if the powers allow.
std::optional<Term> quotient(const Term& t, const Term& b) {
  Term q{.powers = t.powers, .coefficient = t.coefficient / b.coefficient};
  for (std::size_t k = 0; k < most_kernels; ++k) {
    if (t.powers[k] < b.powers[k]) return std::nullopt;
    q.powers[k] = static_cast<std::int16_t>(t.powers[k] - b.powers[k]);
  }
  return q;
}

}  // namespace

std::optional<Polynomial> divide(const Polynomial& a, const Polynomial& b) {
  if (b.is_zero()) return std::nullopt;
  if (a.is_zero()) return a;
  // The last terms divide as well, or nothing does.
  if (!quotient(a.terms().back(), b.terms().back())) return std::nullopt;
  std::vector<Term> found;
  Polynomial rest = a;
  while (!rest.is_zero()) {
    auto q = quotient(rest.leading(), b.leading());
    if (!q || found.size() > Polynomial::most_terms) return std::nullopt;
    rest = rest - b * Polynomial::from({*q});
    found.push_back(std::move(*q));
  }
  return Polynomial::from(std::move(found), a.meter());
}

std::optional<std::pair<Polynomial, Polynomial>> divide_in(const Polynomial& a, const Polynomial& b,
                                                           std::size_t kernel) {
  const int degree = b.degree(kernel);
  const Polynomial lead = b.coefficient(kernel, degree);
  Polynomial quotient, rest = a;
  while (!rest.is_zero() && rest.degree(kernel) >= degree) {
    const int top = rest.degree(kernel);
    const auto part = divide(rest.coefficient(kernel, top), lead);
    if (!part) return std::nullopt;
    const Polynomial step =
        top == degree ? *part : *part * Polynomial::kernel(kernel, top - degree);
    quotient = quotient + step;
    rest = rest - step * b;
    if (degree == 0 && top == 0) break;
  }
  return std::pair(quotient, rest);
}

Number content(const Polynomial& p) {
  if (p.is_zero()) return Number(1);
  const auto common = [](const Number& a, const Number& b) {  // gcd of positive integers
    const auto x = a.as_int64(), y = b.as_int64();
    if (x && y) return Number(std::gcd(*x, *y));
    return a / (a / b).numerator();
  };
  const auto size = [](const Number& n) { return n.sign() < 0 ? -n : n; };
  Number up = size(p.terms().front().coefficient.numerator());
  Number down = p.terms().front().coefficient.denominator();
  for (const Term& t : p.terms()) {
    if (!up.is_one()) up = common(up, size(t.coefficient.numerator()));
    const Number d = t.coefficient.denominator();
    if (!d.is_one()) down = down * d / common(down, d);
  }
  return up / down;
}

}  // namespace nabla::fractions
