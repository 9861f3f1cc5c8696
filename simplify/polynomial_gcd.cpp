// Greatest common divisors of polynomials.

#include <algorithm>

#include "simplify/polynomial.hpp"

namespace nabla::fractions {

namespace {

using Word = std::uint64_t;
__extension__ using Wide = unsigned __int128;

constexpr Word prime = (Word{1} << 61) - 1;

Word times(Word a, Word b) { return static_cast<Word>(Wide{a} * b % prime); }

Word raised(Word base, Word exponent) {
  Word result = 1;
  for (; exponent != 0; exponent >>= 1) {
    if (exponent & 1) result = times(result, base);
    base = times(base, base);
  }
  return result;
}

Word inverse(Word a) { return raised(a, prime - 2); }

std::optional<Word> image(const Number& value) {
  const auto up = value.numerator().as_int64(), down = value.denominator().as_int64();
  if (!up || !down) return std::nullopt;
  const auto word = [](std::int64_t n) {
    const Word size = (n < 0 ? Word{0} - static_cast<Word>(n) : static_cast<Word>(n)) % prime;
    return n < 0 && size != 0 ? prime - size : size;
  };
  return *down == 1 ? word(*up) : times(word(*up), inverse(word(*down)));
}

// p modulo the prime with every kernel but one set to a fixed number; coefficients by power.
std::optional<std::vector<Word>> image(const Polynomial& p, std::size_t kernel) {
  if (p.meter() != nullptr) p.meter()->count(p.terms().size());
  std::vector<Word> result(static_cast<std::size_t>(p.degree(kernel)) + 1);
  for (const Term& t : p.terms()) {
    const auto c = image(t.coefficient);
    if (!c) return std::nullopt;
    Word value = *c;
    for (std::size_t k = 0; k < most_kernels; ++k) {
      if (k == kernel || t.powers[k] == 0) continue;
      const Word at = 0x1234567890abcdefu % prime + 7919 * (k + 1) * (k + 3);
      value = times(value, raised(at, static_cast<Word>(t.powers[k])));
    }
    Word& to = result[static_cast<std::size_t>(t.powers[kernel])];
    to = (to + value) % prime;
  }
  return result;
}

// Surely no common factor has this kernel in it: the images have none, and keep their degrees.
bool surely_apart(const Polynomial& a, const Polynomial& b, std::size_t kernel) {
  auto x = image(a, kernel), y = image(b, kernel);
  if (!x || !y || x->back() == 0 || y->back() == 0) return false;
  while (y->size() > 1) {
    if (x->size() < y->size()) std::swap(x, y);
    const Word scale = inverse(y->back());
    while (x->size() >= y->size() && !x->empty()) {
      const Word q = times(x->back(), scale);
      const std::size_t shift = x->size() - y->size();
      for (std::size_t i = 0; i < y->size(); ++i) {
        Word& to = (*x)[i + shift];
        to = (to + prime - times(q, (*y)[i])) % prime;
      }
      while (!x->empty() && x->back() == 0) x->pop_back();
    }
    if (x->empty()) return false;  // y divides
    std::swap(x, y);
  }
  return true;
}

Polynomial primitive(const Polynomial& p) {
  if (p.is_zero()) return p;
  Number scale = content(p).inverse();
  if (p.leading().coefficient.sign() < 0) scale = -scale;
  return p * scale;
}

Exponents least_powers(const Polynomial& p) {
  Exponents least = p.leading().powers;
  for (const Term& t : p.terms()) {
    for (std::size_t k = 0; k < most_kernels; ++k) least[k] = std::min(least[k], t.powers[k]);
  }
  return least;
}

Polynomial without(const Polynomial& p, const Exponents& monomial) {
  if (monomial == Exponents{}) return p;
  std::vector<Term> terms = p.terms();
  for (Term& t : terms) {
    for (std::size_t k = 0; k < most_kernels; ++k) {
      t.powers[k] = static_cast<std::int16_t>(t.powers[k] - monomial[k]);
    }
  }
  return Polynomial::from(std::move(terms), p.meter());
}

// The gcd of the coefficients of p as a polynomial in one kernel.
Polynomial content_in(const Polynomial& p, std::size_t kernel) {
  Polynomial result;
  for (int d = p.degree(kernel); d >= 0; --d) {
    const Polynomial c = p.coefficient(kernel, d);
    if (c.is_zero()) continue;
    result = result.is_zero() ? primitive(c) : gcd(result, c);
    if (result.is_constant()) break;
  }
  return result;
}

Polynomial pseudo_remainder(Polynomial a, const Polynomial& b, std::size_t kernel) {
  const int degree = b.degree(kernel);
  const Polynomial lead = b.coefficient(kernel, degree);
  while (!a.is_zero() && a.degree(kernel) >= degree) {
    const int top = a.degree(kernel);
    Polynomial step = a.coefficient(kernel, top) * b;
    if (top > degree) step = step * Polynomial::kernel(kernel, top - degree);
    a = primitive(lead * a - step);
  }
  return a;
}

}  // namespace

// Recursion is over kernels, at most sixteen deep.
Polynomial gcd(const Polynomial& a, const Polynomial& b) {
  if (a.is_zero()) return primitive(b);
  if (b.is_zero()) return primitive(a);
  if (a.is_constant() || b.is_constant()) return Polynomial(Number(1));
  Exponents common = least_powers(a);
  const Exponents least_b = least_powers(b);
  Polynomial u = without(a, common), v = without(b, least_b);
  for (std::size_t k = 0; k < most_kernels; ++k) common[k] = std::min(common[k], least_b[k]);
  const Polynomial shared =
      Polynomial::from({Term{.powers = common, .coefficient = Number(1)}}, a.meter());
  // A kernel only one of them has is in no common factor.
  for (std::size_t k = 0; k < most_kernels; ++k) {
    if (u.is_constant() || v.is_constant()) return shared;
    if (u.contains(k) && !v.contains(k)) u = content_in(u, k);
    if (v.contains(k) && !u.contains(k)) v = content_in(v, k);
  }
  if (u.is_constant() || v.is_constant()) return shared;
  u = primitive(u);
  v = primitive(v);
  if (u == v) return shared * u;
  std::size_t kernel = most_kernels;
  bool apart = true;
  for (std::size_t k = 0; k < most_kernels; ++k) {
    if (!u.contains(k) || !v.contains(k)) continue;
    if (kernel == most_kernels || u.degree(k) + v.degree(k) < u.degree(kernel) + v.degree(kernel)) {
      kernel = k;
    }
    apart = apart && surely_apart(u, v, k);
  }
  if (kernel == most_kernels || apart) return shared;
  if (const auto q = divide(u, v)) return shared * v;
  if (const auto q = divide(v, u)) return shared * u;
  const Polynomial content_u = content_in(u, kernel), content_v = content_in(v, kernel);
  const Polynomial outer = gcd(content_u, content_v);
  u = *divide(u, content_u);
  v = *divide(v, content_v);
  if (u.degree(kernel) < v.degree(kernel)) std::swap(u, v);
  for (int steps = 0; steps < 64; ++steps) {
    Polynomial r = pseudo_remainder(u, v, kernel);
    if (r.is_zero()) return primitive(shared * outer * v);
    if (!r.contains(kernel)) return primitive(shared * outer);
    u = std::move(v);
    v = primitive(*divide(r, content_in(r, kernel)));
  }
  throw TooLarge{};
}

}  // namespace nabla::fractions
