// Which kernels an expression needs, in an order of structure.

#include "simplify/field.hpp"

#include <algorithm>
#include <unordered_set>

#include "lib/core/build.hpp"
#include "lib/core/functions.hpp"

namespace nabla::fractions {

namespace {

Number common_step(const Number& a, const Number& b) {
  if (a.is_zero()) return b.sign() < 0 ? -b : b;
  return content(Polynomial::kernel(0) * a + Polynomial(b));
}

}  // namespace

bool is_angle(Fn fn) {
  switch (fn) {
    case "sin"_fn:
    case "cos"_fn:
    case "tan"_fn:
    case "sinh"_fn:
    case "cosh"_fn:
    case "tanh"_fn: return true;
    default: return false;
  }
}

bool is_hyperbolic(Fn fn) { return fn == "sinh"_fn || fn == "cosh"_fn || fn == "tanh"_fn; }

Field::Field(Graph& g, Facts& facts, Meter& meter, std::span<const NodeId> roots, bool keep_sines)
    : g_(g), facts_(facts), meter_(&meter), order_(g), keep_sines_(keep_sines) {
  collect(roots);
  collect_exponentials();
  collect_angles();
  collect_powers();
  // Kernels in an order of structure, whatever the order they came in.
  std::ranges::sort(plain_, [&](NodeId a, NodeId b) { return order_.compare(a, b) < 0; });
  for (const NodeId id : plain_) add_kernel({.node = id});
  std::vector<std::pair<NodeId, Kernel>> rest;
  for (Exponential& e : exponentials_) {
    const NodeId argument = multiply(g_, g_.insert(e.step), e.rest);
    const NodeId node = call(g_, "exp"_fn, argument);
    e.kernel = add_kernel({.node = node, .kind = Kernel::Kind::exponential, .angle = argument});
  }
  for (Angle& a : angles_) {
    const NodeId argument = multiply(g_, g_.insert(a.step), a.unit);
    const Fn sine = a.hyperbolic ? "sinh"_fn : "sin"_fn;
    const Fn cosine = a.hyperbolic ? "cosh"_fn : "cos"_fn;
    const NodeId s = call(g_, sine, argument), c = call(g_, cosine, argument);
    a.sine = add_kernel(
        {.node = s, .kind = Kernel::Kind::sine, .hyperbolic = a.hyperbolic, .angle = argument});
    a.cosine = add_kernel({.node = c,
                           .kind = Kernel::Kind::cosine,
                           .hyperbolic = a.hyperbolic,
                           .angle = argument,
                           .partner = a.sine});
    kernels_[a.sine].partner = a.cosine;
  }
  for (SymbolicPower& p : powers_) {
    const NodeId exponent = add(g_, p.rest, g_.insert(p.least));
    p.kernel = add_kernel({.node = nabla::power(g_, p.base, exponent)});
  }
}

bool Field::in_field(const Node& n) const {
  if (n.op == Op::call) {
    return n.fn() == "abs"_fn || n.fn() == "exp"_fn || n.fn() == "sigmoid"_fn || is_angle(n.fn());
  }
  return n.is_number() ? n.op != Op::real : n.op >= Op::sum && n.op <= Op::power;
}

// log(u^e) as log(u) and e, where u > 0 for both: not with an even e.
std::optional<std::pair<NodeId, Number>> Field::logarithm_of_power(const Node& n) {
  if (n.op != Op::call || n.fn() != "log"_fn) return std::nullopt;
  const Node inside = g_[n.a];
  if (inside.op != Op::power || !is_exact(g_[inside.b])) return std::nullopt;
  const Number exponent = g_.exact_of(g_[inside.b]);
  if (!is_odd(exponent.numerator())) return std::nullopt;
  return std::pair(call(g_, "log"_fn, inside.a), exponent);
}

void Field::collect(std::span<const NodeId> roots) {
  std::unordered_set<NodeId> seen;
  std::vector<NodeId> stack(roots.rbegin(), roots.rend());
  while (!stack.empty()) {
    const NodeId id = stack.back();
    stack.pop_back();
    if (!seen.insert(id).second) continue;
    const Node n = g_[id];
    if (const auto logarithm = logarithm_of_power(n)) {
      stack.push_back(logarithm->first);
    } else if (!in_field(n)) {
      plain_.push_back(id);
      if (plain_.size() > most_kernels) throw TooLarge{};
    } else if (n.op == Op::sum || n.op == Op::product) {
      stack.push_back(n.b);
      stack.push_back(n.a);
    } else if (n.op == Op::power) {
      if (!is_exact(g_[n.b])) powers_in_.push_back(id);
      stack.push_back(n.a);
    } else if (n.op == Op::call) {
      if (n.fn() == "exp"_fn || n.fn() == "sigmoid"_fn) {
        exponentials_in_.push_back(n.a);
      } else if (is_angle(n.fn())) {
        angles_in_.emplace_back(n.a, n.fn());
      } else {
        stack.push_back(n.a);
      }
    }
  }
}

// An argument as a sum of coefficients times parts that have none; numbers are times one.
std::vector<Field::Linear> Field::linear(NodeId argument) {
  std::vector<Linear> terms;
  std::vector<std::pair<NodeId, Number>> stack{{argument, Number(1)}};
  while (!stack.empty()) {
    const auto [id, by] = stack.back();
    stack.pop_back();
    const Node n = g_[id];
    if (n.op == Op::sum) {
      stack.emplace_back(n.b, by);
      stack.emplace_back(n.a, by);
    } else if (n.op == Op::product && is_exact(g_[n.a])) {
      stack.emplace_back(n.b, by * g_.exact_of(g_[n.a]));
    } else {
      Linear t{id, by};
      if (is_exact(n)) t = {Graph::one, by * g_.exact_of(n)};
      const auto same =
          std::ranges::find_if(terms, [&](const Linear& l) { return l.rest == t.rest; });
      if (same == terms.end()) {
        terms.push_back(t);
      } else {
        same->coefficient = same->coefficient + t.coefficient;
      }
    }
    if (terms.size() > most_kernels) throw TooLarge{};
  }
  std::erase_if(terms, [](const Linear& l) { return l.coefficient.is_zero(); });
  std::ranges::sort(
      terms, [&](const Linear& s, const Linear& t) { return order_.compare(s.rest, t.rest) < 0; });
  return terms;
}

NodeId Field::combine(const std::vector<Linear>& terms, const Number& scale) {
  NodeId total = Graph::zero;
  for (const Linear& t : terms) {
    total = add(g_, total, multiply(g_, g_.insert(t.coefficient * scale), t.rest));
  }
  return total;
}

// argument == number * unit; opposite arguments have the same unit.
std::pair<NodeId, Number> Field::unit_of(NodeId argument) {
  const std::vector<Linear> terms = linear(argument);
  if (terms.empty()) return {Graph::zero, Number(1)};
  Number scale(0);
  for (const Linear& t : terms) scale = common_step(scale, t.coefficient);
  if (terms.back().coefficient.sign() < 0) scale = -scale;
  return {combine(terms, scale.inverse()), scale};
}

void Field::collect_exponentials() {
  const auto step = [&](NodeId rest, const Number& coefficient) {
    const auto at =
        std::ranges::find_if(exponentials_, [&](const Exponential& e) { return e.rest == rest; });
    if (at == exponentials_.end()) {
      const Number size = coefficient.sign() < 0 ? -coefficient : coefficient;
      exponentials_.push_back({.rest = rest, .step = size, .kernel = 0});
    } else {
      at->step = common_step(at->step, coefficient);
    }
  };
  for (const NodeId argument : exponentials_in_) {
    for (const Linear& t : linear(argument)) step(t.rest, t.coefficient);
  }
  // cosh(x) beside exp(x) is read through exp.
  for (const auto& [argument, fn] : angles_in_) {
    if (!is_hyperbolic(fn)) continue;
    const std::vector<Linear> terms = linear(argument);
    if (terms.size() == 1 && std::ranges::any_of(exponentials_, [&](const Exponential& e) {
          return e.rest == terms[0].rest;
        })) {
      step(terms[0].rest, terms[0].coefficient);
    }
  }
  std::ranges::sort(exponentials_, [&](const Exponential& a, const Exponential& b) {
    return order_.compare(a.rest, b.rest) < 0;
  });
}

void Field::collect_angles() {
  for (const auto& [argument, fn] : angles_in_) {
    const auto [unit, q] = unit_of(argument);
    const bool hyperbolic = is_hyperbolic(fn);
    if (hyperbolic && std::ranges::any_of(exponentials_, [u = unit](const Exponential& e) {
          return e.rest == u;
        })) {
      continue;
    }
    const auto at = std::ranges::find_if(angles_, [&, u = unit](const Angle& a) {
      return a.unit == u && a.hyperbolic == hyperbolic;
    });
    if (at == angles_.end()) {
      const Number size = q.sign() < 0 ? -q : q;
      angles_.push_back(
          {.unit = unit, .step = size, .hyperbolic = hyperbolic, .sine = 0, .cosine = 0});
    } else {
      at->step = common_step(at->step, q);
    }
  }
  std::ranges::sort(angles_, [&](const Angle& a, const Angle& b) {
    const auto c = order_.compare(a.unit, b.unit);
    return c != 0 ? c < 0 : a.hyperbolic < b.hyperbolic;
  });
}

void Field::collect_powers() {
  for (const NodeId id : powers_in_) {
    const Node n = g_[id];
    std::vector<Linear> terms = linear(n.b);
    Number constant(0);
    std::erase_if(terms, [&](const Linear& t) {
      if (t.rest == Graph::one) constant = t.coefficient;
      return t.rest == Graph::one;
    });
    const NodeId rest = combine(terms, Number(1));
    const auto at = std::ranges::find_if(powers_, [&](const SymbolicPower& p) {
      return p.base == n.a && p.rest == rest && (p.least - constant).is_integer();
    });
    if (at == powers_.end()) {
      powers_.push_back({.base = n.a, .rest = rest, .least = constant, .kernel = 0});
    } else if (constant < at->least) {
      at->least = constant;
    }
  }
  std::ranges::sort(powers_, [&](const SymbolicPower& a, const SymbolicPower& b) {
    const auto c = order_.compare(a.base, b.base);
    if (c != 0) return c < 0;
    const auto d = order_.compare(a.rest, b.rest);
    return d != 0 ? d < 0 : a.least < b.least;
  });
}

}  // namespace nabla::fractions
