// One fraction as a sum of simpler ones.

#include <algorithm>

#include "simplify/portfolio.hpp"

namespace nabla::fractions {

namespace {

Product with(Field& field, Product p, const Polynomial& up, const std::vector<Factor>& down) {
  for (const Factor& f : down) field.multiply_in(p, f.base, f.exponent);
  field.multiply_in(p, up, Number(1));
  return p;
}

}  // namespace

// The numerator is divided termwise by kernels in the denominator.
void Portfolio::split_monomial(const Product& rest, const Polynomial& up,
                               const std::vector<Factor>& down,
                               std::vector<std::vector<Product>>& found) {
  std::vector<Factor> kept;
  Exponents monomial{};
  for (const Factor& f : down) {
    const auto e = f.exponent.as_int64();
    if (f.base.is_monomial() && f.base.total_degree() == 1 && e && *e >= -64) {
      for (std::size_t k = 0; k < most_kernels; ++k) {
        if (f.base.leading().powers[k] != 0) monomial[k] = static_cast<std::int16_t>(-*e);
      }
    } else {
      kept.push_back(f);
    }
  }
  if (monomial == Exponents{}) return;
  struct Group {
    Exponents below;
    std::vector<Term> terms;
  };
  std::vector<Group> groups;
  for (const Term& t : up.terms()) {
    Term left = t;
    Exponents below = monomial;
    for (std::size_t k = 0; k < most_kernels; ++k) {
      const auto common = std::min(left.powers[k], below[k]);
      left.powers[k] = static_cast<std::int16_t>(left.powers[k] - common);
      below[k] = static_cast<std::int16_t>(below[k] - common);
    }
    const auto at = std::ranges::find_if(groups, [&](const Group& g) { return g.below == below; });
    if (at == groups.end()) {
      groups.push_back({below, {left}});
    } else {
      at->terms.push_back(left);
    }
  }
  if (groups.size() < 2) return;
  std::vector<Product> terms;
  for (const Group& group : groups) {
    std::vector<Factor> denominators = kept;
    for (std::size_t k = 0; k < most_kernels; ++k) {
      if (group.below[k] != 0) {
        denominators.push_back({field_.kernel(k), Number(-group.below[k])});
      }
    }
    terms.push_back(with(field_, rest, Polynomial::from(group.terms, up.meter()), denominators));
  }
  found.push_back(std::move(terms));
}

// up/(b d) is q/d + r/(b d) with up = q b + r.
void Portfolio::split_quotient(const Product& rest, const Polynomial& up,
                               const std::vector<Factor>& down,
                               std::vector<std::vector<Product>>& found) {
  for (std::size_t i = 0; i < down.size(); ++i) {
    if (down[i].base.terms().size() < 2) continue;
    for (std::size_t k = 0; k < field_.kernels().size(); ++k) {
      if (!down[i].base.contains(k) || up.degree(k) < down[i].base.degree(k)) continue;
      const auto parts = divide_in(up, down[i].base, k);
      if (!parts || parts->first.is_zero() || parts->second.is_zero()) continue;
      std::vector<Factor> less = down;
      less[i].exponent = less[i].exponent + Number(1);
      if (less[i].exponent.is_zero()) less.erase(less.begin() + static_cast<std::ptrdiff_t>(i));
      found.push_back(
          {with(field_, rest, parts->first, less), with(field_, rest, parts->second, down)});
    }
  }
}

// Partial fractions for distinct linear denominators in one kernel.
void Portfolio::split_linear(const Product& rest, const Polynomial& up,
                             const std::vector<Factor>& down,
                             std::vector<std::vector<Product>>& found) {
  std::vector<Polynomial> linear;
  std::optional<std::size_t> kernel;
  for (const Factor& f : down) {
    if (!(f.exponent == Number(-1))) return;
    const Factored parts = factor(f.base);
    Number scale = parts.content;
    for (const auto& [b, e] : parts.factors) {
      if (e != 1 || b.total_degree() != 1) return;
      for (std::size_t k = 0; k < most_kernels; ++k) {
        if (!b.contains(k)) continue;
        if (kernel && *kernel != k) return;
        kernel = k;
      }
      linear.push_back(b * scale);
      scale = Number(1);
    }
  }
  if (linear.size() < 2) return;
  for (std::size_t k = 0; k < most_kernels; ++k) {
    if (up.contains(k) && k != *kernel) return;
  }
  Polynomial product(Number(1));
  for (const Polynomial& l : linear) product = product * l;
  const auto parts = divide_in(up, product, *kernel);
  if (!parts) return;
  const auto value = [&](const Polynomial& p, const Number& at) {
    Number result(0);
    for (int d = p.degree(*kernel); d >= 0; --d) {
      result = result * at + p.coefficient(*kernel, d).constant_term();
    }
    return result;
  };
  std::vector<Product> terms;
  if (!parts->first.is_zero()) terms.push_back(with(field_, rest, parts->first, {}));
  for (std::size_t i = 0; i < linear.size(); ++i) {
    const Number at =
        -linear[i].constant_term() / linear[i].coefficient(*kernel, 1).constant_term();
    Number c = value(parts->second, at);
    for (std::size_t j = 0; j < linear.size(); ++j) {
      if (j == i) continue;
      const Number other = value(linear[j], at);
      if (other.is_zero()) return;
      c = c / other;
    }
    if (c.is_zero()) continue;
    terms.push_back(with(field_, rest, Polynomial(c), {{linear[i], Number(-1)}}));
  }
  if (terms.size() > 1) found.push_back(std::move(terms));
}

bool Portfolio::is_exponential(const Polynomial& p) const {
  if (!p.is_monomial() || p.total_degree() != 1) return false;
  for (std::size_t k = 0; k < field_.kernels().size(); ++k) {
    if (p.leading().powers[k] != 0) return field_.kernels()[k].kind == Kernel::Kind::exponential;
  }
  return false;
}

// Exponentials below are those of a sum divided by them: they stay in front of it. Those above are
// taken in, and left in front as well.
std::vector<std::vector<Product>> Portfolio::splits(const Product& p) {
  std::vector<std::vector<Product>> found;
  const bool above = std::ranges::any_of(p.factors, [&](const Factor& f) {
    return f.exponent.is_integer() && f.exponent.sign() > 0 && is_exponential(f.base);
  });
  for (const bool in_front : {false, true}) {
    if (in_front && !above) break;
    Product rest{.coefficient = Number(1), .factors = {}};
    Polynomial up(p.coefficient);
    std::vector<Factor> down;
    for (const Factor& f : p.factors) {
      const auto e = f.exponent.as_int64();
      if (!e || ((in_front || *e < 0) && is_exponential(f.base))) {
        rest.factors.push_back(f);
      } else if (*e < 0) {
        down.push_back(f);
      } else {
        up = up * power(f.base, static_cast<int>(std::min<std::int64_t>(*e, 64)));
      }
    }
    if (down.empty() || up.terms().size() > 24) continue;
    up = field_.reduced(up);
    split_monomial(rest, up, down, found);
    split_quotient(rest, up, down, found);
    split_linear(rest, up, down, found);
  }
  return found;
}

}  // namespace nabla::fractions
