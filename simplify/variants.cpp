// Ways to say one product in other kernels.

#include <algorithm>

#include "lib/core/build.hpp"
#include "lib/core/functions.hpp"
#include "simplify/portfolio.hpp"

namespace nabla::fractions {

namespace {

std::int64_t exponent_of(const Product& p, std::size_t kernel) {
  const Polynomial base = Polynomial::kernel(kernel);
  for (const Factor& f : p.factors) {
    if (f.base == base) return f.exponent.as_int64().value_or(0);
  }
  return 0;
}

void raise(Field& field, Product& p, std::size_t kernel, std::int64_t by) {
  field.multiply_in(p, field.kernel(kernel), Number(by));
}

}  // namespace

std::optional<Product> with_tangents(Field& field, const Product& p) {
  Product result = p;
  bool changed = false;
  const std::size_t count = field.kernels().size();
  for (std::size_t s = 0; s < count; ++s) {
    const Kernel sine = field.kernels()[s];
    if (sine.kind != Kernel::Kind::sine) continue;
    const std::int64_t up = exponent_of(p, s), down = exponent_of(p, sine.partner);
    if (up == 0 || down == 0 || (up > 0) == (down > 0)) continue;
    const std::int64_t n = std::min(std::abs(up), std::abs(down)) * (up > 0 ? 1 : -1);
    const Fn tangent = sine.hyperbolic ? "tanh"_fn : "tan"_fn;
    const std::size_t t = field.plain_kernel(call(field.graph(), tangent, sine.angle));
    raise(field, result, s, -n);
    raise(field, result, sine.partner, n);
    raise(field, result, t, n);
    changed = true;
  }
  return changed ? std::optional(result) : std::nullopt;
}

std::optional<Product> with_tangents_only(Field& field, const Product& p) {
  Product result = p;
  bool changed = false;
  const std::size_t count = field.kernels().size();
  for (std::size_t s = 0; s < count; ++s) {
    const Kernel sine = field.kernels()[s];
    if (sine.kind != Kernel::Kind::sine) continue;
    const std::int64_t up = exponent_of(p, s), down = exponent_of(p, sine.partner);
    const std::int64_t squares = (-down - up) / 2;  // of 1/cos^2 = 1 + tan^2
    if (up < 1 || squares < 1 || squares > 4 || (-down - up) % 2 != 0) continue;
    const Fn tangent = sine.hyperbolic ? "tanh"_fn : "tan"_fn;
    const std::size_t t = field.plain_kernel(call(field.graph(), tangent, sine.angle));
    const Polynomial one(Number(1)), square = field.kernel(t, 2);
    const Polynomial sum = sine.hyperbolic ? one - square : one + square;
    raise(field, result, s, -up);
    raise(field, result, sine.partner, -down);
    const Polynomial powers = power(sum, static_cast<int>(squares));
    result.factors.push_back({field.kernel(t, static_cast<int>(up)) * powers, Number(1)});
    changed = true;
  }
  return changed ? std::optional(result) : std::nullopt;
}

std::optional<Product> with_double_angles(Field& field, const Product& p) {
  Product result = p;
  bool changed = false;
  const std::size_t count = field.kernels().size();
  Graph& g = field.graph();
  for (std::size_t s = 0; s < count; ++s) {
    const Kernel sine = field.kernels()[s];
    if (sine.kind != Kernel::Kind::sine) continue;
    const std::int64_t a = exponent_of(p, s), b = exponent_of(p, sine.partner);
    if (a == 0 || b == 0 || (a > 0) != (b > 0)) continue;
    const std::int64_t n = std::min(std::abs(a), std::abs(b)) * (a > 0 ? 1 : -1);
    const NodeId twice = multiply(g, Graph::two, sine.angle);
    const std::size_t d =
        field.plain_kernel(call(g, sine.hyperbolic ? "sinh"_fn : "sin"_fn, twice));
    raise(field, result, s, -n);
    raise(field, result, sine.partner, -n);
    raise(field, result, d, n);
    field.multiply_in(result, Polynomial(Number(2)), Number(-n));
    changed = true;
  }
  return changed ? std::optional(result) : std::nullopt;
}

// b/|b| is sign(b); where b is 0, the quotient had no value.
std::optional<Product> with_signs(Field& field, const Product& p) {
  Product result = p;
  bool changed = false;
  const std::size_t count = field.kernels().size();
  Graph& g = field.graph();
  for (std::size_t k = 0; k < count; ++k) {
    const Kernel kernel = field.kernels()[k];
    if (kernel.kind != Kernel::Kind::absolute || exponent_of(p, k) != -1) continue;
    const auto at = std::ranges::find_if(p.factors, [&](const Factor& f) {
      return f.base == kernel.base && f.exponent.is_integer() && f.exponent.sign() > 0;
    });
    if (at == p.factors.end()) continue;
    // 1 - x^2 rather than x^2 - 1 where that saves the sign in front
    Polynomial base = kernel.base;
    NodeId inside = field.write(base);
    if (p.coefficient.sign() < 0) {
      inside = field.write(-base);
      result.coefficient = -result.coefficient;
    }
    const NodeId node = call(g, "sign"_fn, inside);
    if (g[node].op != Op::call) continue;
    raise(field, result, k, 1);
    field.multiply_in(result, base, Number(-1));
    raise(field, result, field.plain_kernel(node), 1);
    changed = true;
  }
  return changed ? std::optional(result) : std::nullopt;
}

std::optional<Product> with_one_numerator(Field& field, const Product& p) {
  Product result{.coefficient = p.coefficient, .factors = {}};
  Polynomial up(Number(1));
  int count = 0;
  for (const Factor& f : p.factors) {
    const auto e = f.exponent.as_int64();
    if (e && *e > 0 && f.base.terms().size() > 1 && *e <= 4) {
      up = up * power(f.base, static_cast<int>(*e));
      count += static_cast<int>(*e);
    } else {
      result.factors.push_back(f);
    }
  }
  if (count < 2) return std::nullopt;
  field.multiply_in(result, field.reduced(up), Number(1));
  return result;
}

// 1/((x - 1)*(x + 1)) is 1/(x^2 - 1)
std::optional<Product> with_one_denominator(Field& field, const Product& p) {
  Product result{.coefficient = p.coefficient, .factors = {}};
  std::vector<Factor> down;
  bool changed = false;
  for (const Factor& f : p.factors) {
    const auto e = f.exponent.as_int64();
    const bool single = f.base.is_monomial() && f.base.total_degree() > 1;
    if (!e || *e >= 0 || (f.base.is_monomial() && !single)) {
      result.factors.push_back(f);
      continue;
    }
    const auto same =
        std::ranges::find_if(down, [&](const Factor& d) { return d.exponent == f.exponent; });
    if (same == down.end()) {
      down.push_back(f);
    } else {
      same->base = field.reduced(same->base * f.base);
      changed = true;
    }
  }
  if (!changed) return std::nullopt;
  for (Factor& f : down) result.factors.push_back(std::move(f));
  return result;
}

std::optional<Product> with_joined_powers(Field& field, const Product& p, bool whole) {
  Product result = p;
  bool changed = false;
  const std::size_t count = field.kernels().size();
  Graph& g = field.graph();
  for (std::size_t k = 0; k < count; ++k) {
    const Kernel kernel = field.kernels()[k];
    if (g[kernel.node].op != Op::power || kernel.kind != Kernel::Kind::plain) continue;
    const Node node = g[kernel.node];
    if (g[node.b].is_number() || exponent_of(p, k) != 1) continue;
    for (std::size_t b = 0; b < count; ++b) {
      if (field.kernels()[b].node != node.a) continue;
      const std::int64_t there = exponent_of(p, b);
      const std::int64_t by = whole ? there : -field.offset(k).as_int64().value_or(0);
      if (by == 0) continue;
      // u^(v-1) may have a value at 0 where u^v/u has none
      if (by > 0 && there < by && !field.range(field.kernel(b)).is_nonzero()) continue;
      const NodeId exponent = add(g, node.b, g.insert(by));
      raise(field, result, k, -1);
      raise(field, result, b, -by);
      raise(field, result, field.plain_kernel(power(g, node.a, exponent)), 1);
      changed = true;
    }
  }
  return changed ? std::optional(result) : std::nullopt;
}

std::optional<Product> with_factors(Field& field, const Product& p) {
  Product result{.coefficient = p.coefficient, .factors = {}};
  bool changed = false;
  for (const Factor& f : p.factors) {
    if (!f.exponent.is_integer() || f.base.terms().size() < 2 || f.base.total_degree() < 2) {
      result.factors.push_back(f);
      continue;
    }
    const Factored parts = factor(f.base);
    if (parts.factors.size() == 1 && parts.factors[0].second == 1) {
      result.factors.push_back(f);
      continue;
    }
    changed = true;
    field.multiply_in(result, Polynomial(parts.content), f.exponent);
    for (const auto& [b, e] : parts.factors) {
      field.multiply_in(result, b, f.exponent * Number(e));
    }
  }
  return changed ? std::optional(result) : std::nullopt;
}

}  // namespace nabla::fractions
