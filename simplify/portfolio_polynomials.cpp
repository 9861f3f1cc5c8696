// Polynomials as expressions.

#include <algorithm>

#include "lib/core/build.hpp"
#include "lib/core/functions.hpp"
#include "simplify/portfolio.hpp"

namespace nabla::fractions {

namespace {

// Terms of a polynomial up to which shapes are tried; longer ones are written out.
constexpr std::size_t longest = 40;

}  // namespace

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
