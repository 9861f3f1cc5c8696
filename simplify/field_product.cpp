// Products of powers: equal bases together, numerators against denominators.

#include "simplify/field.hpp"

#include <algorithm>

namespace nabla::fractions {

namespace {

std::optional<std::size_t> single_kernel(const Polynomial& p) {
  if (!p.is_monomial() || !p.leading().coefficient.is_one()) return std::nullopt;
  std::optional<std::size_t> found;
  for (std::size_t k = 0; k < most_kernels; ++k) {
    const int e = p.leading().powers[k];
    if (e == 0) continue;
    if (e != 1 || found) return std::nullopt;
    found = k;
  }
  return found;
}

}  // namespace

// number^exponent, split into the part that is rational and roots of small integers.
void Field::push_number(Product& to, const Number& base, const Number& exponent) {
  if (base.is_one() || exponent.is_zero()) return;
  if (exponent.is_integer()) {
    const auto e = exponent.as_int64();
    if (!e || *e > 512 || *e < -512 || (base.is_zero() && *e < 0)) throw TooLarge{};
    to.coefficient = to.coefficient * power(base, *e);
    if (!to.coefficient.as_int64() && to.coefficient.bits() > 2048) throw TooLarge{};
    return;
  }
  if (base.sign() < 0) throw TooLarge{};
  const auto part = [&](const Number& whole, bool below) {
    auto rest = whole.as_int64();
    if (!rest) throw TooLarge{};
    std::int64_t n = *rest;
    const auto prime = [&](std::int64_t p, int count) {
      const Number e = exponent * Number(below ? -count : count);
      const Number floor = e.floor();
      if (!floor.is_zero()) push_number(to, Number(p), floor);
      const Number left = e - floor;
      if (!left.is_zero()) to.factors.push_back({Polynomial(Number(p)), left});
    };
    for (std::int64_t p = 2; p < 100 && p * p <= n; ++p) {
      int count = 0;
      for (; n % p == 0; n /= p) ++count;
      if (count != 0) prime(p, count);
    }
    if (n > 1) prime(n, 1);
  };
  part(base.numerator(), false);
  part(base.denominator(), true);
}

void Field::push(Product& to, Polynomial base, Number exponent) {
  if (exponent.is_zero() || to.coefficient.is_zero()) return;
  if (base.is_zero()) {
    if (exponent.sign() < 0) throw TooLarge{};
    to = {.coefficient = Number(0), .factors = {}};
    return;
  }
  if (base.is_constant()) return push_number(to, base.constant_term(), exponent);
  const bool whole = exponent.is_integer();
  Number scale = content(base);
  if (whole && base.leading().coefficient.sign() < 0) scale = -scale;
  if (!scale.is_one()) {
    push_number(to, scale, exponent);
    base = base * scale.inverse();
  }
  if (whole) {
    Exponents least = base.leading().powers;
    for (const Term& t : base.terms()) {
      for (std::size_t k = 0; k < most_kernels; ++k) least[k] = std::min(least[k], t.powers[k]);
    }
    if (least != Exponents{} && !single_kernel(base)) {
      base = *divide(base,
                     Polynomial::from({Term{.powers = least, .coefficient = Number(1)}}, meter_));
      for (std::size_t k = 0; k < most_kernels; ++k) {
        if (least[k] != 0) push(to, kernel(k), exponent * Number(least[k]));
      }
      if (base.is_constant()) return;
    }
  }
  if (const auto k = single_kernel(base); k && kernels_[*k].kind == Kernel::Kind::root) {
    const Kernel kernel = kernels_[*k];
    return push(to, kernel.base, exponent * Number::ratio(1, kernel.degree));
  }
  to.factors.push_back({std::move(base), std::move(exponent)});
}

// Equal bases together; fractional exponents decide about the sign of a base.
void Field::settle(Product& p) {
  if (p.coefficient.is_zero()) {
    p.factors.clear();
    return;
  }
  bool again = true;
  while (again) {
    again = false;
    std::vector<Factor>& f = p.factors;
    for (std::size_t i = 0; i < f.size(); ++i) {
      for (std::size_t j = i + 1; j < f.size();) {
        const bool same = f[i].base == f[j].base;
        if (!same && !(f[i].base == -f[j].base)) {
          ++j;
          continue;
        }
        if (!same) {
          // (-b)^e with whole e takes the orientation of the other one
          Factor& turned = f[j].exponent.is_integer() ? f[j] : f[i];
          if (!turned.exponent.is_integer()) {
            ++j;
            continue;
          }
          if (is_odd(turned.exponent)) p.coefficient = -p.coefficient;
          turned.base = -turned.base;
        }
        f[i].exponent = f[i].exponent + f[j].exponent;
        f.erase(f.begin() + static_cast<std::ptrdiff_t>(j));
      }
    }
    std::erase_if(f, [](const Factor& x) { return x.exponent.is_zero(); });
    // What has become whole is pushed again: signs, monomials, numbers.
    for (std::size_t i = 0; i < f.size(); ++i) {
      const bool whole = f[i].exponent.is_integer();
      const bool turned =
          whole && !f[i].base.is_constant() && f[i].base.leading().coefficient.sign() < 0;
      const bool oriented_by_other = turned && std::ranges::any_of(f, [&](const Factor& o) {
                                       return !o.exponent.is_integer() && (o.base == f[i].base);
                                     });
      const bool number = f[i].base.is_constant() &&
                          (whole || f[i].exponent.sign() < 0 || Number(1) < f[i].exponent);
      const bool monomial =
          whole && f[i].base.is_monomial() && !single_kernel(f[i].base) && !f[i].base.is_constant();
      if ((turned && !oriented_by_other) || number || monomial) {
        const Factor moved = f[i];
        f.erase(f.begin() + static_cast<std::ptrdiff_t>(i));
        push(p, moved.base, moved.exponent);
        again = true;
        break;
      }
    }
    if (again) continue;
    // |b|^(n+2) is b^2 |b|^n; one sign is left over at most: |b| b^(n-1) or b^(n+1)/|b|.
    for (std::size_t i = 0; i < f.size(); ++i) {
      const auto k = single_kernel(f[i].base);
      if (!k || kernels_[*k].kind != Kernel::Kind::absolute || !f[i].exponent.is_integer())
        continue;
      const auto e = f[i].exponent.as_int64();
      if (!e) throw TooLarge{};
      Number below(0);
      for (const Factor& other : f) {
        if (other.base == kernels_[*k].base && other.exponent.is_integer()) below = other.exponent;
      }
      const Number total = below + f[i].exponent;
      const std::int64_t left = *e % 2 == 0 ? 0 : total.sign() > 0 ? 1 : -1;
      if (left == *e) continue;
      f[i].exponent = Number(left);
      push(p, kernels_[*k].base, Number(*e - left));
      again = true;
      break;
    }
  }
}

// Numerators against denominators.
void Field::cancel(Product& p) {
  std::vector<Factor>& f = p.factors;
  const auto hard = [](const Factor& x) {
    return x.base.terms().size() > 1 && x.exponent.is_integer();
  };
  bool again = true;
  while (again) {
    again = false;
    for (std::size_t i = 0; i < f.size() && !again; ++i) {
      if (!hard(f[i]) || f[i].exponent.sign() < 0) continue;
      for (std::size_t j = 0; j < f.size() && !again; ++j) {
        if (i == j || f[j].base.terms().size() < 2) continue;
        if (!f[j].exponent.is_integer()) {
          const auto rest = divide(f[i].base, f[j].base);
          if (!rest || rest->is_zero()) continue;
          const Factor whole = f[i];
          f.erase(f.begin() + static_cast<std::ptrdiff_t>(i));
          f[j > i ? j - 1 : j].exponent = f[j > i ? j - 1 : j].exponent + whole.exponent;
          push(p, *rest, whole.exponent);
          again = true;
        } else if (f[j].exponent.sign() < 0) {
          const Polynomial common = gcd(f[i].base, f[j].base);
          if (common.is_constant()) continue;
          const Factor up = f[i], down = f[j];
          f.erase(f.begin() + static_cast<std::ptrdiff_t>(std::max(i, j)));
          f.erase(f.begin() + static_cast<std::ptrdiff_t>(std::min(i, j)));
          push(p, common, up.exponent + down.exponent);
          push(p, *divide(up.base, common), up.exponent);
          push(p, *divide(down.base, common), down.exponent);
          again = true;
        }
      }
    }
    if (again) settle(p);
  }
}

// 1 - c^2 is s^2 again where it is a factor.
void Field::split_pythagoras(Product& p) {
  for (const Angle& angle : angles_) {
    const std::size_t away = keep_sines_ ? angle.cosine : angle.sine;
    const Polynomial square = reduced(kernel(away, 2));
    bool again = true;
    while (again) {
      again = false;
      for (std::size_t i = 0; i < p.factors.size(); ++i) {
        const Factor f = p.factors[i];
        if (!f.exponent.is_integer() || f.base.terms().size() < 2) continue;
        Number exponent = f.exponent;
        std::optional<Polynomial> rest = divide(f.base, square);
        std::size_t other = i;
        if (!rest) {
          // (1 - c)^m (1 + c)^n
          for (std::size_t j = i + 1; j < p.factors.size() && other == i; ++j) {
            const Factor& h = p.factors[j];
            if (h.exponent.is_integer() && h.exponent.sign() == exponent.sign() &&
                (h.base * f.base == square || h.base * f.base == -square)) {
              other = j;
            }
          }
          if (other == i) continue;
          const Factor h = p.factors[other];
          const bool first = exponent.sign() > 0 ? exponent < h.exponent : h.exponent < exponent;
          const Number least = first ? exponent : h.exponent;
          if (h.base * f.base == -square && is_odd(least)) p.coefficient = -p.coefficient;
          p.factors[i].exponent = f.exponent - least;
          p.factors[other].exponent = h.exponent - least;
          exponent = least;
        } else {
          p.factors.erase(p.factors.begin() + static_cast<std::ptrdiff_t>(i));
          push(p, *rest, exponent);
        }
        push(p, kernel(away), exponent * Number(2));
        settle(p);
        again = true;
        break;
      }
    }
  }
}

Product Field::from(const Polynomial& p, const Number& exponent) {
  Product result;
  push(result, p, exponent);
  settle(result);
  return result;
}

Product Field::times(const Product& a, const Product& b) {
  Product result{.coefficient = a.coefficient * b.coefficient, .factors = a.factors};
  result.factors.insert(result.factors.end(), b.factors.begin(), b.factors.end());
  settle(result);
  cancel(result);
  split_pythagoras(result);
  return result;
}

}  // namespace nabla::fractions
