// Products as expressions.

#include "simplify/portfolio.hpp"

#include <algorithm>

#include "lib/core/build.hpp"
#include "lib/core/functions.hpp"

namespace nabla::fractions {

namespace {

// Runs something that may turn out too large; then there is one form less.
void attempt(auto&& compute) {
  try {
    compute();
  } catch (const TooLarge&) {
  }
}

// Terms of a polynomial up to which shapes are tried; longer ones are written out.
constexpr std::size_t longest = 40;

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

// ---- polynomials

NodeId Portfolio::best(const Polynomial& p) {
  for (const auto& [q, node] : best_) {
    if (q == p) return node;
  }
  NodeId result = simple(p);
  if (p.terms().size() <= longest) attempt([&] { result = cheaper(result, factored(p)); });
  attempt([&] {
    if (p.terms().size() > longest) return;
    if (const auto q = multiple_angles(p)) {
      result = cheaper(result, simple(*q));
      result = cheaper(result, factored(*q));
    }
  });
  best_.emplace_back(p, result);
  return result;
}

// Shapes that do not take the polynomial apart.
NodeId Portfolio::simple(const Polynomial& p) {
  for (const auto& [q, node] : simple_) {
    if (q == p) return node;
  }
  NodeId result = field_.write(p);
  if (p.terms().size() > 1 && p.terms().size() <= longest) {
    for (std::size_t k = 0; k < field_.kernels().size(); ++k) {
      const auto with =
          std::ranges::count_if(p.terms(), [&](const Term& t) { return t.powers[k] != 0; });
      if (with >= 2) attempt([&] { result = cheaper(result, nested(p, k)); });
    }
    attempt([&] {
      if (const auto square = completed_square(p)) result = cheaper(result, *square);
    });
  }
  simple_.emplace_back(p, result);
  return result;
}

NodeId Portfolio::factored(const Polynomial& p) {
  const Factored parts = factor(p);
  NodeId result = g_.insert(parts.content);
  // The sign goes where it costs nothing.
  bool minus = parts.content.sign() < 0;
  if (minus) result = g_.insert(-parts.content);
  for (const auto& [base, exponent] : parts.factors) {
    Polynomial b = base;
    if (minus && exponent % 2 != 0 && b.terms().size() > 1) {
      b = -b;
      minus = false;
    }
    const NodeId raised = power(g_, simple(b), g_.insert(std::int64_t{exponent}));
    result = multiply(g_, result, raised);
  }
  return minus ? negate(g_, result) : result;
}

// ((a k + b) k^2 + c): Horner's form in one kernel, for any gaps.
NodeId Portfolio::nested(const Polynomial& p, std::size_t kernel) {
  const NodeId k = field_.kernels()[kernel].node;
  NodeId result = Graph::zero;
  int at = p.degree(kernel);
  const auto coefficient = [&](const Polynomial& c) {
    NodeId node = field_.write(c);
    if (c.terms().size() > 1 && c.terms().size() <= 6)
      attempt([&] { node = cheaper(node, factored(c)); });
    return node;
  };
  const auto raise = [&](int by) {
    if (by == 0) return;
    const NodeId factor = power(g_, k, g_.insert(std::int64_t{by}));
    result = multiply(g_, factor, result);
  };
  for (int d = at; d >= 0; --d) {
    const Polynomial c = p.coefficient(kernel, d);
    if (c.is_zero()) continue;
    raise(at - d);
    at = d;
    result = add(g_, result, coefficient(c));
  }
  raise(at);
  return result;
}

// a (m + h)^2 + rest, m a kernel or its square.
std::optional<NodeId> Portfolio::completed_square(const Polynomial& p) {
  std::optional<NodeId> result;
  for (std::size_t k = 0; k < field_.kernels().size(); ++k) {
    const int degree = p.degree(k);
    if (degree != 2 && degree != 4) continue;
    const int half = degree / 2;
    bool gaps = false;
    for (int d = 1; d < degree; ++d) gaps |= d != half && !p.coefficient(k, d).is_zero();
    const Polynomial a = p.coefficient(k, degree), b = p.coefficient(k, half);
    if (gaps || !a.is_constant() || !b.is_constant() || b.is_zero()) continue;
    const Number h = b.constant_term() / (a.constant_term() * Number(2));
    const Number square = a.constant_term() * h * h;
    const Polynomial rest = p.coefficient(k, 0) - Polynomial(square);
    const bool plain = h.is_integer() && square.is_integer();
    if (!plain && !thorough_) continue;
    const NodeId m = power(g_, field_.kernels()[k].node, g_.insert(std::int64_t{half}));
    const NodeId inner = power(g_, add(g_, m, g_.insert(h)), Graph::two);
    const NodeId head = multiply(g_, g_.insert(a.constant_term()), inner);
    const NodeId node = add(g_, head, field_.write(rest));
    if (!result || price_.of(node) < price_.of(*result)) result = node;
  }
  return result;
}

// Powers of sines and cosines as sums of multiple angles.
std::optional<Polynomial> Portfolio::multiple_angles(const Polynomial& p) {
  std::optional<Polynomial> now;
  const std::vector<Kernel> kernels = field_.kernels();
  for (std::size_t s = 0; s < kernels.size(); ++s) {
    if (kernels[s].kind != Kernel::Kind::sine) continue;
    const std::size_t c = kernels[s].partner;
    const Polynomial from = now ? *now : p;
    if (from.degree(s) + from.degree(c) < 2) continue;
    const bool hyperbolic = kernels[s].hyperbolic;
    Polynomial total;
    for (const Term& t : from.terms()) {
      const int sines = t.powers[s], cosines = t.powers[c];
      // cosine[n], sine[n]: coefficients of cos n u, sin n u
      std::vector<Number> cosine(static_cast<std::size_t>(sines + cosines) + 2), sine = cosine;
      cosine[0] = Number(1);
      const Number half = Number::ratio(1, 2);
      for (int step = 0; step < sines + cosines; ++step) {
        std::vector<Number> next_cosine(cosine.size()), next_sine(cosine.size());
        const bool by_sine = step < sines;
        const auto add_to = [&](std::vector<Number>& to, std::int64_t n, const Number& value,
                                bool odd) {
          const auto at = static_cast<std::size_t>(n < 0 ? -n : n);
          to[at] = to[at] + (odd && n < 0 ? -value : value);
        };
        for (std::size_t i = 0; i + 1 < cosine.size(); ++i) {
          const auto n = static_cast<std::int64_t>(i);
          const Number u = cosine[i] * half, v = sine[i] * half;
          if (by_sine) {
            add_to(next_sine, n + 1, u, true);
            add_to(next_sine, n - 1, -u, true);
            add_to(next_cosine, n - 1, hyperbolic ? -v : v, false);
            add_to(next_cosine, n + 1, hyperbolic ? v : -v, false);
          } else {
            add_to(next_cosine, n + 1, u, false);
            add_to(next_cosine, n - 1, u, false);
            add_to(next_sine, n + 1, v, true);
            add_to(next_sine, n - 1, v, true);
          }
        }
        next_sine[0] = Number(0);
        cosine = std::move(next_cosine);
        sine = std::move(next_sine);
      }
      Term rest = t;
      rest.powers[s] = rest.powers[c] = 0;
      const Polynomial outer = Polynomial::from({rest}, p.meter());
      for (std::size_t n = 0; n < cosine.size(); ++n) {
        const auto kernel = [&](bool is_sine) {
          if (n == 1) return field_.kernel(is_sine ? s : c);
          const NodeId angle =
              multiply(g_, g_.insert(static_cast<std::int64_t>(n)), kernels[s].angle);
          const Fn fn =
              hyperbolic ? (is_sine ? "sinh"_fn : "cosh"_fn) : (is_sine ? "sin"_fn : "cos"_fn);
          return field_.kernel(field_.plain_kernel(call(g_, fn, angle)));
        };
        if (!cosine[n].is_zero()) {
          total = total + (n == 0 ? outer : outer * kernel(false)) * cosine[n];
        }
        if (!sine[n].is_zero()) total = total + outer * kernel(true) * sine[n];
      }
    }
    now = total;
  }
  return now;
}

}  // namespace nabla::fractions
