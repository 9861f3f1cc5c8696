// Factors of polynomials: the ones people see, found without a general algorithm.

#include <algorithm>
#include <cstdlib>
#include <numeric>

#include "simplify/polynomial.hpp"

namespace nabla::fractions {

namespace {

std::optional<Number> exact_root(const Number& n) {
  if (n.sign() < 0) return std::nullopt;
  return root(n, 2);
}

Polynomial primitive(const Polynomial& p) { return p * content(p).inverse(); }

std::vector<std::int64_t> divisors(std::int64_t n) {
  std::vector<std::int64_t> result;
  n = std::abs(n);
  for (std::int64_t d = 1; d * d <= n && d < 2000; ++d) {
    if (n % d != 0) continue;
    result.push_back(d);
    if (d * d != n) result.push_back(n / d);
  }
  std::ranges::sort(result);
  return result;
}

class Splitter {
 public:
  explicit Splitter(bool whole) : whole_(whole) {}
  void split(Polynomial p, int exponent);
  std::vector<std::pair<Polynomial, int>> found;

 private:
  bool try_contents(const Polynomial& p, int exponent);
  bool try_square_free(const Polynomial& p, int exponent);
  bool try_roots(const Polynomial& p, int exponent);
  bool try_quadratic(const Polynomial& p, int exponent);
  bool try_cubes(const Polynomial& p, int exponent);
  bool apart(const Polynomial& p, const Polynomial& part, int exponent);
  std::vector<std::pair<Polynomial, int>> waiting_;
  bool whole_;
};

// p = part * rest: both wait to be looked at again.
bool Splitter::apart(const Polynomial& p, const Polynomial& part, int exponent) {
  if (part.is_constant()) return false;
  const auto rest = divide(p, part);
  if (!rest || rest->is_constant()) return false;
  waiting_.emplace_back(primitive(part), exponent);
  waiting_.emplace_back(primitive(*rest), exponent);
  return true;
}

// Factors in which a kernel does not occur.
bool Splitter::try_contents(const Polynomial& p, int exponent) {
  for (std::size_t k = 0; k < most_kernels; ++k) {
    const int degree = p.degree(k);
    if (degree == 0) continue;
    Polynomial common;
    for (int d = 0; d <= degree; ++d) common = gcd(common, p.coefficient(k, d));
    if (!common.is_constant() && apart(p, common, exponent)) return true;
  }
  return false;
}

bool Splitter::try_square_free(const Polynomial& p, int exponent) {
  for (std::size_t k = 0; k < most_kernels; ++k) {
    if (p.degree(k) < 2) continue;
    const Polynomial twice = gcd(p, p.derivative(k));
    if (!twice.is_constant() && apart(p, twice, exponent)) return true;
  }
  return false;
}

bool Splitter::try_roots(const Polynomial& p, int exponent) {
  std::size_t kernel = most_kernels;
  for (std::size_t k = 0; k < most_kernels; ++k) {
    if (!p.contains(k)) continue;
    if (kernel != most_kernels) return false;
    kernel = k;
  }
  if (kernel == most_kernels || p.degree(kernel) < 2 || p.degree(kernel) > 12) return false;
  const auto first = p.leading().coefficient.as_int64(), last = p.constant_term().as_int64();
  if (!first || !last || *last == 0) return false;
  int tries = 0;
  for (const std::int64_t q : divisors(*first)) {
    for (const std::int64_t n : divisors(*last)) {
      if (std::gcd(q, n) != 1) continue;
      for (const std::int64_t sign : {1, -1}) {
        if (++tries > 64) return false;
        const Number at = Number::ratio(sign * n, q);
        Number value(0);
        for (int d = p.degree(kernel); d >= 0; --d) {
          value = value * at + p.coefficient(kernel, d).constant_term();
        }
        if (!value.is_zero()) continue;
        return apart(p, Polynomial::kernel(kernel) * Number(q) - Polynomial(Number(sign * n)),
                     exponent);
      }
    }
  }
  return false;
}

// a k^2 + b k + c in some kernel, or in its square.
bool Splitter::try_quadratic(const Polynomial& p, int exponent) {
  for (std::size_t k = 0; k < most_kernels; ++k) {
    const int degree = p.degree(k);
    if (degree != 2 && degree != 4 && degree != 6) continue;
    const int half = degree / 2;
    bool gaps = false;
    for (int d = 1; d < degree; ++d) gaps |= d != half && !p.coefficient(k, d).is_zero();
    if (gaps) continue;
    const Polynomial a = p.coefficient(k, degree), b = p.coefficient(k, half),
                     c = p.coefficient(k, 0);
    if (c.is_zero()) continue;
    const auto root_of = square_root(b * b - a * c * Number(4));
    if (!root_of) continue;
    // 2 a k + b + r, without what does not divide
    const Polynomial candidate = Polynomial::kernel(k, half) * a * Number(2) + b + *root_of;
    const Polynomial part = gcd(p, candidate);
    if (apart(p, part, exponent)) return true;
  }
  return false;
}

bool Splitter::try_cubes(const Polynomial& p, int exponent) {
  if (p.terms().size() != 2) return false;
  Polynomial sum;
  for (const Term& t : p.terms()) {
    const auto r = root(t.coefficient.sign() < 0 ? -t.coefficient : t.coefficient, 3);
    if (!r) return false;
    Term third{.powers = t.powers, .coefficient = t.coefficient.sign() < 0 ? -*r : *r};
    for (std::size_t k = 0; k < most_kernels; ++k) {
      if (third.powers[k] % 3 != 0) return false;
      third.powers[k] = static_cast<std::int16_t>(third.powers[k] / 3);
    }
    sum = sum + Polynomial::from({third}, p.meter());
  }
  return apart(p, sum, exponent);
}

void Splitter::split(Polynomial p, int exponent) {
  waiting_.emplace_back(std::move(p), exponent);
  while (!waiting_.empty()) {
    auto [next, e] = std::move(waiting_.back());
    waiting_.pop_back();
    if (next.is_constant()) continue;
    if (next.terms().size() > 1 && next.total_degree() > 1 &&
        (try_contents(next, e) || try_square_free(next, e) ||
         (whole_ && (try_roots(next, e) || try_quadratic(next, e) || try_cubes(next, e))))) {
      continue;
    }
    const auto same =
        std::ranges::find_if(found, [&p = next](const auto& f) { return f.first == p; });
    if (same != found.end()) {
      same->second += e;
    } else {
      found.emplace_back(std::move(next), e);
    }
  }
}

}  // namespace

std::optional<Polynomial> square_root(const Polynomial& p) {
  if (p.is_zero()) return p;
  const auto half = [](const Term& t) -> std::optional<Term> {
    const auto r = exact_root(t.coefficient);
    if (!r) return std::nullopt;
    Term s{.powers = t.powers, .coefficient = *r};
    for (std::size_t k = 0; k < most_kernels; ++k) {
      if (t.powers[k] % 2 != 0) return std::nullopt;
      s.powers[k] = static_cast<std::int16_t>(t.powers[k] / 2);
    }
    return s;
  };
  const auto first = half(p.leading());
  if (!first || !half(p.terms().back())) return std::nullopt;
  Polynomial result = Polynomial::from({*first}, p.meter());
  const Polynomial twice = result * Number(2);
  Polynomial rest = p - result * result;
  for (std::size_t steps = 0; !rest.is_zero(); ++steps) {
    const auto next = divide(Polynomial::from({rest.leading()}), twice);
    if (!next || steps > p.terms().size()) return std::nullopt;
    rest = rest - *next * (result * Number(2) + *next);
    result = result + *next;
  }
  return result;
}

static Factored split(const Polynomial& p, bool whole) {
  Factored result{.content = content(p), .factors = {}};
  if (p.is_zero()) return {.content = Number(0), .factors = {}};
  if (p.leading().coefficient.sign() < 0) result.content = -result.content;
  Exponents monomial = p.leading().powers;
  for (const Term& t : p.terms()) {
    for (std::size_t k = 0; k < most_kernels; ++k) monomial[k] = std::min(monomial[k], t.powers[k]);
  }
  Splitter splitter(whole);
  Polynomial rest = *divide(p * result.content.inverse(),
                            Polynomial::from({Term{.powers = monomial, .coefficient = Number(1)}}));
  splitter.split(rest, 1);
  for (std::size_t k = 0; k < most_kernels; ++k) {
    if (monomial[k] != 0)
      result.factors.emplace_back(Polynomial::kernel(k, 1, p.meter()), monomial[k]);
  }
  for (auto& f : splitter.found) result.factors.push_back(std::move(f));
  // Splitting may have turned signs: the product is compared once, by its leading term.
  Number lead(1);
  for (const auto& [q, e] : result.factors) {
    for (int i = 0; i < e; ++i) lead = lead * q.leading().coefficient;
  }
  result.content = p.leading().coefficient / lead;
  return result;
}

Factored factor(const Polynomial& p) { return split(p, true); }
Factored square_free_factor(const Polynomial& p) { return split(p, false); }

}  // namespace nabla::fractions
