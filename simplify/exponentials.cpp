// Products with exponentials: as hyperbolic functions, and so that nothing overflows.

#include <algorithm>

#include "lib/core/build.hpp"
#include "lib/core/functions.hpp"
#include "simplify/portfolio.hpp"

namespace nabla::fractions {

namespace {

// p as M^(1/2) times a polynomial in hyperbolic functions, M a monomial in exponentials.
struct Paired {
  Exponents monomial{};
  Polynomial rest;
};

std::optional<Paired> paired(Field& field, const Polynomial& p) {
  Graph& g = field.graph();
  Paired result;
  bool any = false;
  const std::vector<Kernel> kernels = field.kernels();
  for (std::size_t k = 0; k < kernels.size(); ++k) {
    if (kernels[k].kind != Kernel::Kind::exponential) continue;
    result.monomial[k] = static_cast<std::int16_t>(p.degree(k));
    any = any || p.degree(k) > 0;
  }
  if (!any) return std::nullopt;
  const auto mirrored = [&](const Exponents& e) {
    Exponents m = e;
    for (std::size_t k = 0; k < most_kernels; ++k) {
      if (result.monomial[k] != 0) m[k] = static_cast<std::int16_t>(result.monomial[k] - e[k]);
    }
    return m;
  };
  int parity = 0;
  for (const Term& t : p.terms()) {
    const Exponents other = mirrored(t.powers);
    if (other == t.powers) {
      if (parity == -1) return std::nullopt;
      parity = 1;
      continue;
    }
    const auto at =
        std::ranges::find_if(p.terms(), [&](const Term& u) { return u.powers == other; });
    if (at == p.terms().end()) return std::nullopt;
    const int now = at->coefficient == t.coefficient    ? 1
                    : at->coefficient == -t.coefficient ? -1
                                                        : 0;
    if (now == 0 || (parity != 0 && now != parity)) return std::nullopt;
    parity = now;
  }
  for (const Term& t : p.terms()) {
    const Exponents other = mirrored(t.powers);
    if (other > t.powers) continue;  // the first of a pair speaks for both
    Term part{.powers = t.powers, .coefficient = t.coefficient};
    NodeId argument = Graph::zero;
    for (std::size_t k = 0; k < most_kernels; ++k) {
      if (result.monomial[k] == 0) continue;
      part.powers[k] = 0;
      const Number half = Number::ratio(2 * t.powers[k] - result.monomial[k], 2);
      argument = add(g, argument, multiply(g, g.insert(half), kernels[k].angle));
    }
    Polynomial now = Polynomial::from({part}, p.meter());
    if (other != t.powers) {
      NodeId node = call(g, parity == 1 ? "cosh"_fn : "sinh"_fn, argument);
      Number scale(2);
      if (g[node].op == Op::product && g[node].a == Graph::minus_one) {
        node = g[node].b;
        scale = Number(-2);
      }
      now = now * field.kernel(field.plain_kernel(node)) * scale;
    }
    result.rest = result.rest + now;
  }
  return result;
}

}  // namespace

std::optional<Product> with_hyperbolics(Field& field, const Product& p, bool squares) {
  Product result{.coefficient = p.coefficient, .factors = {}};
  bool changed = false;
  for (const Factor& f : p.factors) {
    Polynomial base = f.base;
    Number exponent = f.exponent;
    std::optional<Paired> pair;
    if (exponent.is_integer() && base.terms().size() > 1) {
      if (squares && exponent.is_even() && base.terms().size() <= 3) {
        base = base * base;
        exponent = exponent * Number::ratio(1, 2);
      }
      pair = paired(field, base);
    }
    if (!pair) {
      result.factors.push_back(f);
      continue;
    }
    changed = true;
    for (std::size_t k = 0; k < most_kernels; ++k) {
      if (pair->monomial[k] == 0) continue;
      field.multiply_in(result, field.kernel(k), exponent * Number::ratio(pair->monomial[k], 2));
    }
    field.multiply_in(result, pair->rest, exponent);
  }
  return changed ? std::optional(result) : std::nullopt;
}

namespace {

// term/by as a polynomial, what is left of the exponentials in one.
Polynomial quotient(Field& field, Term term, const Exponents& by, Meter* meter) {
  Graph& g = field.graph();
  NodeId argument = Graph::zero;
  const std::vector<Kernel> kernels = field.kernels();
  for (std::size_t k = 0; k < kernels.size(); ++k) {
    if (kernels[k].kind != Kernel::Kind::exponential) continue;
    const std::int64_t n = term.powers[k] - by[k];
    argument = add(g, argument, multiply(g, g.insert(n), kernels[k].angle));
    term.powers[k] = 0;
  }
  const Polynomial rest = Polynomial::from({term}, meter);
  if (argument == Graph::zero) return rest;
  return rest * field.kernel(field.plain_kernel(call(g, "exp"_fn, argument)));
}

}  // namespace

std::optional<Product> with_exponentials_below(Field& field, const Product& p) {
  const std::vector<Kernel>& kernels = field.kernels();
  const auto is_exponential = [&](std::size_t k) {
    return kernels[k].kind == Kernel::Kind::exponential;
  };
  Exponents above{};
  Product result{.coefficient = p.coefficient, .factors = {}};
  for (const Factor& f : p.factors) {
    const auto e = f.exponent.as_int64();
    bool taken = false;
    for (std::size_t k = 0; k < kernels.size() && e && *e > 0 && *e < 64; ++k) {
      if (!is_exponential(k) || !(f.base == field.kernel(k))) continue;
      above[k] = static_cast<std::int16_t>(*e);
      taken = true;
    }
    if (!taken) result.factors.push_back(f);
  }
  if (above == Exponents{}) return std::nullopt;
  for (Factor& f : result.factors) {
    const auto e = f.exponent.as_int64();
    if (!e || *e >= 0 || *e < -64 || f.base.terms().size() != 2) continue;
    for (const Term& t : f.base.terms()) {
      bool fits = t.coefficient.is_one();
      for (std::size_t k = 0; k < most_kernels; ++k) {
        fits = fits && -*e * t.powers[k] == above[k];
      }
      if (!fits) continue;
      Polynomial sum;
      for (const Term& u : f.base.terms()) {
        sum = sum + quotient(field, u, t.powers, f.base.meter());
      }
      f.base = std::move(sum);
      return result;
    }
  }
  return std::nullopt;
}

}  // namespace nabla::fractions
