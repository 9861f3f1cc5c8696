// Sums over what their terms have in common, powers, absolute values.

#include "simplify/field.hpp"

#include <algorithm>

namespace nabla::fractions {

Product Field::sum(std::vector<Product> terms) {
  std::erase_if(terms, [](const Product& t) { return t.coefficient.is_zero(); });
  if (terms.empty()) return {.coefficient = Number(0), .factors = {}};
  if (terms.size() == 1) return terms.front();
  // One orientation for every base.
  std::vector<Factor> common;
  for (int pass = 0; pass < 2; ++pass) {
    for (Product& t : terms) {
      for (Factor& f : t.factors) {
        if (f.exponent.is_integer() == (pass == 0)) continue;
        const auto at = std::ranges::find_if(
            common, [&](const Factor& c) { return c.base == f.base || c.base == -f.base; });
        if (at == common.end()) {
          common.push_back({f.base, Number(0)});
        } else if (!(at->base == f.base) && f.exponent.is_integer()) {
          if (is_odd(f.exponent)) t.coefficient = -t.coefficient;
          f.base = at->base;
        }
      }
    }
  }
  const auto exponent_in = [](const Product& t, const Polynomial& base) {
    for (const Factor& f : t.factors) {
      if (f.base == base) return f.exponent;
    }
    return Number(0);
  };
  for (Factor& c : common) {
    c.exponent = exponent_in(terms.front(), c.base);
    for (const Product& t : terms) {
      const Number e = exponent_in(t, c.base);
      if (e < c.exponent) c.exponent = e;
    }
  }
  Polynomial total;
  for (const Product& t : terms) {
    Polynomial part(t.coefficient);
    for (const Factor& c : common) {
      const Number over = exponent_in(t, c.base) - c.exponent;
      if (over.is_zero()) continue;
      const Number whole = over.floor();
      const auto n = whole.as_int64();
      if (!n || *n > Polynomial::highest_degree) throw TooLarge{};
      if (*n > 0) part = part * power(c.base, static_cast<int>(*n));
      const Number fraction = over - whole;
      if (fraction.is_zero()) continue;
      const auto up = fraction.numerator().as_int64(), down = fraction.denominator().as_int64();
      if (!up || !down || *down > 12) throw TooLarge{};
      part = part * kernel(root_kernel(c.base, *down), static_cast<int>(*up));
    }
    total = total + reduced(part);
  }
  total = reduced(total);
  Product result;
  push(result, total, Number(1));
  for (const Factor& c : common) {
    if (result.coefficient.is_zero()) return {.coefficient = Number(0), .factors = {}};
    if (!c.exponent.is_zero()) result.factors.push_back(c);
  }
  settle(result);
  cancel(result);
  split_pythagoras(result);
  return result;
}

Product Field::absolute(const Product& p) {
  Product result{.coefficient = p.coefficient.sign() < 0 ? -p.coefficient : p.coefficient,
                 .factors = {}};
  for (const Factor& f : p.factors) {
    const Range r = f.base.is_constant() ? Range::positive() : range(f.base);
    if (!f.exponent.is_integer() || f.exponent.is_even() || r.is_nonnegative()) {
      push(result, f.base, f.exponent);
    } else if (r.high <= 0) {
      push(result, f.base, f.exponent);
      result.coefficient = -result.coefficient;
    } else {
      push(result, kernel(absolute_kernel(f.base)), f.exponent);
    }
  }
  settle(result);
  return result;
}

// base^exponent. A fractional power of a product is split only where no domain is lost: bases of
// known sign, and even powers, as |b|.
Product Field::raised(const Product& base, const Number& exponent) {
  if (base.coefficient.is_zero()) {
    if (exponent.sign() < 0) throw TooLarge{};
    return base;
  }
  Product result;
  if (exponent.is_integer()) {
    push_number(result, base.coefficient, exponent);
    for (const Factor& f : base.factors) push(result, f.base, f.exponent * exponent);
    settle(result);
    return result;
  }
  // The radicand in factors that show their even powers.
  std::vector<Factor> factors;
  Number coefficient = base.coefficient;
  for (const Factor& f : base.factors) {
    if (!f.exponent.is_integer() || f.base.terms().size() < 2) {
      factors.push_back(f);
      continue;
    }
    const Factored parts = square_free_factor(f.base);
    Product scale;
    push_number(scale, parts.content, f.exponent);
    coefficient = coefficient * scale.coefficient;
    for (const auto& [b, e] : parts.factors) factors.push_back({b, f.exponent * Number(e)});
  }
  // Even powers come out, kernels of known sign too; what is left is one polynomial.
  std::vector<Factor> out, odd, absolutes;
  bool may_vanish = false;  // something that came out
  for (const Factor& f : factors) {
    const Range r = f.base.is_constant() ? Range::positive() : range(f.base);
    const bool nonzero = exponent.sign() < 0 || f.exponent.sign() < 0 || r.is_nonzero();
    const bool known = r.is_nonnegative() || !f.exponent.is_integer();
    if (known && (f.base.terms().size() < 2 || !f.exponent.is_integer() || f.exponent.is_even())) {
      out.push_back({f.base, f.exponent * exponent});
      may_vanish = may_vanish || !nonzero;
    } else if (f.exponent.is_even() && r.high <= 0) {
      out.push_back({-f.base, f.exponent * exponent});
      may_vanish = may_vanish || !nonzero;
    } else if (f.exponent.is_even()) {
      absolutes.push_back({f.base, f.exponent * exponent});
      may_vanish = may_vanish || !nonzero;
    } else {
      odd.push_back(f);
    }
  }
  const bool negative = coefficient.sign() < 0;
  if (odd.empty() && negative) throw TooLarge{};
  // Something came out that may be 0 while the rest is negative: it must not be split.
  if (may_vanish && !odd.empty()) throw TooLarge{};
  Polynomial rest(negative ? Number(-1) : Number(1));
  for (const Factor& f : odd) {
    if (odd.size() == 1 && !negative) {  // then it is positive itself
      out.push_back({f.base, f.exponent * exponent});
      continue;
    }
    const Range r = range(f.base);
    const bool nonzero = exponent.sign() < 0 || f.exponent.sign() < 0 || r.is_nonzero();
    const Number twice = f.exponent - Number(1);
    if (nonzero) {
      rest = rest * f.base;
      if (twice.is_zero()) continue;
      (r.is_nonnegative() ? out : absolutes).push_back({f.base, twice * exponent});
    } else {
      const auto e = f.exponent.as_int64();
      if (!e || *e > Polynomial::highest_degree) throw TooLarge{};
      rest = rest * power(f.base, static_cast<int>(*e));
    }
  }
  push_number(result, negative ? -coefficient : coefficient, exponent);
  push(result, reduced(rest), exponent);
  for (const Factor& f : out) push(result, f.base, f.exponent);
  // |a| |b| is |a b|
  while (!absolutes.empty()) {
    Factor joined = absolutes.back();
    absolutes.pop_back();
    std::erase_if(absolutes, [&](const Factor& f) {
      if (!(f.exponent == joined.exponent)) return false;
      joined.base = joined.base * f.base;
      return true;
    });
    if (joined.base.leading().coefficient.sign() < 0) joined.base = -joined.base;
    push(result, kernel(absolute_kernel(joined.base)), joined.exponent);
  }
  settle(result);
  return result;
}

}  // namespace nabla::fractions
