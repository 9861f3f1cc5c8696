#include "lib/core/build.hpp"

#include <cmath>
#include <optional>
#include <vector>

#include "lib/core/constants.hpp"
#include "lib/core/functions.hpp"

namespace nabla {

namespace {

bool is_exact(const Node& n) { return n.op == Op::integer || n.op == Op::rational; }

std::optional<Number> exact(const Graph& g, NodeId id) {
  const Node& n = g[id];
  return is_exact(n) ? std::optional(g.exact_of(n)) : std::nullopt;
}

// Zero times this is zero: it has a symbol in it (a derivative may then shed the term; the domain
// widens), or it is a number or constant known to be finite. 0 * (1/0) stays.
bool absorbed_by_zero(const Graph& g, NodeId id) {
  const Node& n = g[id];
  if (n.flags & depends_on_symbol) return true;
  if (n.is_number()) return std::isfinite(g.value_of_number(n));
  return n.op == Op::constant;
}

Node binary(Op op, NodeId a, NodeId b) { return {.op = op, .a = a, .b = b}; }

// Numbers longer than the limit are left as they are written.
std::optional<NodeId> keep(Graph& g, const Number& value) {
  return value.bits() <= g.limits.number_bits ? std::optional(g.insert(value)) : std::nullopt;
}

// Sum and product of two numbers: exact while both are, else rounded once.
std::optional<NodeId> fold_sum(Graph& g, NodeId a, NodeId b) {
  const Node &m = g[a], &n = g[b];
  if (m.op == Op::integer && n.op == Op::integer) {
    std::int64_t total = 0;
    if (!__builtin_add_overflow(g.integer_of(m), g.integer_of(n), &total)) return g.insert(total);
  }
  if (is_exact(m) && is_exact(n)) {
    const Number x = g.exact_of(m), y = g.exact_of(n);
    return sum_fits(x, y, g.limits) ? keep(g, x + y) : std::nullopt;
  }
  return g.insert(g.value_of_number(m) + g.value_of_number(n));
}

std::optional<NodeId> fold_product(Graph& g, NodeId a, NodeId b) {
  const Node &m = g[a], &n = g[b];
  if (m.op == Op::integer && n.op == Op::integer) {
    std::int64_t result = 0;
    if (!__builtin_mul_overflow(g.integer_of(m), g.integer_of(n), &result)) return g.insert(result);
  }
  if (is_exact(m) && is_exact(n)) {
    const Number x = g.exact_of(m), y = g.exact_of(n);
    return product_fits(x, y, g.limits) ? keep(g, x * y) : std::nullopt;
  }
  return g.insert(g.value_of_number(m) * g.value_of_number(n));
}

// Coefficients in front of one another merge when nothing is rounded: both exact, or a product of
// doubles without remainder (0.5 * 2).
std::optional<NodeId> merge_coefficients(Graph& g, NodeId a, NodeId b) {
  if (is_exact(g[a]) && is_exact(g[b])) return fold_product(g, a, b);
  const double x = g.value_of_number(g[a]), y = g.value_of_number(g[b]), product = x * y;
  if (!std::isnormal(product) || std::fma(x, y, -product) != 0) return std::nullopt;
  const auto rounded = [&](NodeId id, double v) {
    return is_exact(g[id]) && g.exact_of(g[id]) != Number::from_double(v);
  };
  if (rounded(a, x) || rounded(b, y)) return std::nullopt;
  return g.insert(product);
}

// number ^ number, where the result is a number.
std::optional<NodeId> fold_power(Graph& g, NodeId base, NodeId exponent) {
  const Node &m = g[base], &n = g[exponent];
  if (!is_exact(m) || !is_exact(n)) {
    // Two reals fold to a real; an exact base under a real exponent is rounded once, like a real
    // one.
    const double result = std::pow(g.value_of_number(m), g.value_of_number(n));
    if (is_exact(n) && !g.exact_of(n).is_integer()) return std::nullopt;  // sqrt(0.5) stays a root
    return g.insert(result);
  }
  const Number b = g.exact_of(m), e = g.exact_of(n);
  if (b.is_zero()) return e.sign() > 0 ? std::optional(base) : std::nullopt;
  if (!power_fits(b, e, g.limits)) return std::nullopt;
  const auto up = e.numerator().as_int64(), down = e.denominator().as_int64();
  if (!up || !down) return std::nullopt;
  if (*down == 1) return keep(g, power(b, *up));
  const auto rooted = root(b, static_cast<std::uint64_t>(*down));
  return rooted ? keep(g, power(*rooted, *up)) : std::nullopt;
}

// 0.5, 2.0, -1.5 as exponents are exactly what they say: x^0.5 is sqrt(x).
NodeId exact_exponent(Graph& g, NodeId exponent) {
  const Node& n = g[exponent];
  if (n.op != Op::real) return exponent;
  const double twice = 2 * g.real_of(n);
  if (std::fabs(twice) > 1 << 20 || twice != std::floor(twice)) return exponent;
  return g.insert(Number::ratio(static_cast<std::int64_t>(twice), 2));
}

NodeId truth(bool value) { return value ? Graph::one : Graph::zero; }

}  // namespace

bool is_negative_number(const Graph& g, NodeId id) {
  const Node& n = g[id];
  if (n.op == Op::integer) return g.integer_of(n) < 0;
  if (n.op == Op::rational) return g.exact_of(n).sign() < 0;
  return n.op == Op::real && std::signbit(g.real_of(n));
}

Scaled split_coefficient(const Graph& g, NodeId id) {
  const Node& n = g[id];
  if (n.is_number()) return {id, Graph::one};
  if (n.op == Op::product && g[n.a].is_number()) return {n.a, n.b};
  return {Graph::one, id};
}

Raised split_power(const Graph& g, NodeId id) {
  const Node& n = g[id];
  if (n.op == Op::power) return {n.a, n.b};
  return {id, Graph::one};
}

NodeId add(Graph& g, NodeId a, NodeId b) {
  if (a == Graph::zero) return b;
  if (b == Graph::zero) return a;
  const bool number_a = g[a].is_number(), number_b = g[b].is_number();
  if (number_a && number_b) {
    if (const auto folded = fold_sum(g, a, b)) return *folded;
    return g.insert(binary(Op::sum, a, b));
  }
  if (!number_a && !number_b) {
    const Scaled x = split_coefficient(g, a), y = split_coefficient(g, b);
    if (x.rest == y.rest && is_exact(g[x.coefficient]) && is_exact(g[y.coefficient])) {
      const auto total = fold_sum(g, x.coefficient, y.coefficient);
      if (total && (*total != Graph::zero || absorbed_by_zero(g, x.rest))) {
        return multiply(g, *total, x.rest);
      }
    }
  }
  return g.insert(binary(Op::sum, a, b));
}

NodeId multiply(Graph& g, NodeId a, NodeId b) {
  const bool number_a = g[a].is_number(), number_b = g[b].is_number();
  if (number_a && number_b) {
    if (const auto folded = fold_product(g, a, b)) return *folded;
    return g.insert(binary(Op::product, a, b));
  }
  if (number_b) return multiply(g, b, a);
  if (a == Graph::one) return b;
  if (a == Graph::zero && absorbed_by_zero(g, b)) return a;
  if (number_a) {
    const Node n = g[b];
    if (n.op == Op::product && g[n.a].is_number()) {
      if (const auto merged = merge_coefficients(g, a, n.a)) return multiply(g, *merged, n.b);
    }
    return g.insert(binary(Op::product, a, b));
  }
  const Raised x = split_power(g, a), y = split_power(g, b);
  if (x.base == y.base && g[x.base].op != Op::real && is_exact(g[x.exponent]) &&
      is_exact(g[y.exponent]) && x.base != Graph::zero) {
    const auto exponent = fold_sum(g, x.exponent, y.exponent);
    // u^m * u^-m is 1 where both exist; without symbols in u, they may not exist at all.
    if (exponent && (*exponent != Graph::zero || (g[x.base].flags & depends_on_symbol) ||
                     g[x.base].is_number())) {
      return power(g, x.base, *exponent);
    }
  }
  return g.insert(binary(Op::product, a, b));
}

NodeId negate(Graph& g, NodeId a) { return multiply(g, Graph::minus_one, a); }
NodeId subtract(Graph& g, NodeId a, NodeId b) { return add(g, a, negate(g, b)); }
NodeId divide(Graph& g, NodeId a, NodeId b) {
  return multiply(g, a, power(g, b, Graph::minus_one));
}

NodeId power(Graph& g, NodeId base, NodeId exponent) {
  exponent = exact_exponent(g, exponent);
  if (exponent == Graph::zero) return Graph::one;
  if (exponent == Graph::one) return base;
  if (base == Graph::one) return base;
  const Node b = g[base], e = g[exponent];
  if (b.is_number() && e.is_number()) {
    if (const auto folded = fold_power(g, base, exponent)) return *folded;
    return g.insert(binary(Op::power, base, exponent));
  }
  if (b.op == Op::constant && constants[b.detail].name == "e") return call(g, "exp"_fn, exponent);
  if (e.op == Op::integer) {
    // (u^m)^n = u^(m n) for integer n: defined at least where the left side is.
    if (b.op == Op::power && is_exact(g[b.b])) {
      if (const auto merged = fold_product(g, b.b, exponent)) return power(g, b.a, *merged);
    }
    if (b.op == Op::product && b.a == Graph::minus_one) {
      const NodeId raised = power(g, b.b, exponent);
      return g.integer_of(e) % 2 == 0 ? raised : negate(g, raised);
    }
  }
  return g.insert(binary(Op::power, base, exponent));
}

NodeId call(Graph& g, Fn fn, NodeId u, NodeId v) {
  const FunctionRow& f = row(fn);
  const bool two = f.value.arity == 2;
  if (f.value.kind == Value::Kind::shorthand) return f.value.expression({g.expr(u), g.expr(v)}).id;

  const auto short_enough = [&](NodeId id) {
    return is_exact(g[id]) && g.exact_of(g[id]).bits() <= longest_reduction;
  };
  if (f.exact.arity != 0 && short_enough(u) && (!two || short_enough(v))) {
    const auto result =
        two ? f.exact.binary(g.exact_of(g[u]), g.exact_of(g[v])) : f.exact.unary(g.exact_of(g[u]));
    if (result) return g.insert(*result);
  }
  if (!f.undoes.empty() && g[u].op == Op::call && row(g[u].fn()).name == f.undoes) return g[u].a;
  if (f.parity != Parity::none && is_negative_number(g, split_coefficient(g, u).coefficient)) {
    // -1 does not merge into every double (-0.0*x), and then the sign cannot be moved.
    const NodeId turned = negate(g, u);
    if (!is_negative_number(g, split_coefficient(g, turned).coefficient)) {
      const NodeId mirrored = call(g, fn, turned);
      return f.parity == Parity::odd ? negate(g, mirrored) : mirrored;
    }
  }
  if (f.commutative && f.variadic && f.partials.kind == Partials::Kind::branch && u == v) return u;
  return g.insert(Node{
      .op = Op::call, .detail = static_cast<std::uint8_t>(fn), .a = u, .b = two ? v : NodeId{}});
}

NodeId compare(Graph& g, Op op, NodeId a, NodeId b) {
  const auto x = exact(g, a), y = exact(g, b);
  if (x && y) {
    switch (op) {
      case Op::less: return truth(*x < *y);
      case Op::less_equal: return truth(*x <= *y);
      case Op::equal: return truth(*x == *y);
      default: return truth(*x != *y);
    }
  }
  return g.insert(binary(op, a, b));
}

NodeId both(Graph& g, NodeId a, NodeId b) {
  if (a == Graph::zero || b == Graph::zero) return Graph::zero;
  if (a == Graph::one && b == Graph::one) return Graph::one;
  return g.insert(binary(Op::both, a, b));
}

NodeId either(Graph& g, NodeId a, NodeId b) {
  if (a == Graph::one || b == Graph::one) return Graph::one;
  if (a == Graph::zero && b == Graph::zero) return Graph::zero;
  return g.insert(binary(Op::either, a, b));
}

NodeId negation(Graph& g, NodeId condition) {
  if (const auto value = exact(g, condition)) return truth(value->is_zero());
  return g.insert(Node{.op = Op::negation, .a = condition});
}

NodeId select(Graph& g, NodeId condition, NodeId then, NodeId otherwise) {
  if (const auto value = exact(g, condition)) return value->is_zero() ? otherwise : then;
  if (then == otherwise) return then;
  return g.insert(Node{.op = Op::select, .a = condition, .b = then, .c = otherwise});
}

NodeId data_sum(Graph& g, NodeId body) {
  // Factors that are the same in every row stand in front of the sum.
  std::vector<NodeId> common;
  while (g[body].op == Op::product) {
    const Node n = g[body];
    const bool a_varies = (g[n.a].flags & varies_by_row) != 0,
               b_varies = (g[n.b].flags & varies_by_row) != 0;
    if (a_varies == b_varies) break;
    common.push_back(a_varies ? n.b : n.a);
    body = a_varies ? n.a : n.b;
  }
  if (body == Graph::zero) return body;
  if (body != Graph::one && !(g[body].flags & varies_by_row)) {
    common.push_back(body);
    body = Graph::one;
  }
  NodeId result = g.insert(Node{.op = Op::data_sum, .a = body});
  while (!common.empty()) {
    result = multiply(g, common.back(), result);
    common.pop_back();
  }
  return result;
}

NodeId apply(Graph& g, std::uint8_t function, std::span<const NodeId> operands) {
  Node n{.op = static_cast<Op>(static_cast<std::size_t>(Op::apply1) + operands.size() - 1),
         .detail = function,
         .a = operands[0]};
  if (operands.size() > 1) n.b = operands[1];
  if (operands.size() > 2) n.c = operands[2];
  return g.insert(n);
}

NodeId rebuild(Graph& g, const Node& n, std::span<const NodeId> x) {
  switch (n.op) {
    case Op::sum: return add(g, x[0], x[1]);
    case Op::product: return multiply(g, x[0], x[1]);
    case Op::power: return power(g, x[0], x[1]);
    case Op::call: return call(g, n.fn(), x[0], x.size() > 1 ? x[1] : NodeId{});
    case Op::less:
    case Op::less_equal:
    case Op::equal:
    case Op::not_equal: return compare(g, n.op, x[0], x[1]);
    case Op::both: return both(g, x[0], x[1]);
    case Op::either: return either(g, x[0], x[1]);
    case Op::negation: return negation(g, x[0]);
    case Op::select: return select(g, x[0], x[1], x[2]);
    case Op::data_sum: return data_sum(g, x[0]);
    case Op::apply1:
    case Op::apply2:
    case Op::apply3: return apply(g, n.detail, x);
    default: return g.insert(n);
  }
}

}  // namespace nabla
