#include "lib/calculus/fingerprint.hpp"

#include <cmath>
#include <optional>
#include <string_view>

#include "lib/calculus/field.hpp"
#include "lib/core/functions.hpp"
#include "lib/core/stop.hpp"

namespace nabla::calculus {

namespace {

std::uint64_t hash_of(std::string_view text) {
  std::uint64_t h = 1469598103934665603u;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return scatter(h);
}

std::uint64_t residue_of_digits(std::string_view digits) {
  std::uint64_t r = 0;
  for (const char c : digits) {
    r = field_add(field_multiply(r, 10), static_cast<std::uint64_t>(c - '0'));
  }
  return r;
}

std::uint64_t residue(const Number& integer) {
  if (const auto small = integer.as_int64()) {
    const auto bits = static_cast<std::uint64_t>(*small);
    return *small >= 0 ? reduced(bits) : field_negate(reduced(0 - bits));
  }
  const std::string text = integer.to_string();
  const bool minus = text.front() == '-';
  const std::uint64_t r = residue_of_digits(std::string_view(text).substr(minus));
  return minus ? field_negate(r) : r;
}

// A double is the fraction it stands for; 2^61 is 1 here.
std::uint64_t residue(double x) {
  int exponent = 0;
  const double mantissa = std::ldexp(std::frexp(std::fabs(x), &exponent), 53);
  const int shift = (((exponent - 53) % 61) + 61) % 61;
  const std::uint64_t r =
      field_multiply(reduced(static_cast<std::uint64_t>(mantissa)), std::uint64_t{1} << shift);
  return x < 0 ? field_negate(r) : r;
}

class Sampler {
 public:
  Sampler(const Graph& g, std::span<const NodeId> nodes, const Positions& at)
      : g_(g), nodes_(nodes), at_(at), result_(nodes.size()) {}

  std::vector<Fingerprint> run() {
    StopCheck stop(g_.limits);
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      stop();
      result_[i] = value(g_[nodes_[i]]);
    }
    return std::move(result_);
  }

 private:
  const Fingerprint& of(NodeId id) const { return result_[at_[id]]; }

  static Fingerprint each(auto compute) {
    Fingerprint f;
    for (std::size_t k = 0; k < field_points; ++k) f[k] = compute(k);
    return f;
  }
  static Fingerprint negated(const Fingerprint& f) {
    return each([&](std::size_t k) { return field_negate(f[k]); });
  }

  // Random values for a head applied to something; the same at all points when there is no symbol
  // in it, because then it is a constant.
  static Fingerprint kernel(std::uint64_t head, bool constant,
                            std::initializer_list<Fingerprint> arguments) {
    std::uint64_t h = scatter(head);
    for (const Fingerprint& f : arguments) {
      for (const std::uint64_t x : f) h = scatter(h ^ x);
      h = scatter(h + 1);
    }
    return each([&](std::size_t k) { return reduced(scatter(h + (constant ? 0 : k))); });
  }

  Fingerprint value(const Node& n) const {
    const bool constant = !(n.flags & depends_on_symbol);
    const auto head = [&](std::uint64_t tag) { return tag << 16 | n.detail; };
    const auto op = static_cast<std::uint64_t>(n.op);
    switch (n.op) {
      case Op::integer:
      case Op::rational: {
        const Number x = g_.exact_of(n);
        std::uint64_t r = residue(x.numerator());
        if (!x.is_integer()) r = field_multiply(r, field_inverse(residue(x.denominator())));
        return each([&](std::size_t) { return r; });
      }
      case Op::real: {
        const double x = g_.real_of(n);
        if (!std::isfinite(x)) return kernel(std::isnan(x) ? 1 : x > 0 ? 2 : 3, true, {});
        const std::uint64_t r = residue(x);
        return each([&](std::size_t) { return r; });
      }
      case Op::constant: return kernel(head(op), true, {});
      case Op::symbol:
      case Op::column: return kernel(hash_of(g_.name_of(n)) + op, false, {});
      case Op::sum: {
        const Fingerprint &a = of(n.a), &b = of(n.b);
        return each([&](std::size_t k) { return field_add(a[k], b[k]); });
      }
      case Op::product: {
        const Fingerprint &a = of(n.a), &b = of(n.b);
        return each([&](std::size_t k) { return field_multiply(a[k], b[k]); });
      }
      case Op::power: return power(n, constant);
      case Op::call: return call(n, constant);
      case Op::data_sum: {
        const auto [body, minus] = without_sign(of(n.a));
        const Fingerprint f = kernel(head(op), constant, {body});
        return minus ? negated(f) : f;
      }
      case Op::negation:
      case Op::apply1: return kernel(head(op), constant, {of(n.a)});
      case Op::apply2: return kernel(head(op), constant, {of(n.a), of(n.b)});
      case Op::apply3: return kernel(head(op), constant, {of(n.a), of(n.b), of(n.c)});
      case Op::select: return kernel(head(op), constant, {of(n.a), of(n.b), of(n.c)});
      default: return unordered(head(op), constant, n);
    }
  }

  Fingerprint unordered(std::uint64_t head, bool constant, const Node& n) const {
    const Fingerprint &a = of(n.a), &b = of(n.b);
    if (is_commutative(n) && b < a) return kernel(head, constant, {b, a});
    return kernel(head, constant, {a, b});
  }

  Fingerprint power(const Node& n, bool constant) const {
    const Node& e = g_[n.b];
    const auto op = static_cast<std::uint64_t>(n.op) << 16;
    if (e.op == Op::integer || e.op == Op::rational) {
      const Number exponent = g_.exact_of(e);
      const auto up = exponent.numerator().as_int64(), down = exponent.denominator().as_int64();
      if (up && down) {
        // u^(p/q) is the p-th power of a kernel that stands for the q-th root.
        const Fingerprint base =
            *down == 1 ? of(n.a)
                       : kernel(op + static_cast<std::uint64_t>(*down) + 1, constant, {of(n.a)});
        const auto size = static_cast<std::uint64_t>(std::abs(*up));
        const bool vanishes = base == Fingerprint{};
        if (*up >= 0 || !vanishes) {
          return each([&](std::size_t k) {
            const std::uint64_t r = size == 1 ? base[k] : field_power(base[k], size);
            return *up < 0 ? field_inverse(r) : r;
          });
        }
      }
    }
    return kernel(op, constant, {of(n.a), of(n.b)});
  }

  struct Unsigned {
    Fingerprint value;
    bool minus;
  };
  static Unsigned without_sign(const Fingerprint& f) {
    const bool minus = f[0] > prime / 2;
    return {minus ? negated(f) : f, minus};
  }

  Fingerprint call(const Node& n, bool constant) const {
    const FunctionRow& f = row(n.fn());
    const std::uint64_t head = hash_of(f.name) + static_cast<std::uint64_t>(f.value.arity);
    if (f.value.arity == 2) return unordered(head, constant, n);
    const auto [u, turned] = without_sign(of(n.a));
    const bool minus = turned;  // a binding cannot be captured with clang 14
    switch (n.fn()) {
      case "sin"_fn:
      case "cos"_fn:
      case "tan"_fn: {
        const Fingerprint t = kernel(hash_of("circle"), constant, {u});
        const bool even = n.fn() == "cos"_fn, slope = n.fn() == "tan"_fn;
        return each([&](std::size_t k) {
          const std::uint64_t square = field_multiply(t[k], t[k]);
          const std::uint64_t twice = field_add(t[k], t[k]);
          const std::uint64_t difference = field_add(1, field_negate(square));
          const std::uint64_t under = slope ? difference : field_add(1, square);
          const std::uint64_t r = field_multiply(even ? difference : twice, field_inverse(under));
          return minus && !even ? field_negate(r) : r;
        });
      }
      case "sinh"_fn:
      case "cosh"_fn: {
        const Fingerprint t = kernel(hash_of("hyperbola"), constant, {u});
        const bool even = n.fn() == "cosh"_fn;
        return each([&](std::size_t k) {
          const std::uint64_t inverse = field_inverse(t[k]);
          const std::uint64_t twice = field_add(t[k], even ? inverse : field_negate(inverse));
          const std::uint64_t r = field_multiply(twice, (prime + 1) / 2);
          return minus && !even ? field_negate(r) : r;
        });
      }
      case "exp"_fn: {
        const Fingerprint t = kernel(head, constant, {u});
        return each([&](std::size_t k) { return minus ? field_inverse(t[k]) : t[k]; });
      }
      default: break;
    }
    if (f.parity == Parity::none) return kernel(head, constant, {of(n.a)});
    const Fingerprint r = kernel(head, constant, {u});
    return minus && f.parity == Parity::odd ? negated(r) : r;
  }

  const Graph& g_;
  std::span<const NodeId> nodes_;
  const Positions& at_;
  std::vector<Fingerprint> result_;
};

}  // namespace

std::vector<Fingerprint> fingerprints(const Graph& g, std::span<const NodeId> nodes,
                                      const Positions& at) {
  return Sampler(g, nodes, at).run();
}

}  // namespace nabla::calculus
