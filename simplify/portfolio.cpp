// Products as expressions.

#include "simplify/portfolio.hpp"

#include <algorithm>

#include "lib/core/build.hpp"
#include "lib/core/functions.hpp"

namespace nabla::fractions {

namespace {

std::optional<std::size_t> kernel_of(const Polynomial& p) {
  if (!p.is_monomial() || !p.leading().coefficient.is_one() || p.total_degree() != 1) {
    return std::nullopt;
  }
  for (std::size_t k = 0; k < most_kernels; ++k) {
    if (p.leading().powers[k] == 1) return k;
  }
  return std::nullopt;
}

}  // namespace

NodeId Portfolio::cheaper(NodeId a, NodeId b) { return price_.of(b) < price_.of(a) ? b : a; }

std::vector<Product> Portfolio::variants(const Product& p) {
  constexpr std::size_t most = 16;
  std::vector<Product> found{p};
  const auto known = [&](const Product& q) {
    return std::ranges::any_of(found, [&](const Product& f) {
      return f.coefficient == q.coefficient &&
             std::ranges::equal(f.factors, q.factors, [](const Factor& s, const Factor& t) {
               return s.exponent == t.exponent && s.base == t.base;
             });
    });
  };
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto add = [&](auto&& make) {
      attempt([&] {
        if (found.size() >= most) return;
        const std::optional<Product> q = make(Product(found[i]));
        if (q && !known(*q)) found.push_back(*q);
      });
    };
    add([&](const Product& q) { return with_signs(field_, q); });
    add([&](const Product& q) { return with_hyperbolics(field_, q, true); });
    add([&](const Product& q) { return with_hyperbolics(field_, q, false); });
    add([&](const Product& q) { return with_double_angles(field_, q); });
    add([&](const Product& q) { return with_tangents(field_, q); });
    add([&](const Product& q) { return with_tangents_only(field_, q); });
    add([&](const Product& q) { return with_one_numerator(field_, q); });
    add([&](const Product& q) { return with_one_denominator(field_, q); });
    add([&](const Product& q) { return with_joined_powers(field_, q, true); });
    add([&](const Product& q) { return with_joined_powers(field_, q, false); });
    add([&](const Product& q) { return with_factors(field_, q); });
  }
  return found;
}

std::vector<NodeId> Portfolio::forms(const Product& p) {
  std::vector<NodeId> found;
  const auto add = [&](auto&& make) {
    attempt([&] {
      const NodeId id = make();
      if (std::ranges::find(found, id) == found.end()) found.push_back(id);
    });
  };
  if (p.coefficient.is_zero()) return {Graph::zero};
  for (const Product& v : variants(p)) {
    add([&] { return write(v); });
    // Short, and 0 where exp(2 u) overflows.
    if (thorough_) {
      add([&] { return write(v, Writing{.join_roots = true, .exponentials_in_roots = true}); });
    }
    std::vector<std::vector<Product>> sums;
    attempt([&] { sums = splits(v); });
    for (const auto& terms : sums) add([&] { return write_sum(terms); });
  }
  std::ranges::stable_sort(found, [&](NodeId a, NodeId b) { return price_.of(a) < price_.of(b); });
  if (found.size() > most_forms) found.resize(most_forms);
  return found;
}

// Of two forms of one price the one that does not overflow.
NodeId Portfolio::write(const Product& p) {
  NodeId result = written(p);
  attempt([&] {
    const auto q = with_exponentials_below(field_, p);
    if (q) result = cheaper(written(*q), result);
  });
  return result;
}

NodeId Portfolio::written(const Product& p) {
  NodeId result = write(p, Writing{});
  using Sign = Writing::Sign;
  const bool exponentials = std::ranges::any_of(p.factors, [&](const Factor& f) {
    const auto k = kernel_of(f.base);
    return k && field_.kernels()[*k].kind == Kernel::Kind::exponential;
  });
  const auto roots =
      std::ranges::count_if(p.factors, [](const Factor& f) { return !f.exponent.is_integer(); });
  for (const Sign sign : {Sign::front, Sign::numerator, Sign::all, Sign::denominator}) {
    if (sign == Sign::numerator && p.coefficient.sign() > 0) continue;
    if (sign == Sign::denominator && p.coefficient.sign() > 0) continue;
    if (sign == Sign::all && (p.coefficient.is_one() || p.coefficient == Number(-1))) continue;
    for (int bits = 0; bits < 4; ++bits) {
      const Writing how{
          .exponentials_below = (bits & 1) != 0, .join_roots = (bits & 2) != 0, .sign = sign};
      if (how.exponentials_below && !exponentials) continue;
      if (how.join_roots && roots < 2) continue;
      result = cheaper(result, write(p, how));
    }
  }
  return result;
}

NodeId Portfolio::write(Product p, const Writing& how) {
  // The coefficient, or its sign, moved into a sum.
  if (how.sign != Writing::Sign::front) {
    const bool below = how.sign == Writing::Sign::denominator;
    const bool whole = how.sign == Writing::Sign::all;
    const auto at = std::ranges::find_if(p.factors, [&](const Factor& f) {
      if (f.base.terms().size() < 2 || !f.exponent.is_integer()) return false;
      return below ? f.exponent.sign() < 0 && !f.exponent.is_even() : f.exponent.is_one();
    });
    if (at != p.factors.end()) {
      at->base = at->base * (whole ? p.coefficient : Number(-1));
      p.coefficient = whole ? Number(1) : -p.coefficient;
    }
  }
  // sqrt(2)/2 is 1/sqrt(2) where that is of one kind with the other roots.
  if (how.join_roots) {
    for (Factor& f : p.factors) {
      const Number other = f.exponent - Number(1);
      if (!f.base.is_constant() || !(f.exponent < Number(1))) continue;
      const bool fits = std::ranges::any_of(
          p.factors, [&](const Factor& o) { return !o.base.is_constant() && o.exponent == other; });
      if (!fits) continue;
      p.coefficient = p.coefficient * f.base.constant_term();
      f.exponent = other;
    }
  }
  struct Root {
    Number exponent;
    NodeId inside;
  };
  std::vector<Root> roots;
  NodeId up = g_.insert(p.coefficient.numerator()), down = g_.insert(p.coefficient.denominator());
  NodeId argument = Graph::zero;
  const auto place = [&](NodeId base, const Number& exponent) {
    const bool below = exponent.sign() < 0;
    const NodeId raised = power(g_, base, g_.insert(below ? -exponent : exponent));
    NodeId& to = below ? down : up;
    to = multiply(g_, to, raised);
  };
  for (const Factor& f : p.factors) {
    const auto k = kernel_of(f.base);
    if (k && field_.kernels()[*k].kind == Kernel::Kind::exponential) {
      const NodeId part = multiply(g_, g_.insert(f.exponent), field_.kernels()[*k].angle);
      argument = add(g_, argument, part);
      continue;
    }
    const NodeId base = f.base.is_constant() ? g_.insert(f.base.constant_term())
                        : k                  ? field_.kernels()[*k].node
                                             : best(f.base);
    if (how.join_roots && !f.exponent.is_integer()) {
      // sqrt(a)/sqrt(b) is sqrt(a/b)
      const auto same = std::ranges::find_if(roots, [&](const Root& r) {
        return r.exponent == f.exponent || r.exponent == -f.exponent;
      });
      if (same == roots.end()) {
        roots.push_back({f.exponent, base});
      } else if (same->exponent == f.exponent) {
        same->inside = multiply(g_, same->inside, base);
      } else {
        same->inside = divide(g_, same->inside, base);
      }
      continue;
    }
    place(base, f.exponent);
  }
  if (argument != Graph::zero && how.exponentials_in_roots && !roots.empty()) {
    Root& r = roots.front();
    const NodeId inner = multiply(g_, g_.insert(r.exponent.inverse()), argument);
    r.inside = multiply(g_, r.inside, call(g_, "exp"_fn, inner));
  } else if (argument != Graph::zero) {
    if (how.exponentials_below) {
      down = multiply(g_, down, call(g_, "exp"_fn, negate(g_, argument)));
    } else {
      up = multiply(g_, up, call(g_, "exp"_fn, argument));
    }
  }
  for (const Root& r : roots) place(r.inside, r.exponent);
  return down == Graph::one ? up : divide(g_, up, down);
}

NodeId Portfolio::write_sum(const std::vector<Product>& terms) {
  NodeId total = Graph::zero;
  for (const Product& t : terms) total = add(g_, total, write(t));
  // What all terms have in common stands in front.
  Product common{.coefficient = Number(1), .factors = {}};
  std::vector<Product> rest = terms;
  for (const Factor& f : terms.front().factors) {
    // Of 1/u and 1/u^2: 1/u.
    std::optional<Number> least = f.exponent;
    for (const Product& t : terms) {
      const auto at = std::ranges::find(t.factors, f.base, &Factor::base);
      if (at == t.factors.end() || at->exponent.sign() != least->sign() ||
          !(at->exponent - *least).is_integer()) {
        least.reset();
        break;
      }
      const bool smaller = least->sign() < 0 ? *least < at->exponent : at->exponent < *least;
      if (smaller) least = at->exponent;
    }
    if (!least) continue;
    common.factors.push_back({f.base, *least});
    for (Product& t : rest) {
      const auto at = std::ranges::find(t.factors, f.base, &Factor::base);
      at->exponent = at->exponent - *least;
      if (at->exponent.is_zero()) t.factors.erase(at);
    }
  }
  if (common.factors.empty()) return total;
  NodeId inner = Graph::zero;
  for (const Product& t : rest) inner = add(g_, inner, write(t));
  const std::size_t inside = field_.plain_kernel(inner);
  field_.multiply_in(common, field_.kernel(inside), Number(1));
  return cheaper(total, write(common));
}

}  // namespace nabla::fractions
