// Arithmetic of products of powers of polynomials.

#include "simplify/field.hpp"

#include <algorithm>

#include "lib/core/build.hpp"
#include "lib/core/functions.hpp"

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

bool is_odd(const Number& n) { return n.is_integer() && !n.is_even(); }

}  // namespace

Range Field::range(const Polynomial& p) {
  Range total{0, 0};
  for (const Term& t : p.terms()) {
    Range r = range_of(t.coefficient);
    for (std::size_t k = 0; k < kernels_.size(); ++k) {
      if (t.powers[k] == 0) continue;
      r = r * power(facts_.range(kernels_[k].node), t.powers[k]);
    }
    total = total + r;
  }
  if (total.is_nonnegative() || total.high <= 0 || p.terms().size() < 2) return total;
  // a k^2 + b k + c without real roots
  for (std::size_t k = 0; k < kernels_.size(); ++k) {
    if (p.degree(k) != 2) continue;
    const Polynomial a = p.coefficient(k, 2), b = p.coefficient(k, 1), c = p.coefficient(k, 0);
    if (!a.is_constant() || !b.is_constant() || !c.is_constant()) return total;
    const Number d =
        b.constant_term() * b.constant_term() - a.constant_term() * c.constant_term() * Number(4);
    if (d.sign() < 0) {
      return a.constant_term().sign() > 0 ? Range::positive() : -Range::positive();
    }
    return total;
  }
  return total;
}

Polynomial Field::reduced(Polynomial p) const {
  const auto replace = [&](std::size_t k, int degree, const Polynomial& by) {
    while (p.degree(k) >= degree) {
      Polynomial next;
      for (int d = p.degree(k); d >= 0; --d) {
        Polynomial part = p.coefficient(k, d);
        if (part.is_zero()) continue;
        if (d % degree != 0) part = part * Polynomial::kernel(k, d % degree);
        if (d >= degree) part = part * power(by, d / degree);
        next = next + part;
      }
      p = std::move(next);
    }
  };
  for (std::size_t pass = 0; pass < kernels_.size(); ++pass) {
    const Polynomial before = p;
    for (std::size_t k = kernels_.size(); k-- > 0;) {
      const Kernel& kernel = kernels_[k];
      if (kernel.kind == Kernel::Kind::root && p.degree(k) >= kernel.degree) {
        replace(k, static_cast<int>(kernel.degree), kernel.base);
      } else if (kernel.kind == Kernel::Kind::absolute && p.degree(k) >= 2) {
        replace(k, 2, kernel.base * kernel.base);
      }
    }
    for (const Angle& angle : angles_) {
      const std::size_t away = keep_sines_ ? angle.cosine : angle.sine;
      if (p.degree(away) < 2) continue;
      const Polynomial kept = Polynomial::kernel(kernels_[away].partner, 2), one(Number(1));
      // s^2 = 1 - c^2, S^2 = C^2 - 1, C^2 = 1 + S^2
      const Polynomial by = !angle.hyperbolic ? one - kept : keep_sines_ ? one + kept : kept - one;
      replace(away, 2, by);
    }
    if (p == before) break;
  }
  return p;
}

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
      base = *divide(base, Polynomial::from({Term{.powers = least, .coefficient = Number(1)}}));
      for (std::size_t k = 0; k < most_kernels; ++k) {
        if (least[k] != 0) push(to, Polynomial::kernel(k), exponent * Number(least[k]));
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
    const Polynomial square = reduced(Polynomial::kernel(away, 2));
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
        push(p, Polynomial::kernel(away), exponent * Number(2));
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
      part = part * Polynomial::kernel(root_kernel(c.base, *down), static_cast<int>(*up));
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
      push(result, Polynomial::kernel(absolute_kernel(f.base)), f.exponent);
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
    push(result, Polynomial::kernel(absolute_kernel(joined.base)), joined.exponent);
  }
  settle(result);
  return result;
}

std::size_t Field::add_kernel(Kernel kernel) {
  for (std::size_t k = 0; k < kernels_.size(); ++k) {
    if (kernels_[k].node == kernel.node && kernels_[k].kind == kernel.kind) return k;
  }
  if (kernels_.size() == most_kernels) throw TooLarge{};
  kernels_.push_back(std::move(kernel));
  return kernels_.size() - 1;
}

std::size_t Field::root_kernel(const Polynomial& base, std::int64_t degree) {
  const NodeId inside = write(base);
  const NodeId node = power(g_, inside, g_.insert(Number::ratio(1, degree)));
  return add_kernel({.node = node, .kind = Kernel::Kind::root, .base = base, .degree = degree});
}

std::size_t Field::absolute_kernel(const Polynomial& base) {
  const NodeId node = call(g_, "abs"_fn, write(base));
  return add_kernel({.node = node, .kind = Kernel::Kind::absolute, .base = base});
}

NodeId Field::write(const Polynomial& p) {
  NodeId total = Graph::zero;
  for (const Term& t : p.terms()) {
    NodeId term = g_.insert(t.coefficient);
    for (std::size_t k = 0; k < kernels_.size(); ++k) {
      if (t.powers[k] == 0) continue;
      const NodeId factor = power(g_, kernels_[k].node, g_.insert(std::int64_t{t.powers[k]}));
      term = multiply(g_, term, factor);
    }
    total = add(g_, total, term);
  }
  return total;
}

}  // namespace nabla::fractions
