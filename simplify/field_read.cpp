// From expressions to products over kernels.

#include "simplify/field.hpp"

#include <algorithm>
#include <unordered_map>

#include "lib/core/build.hpp"
#include "lib/core/functions.hpp"

namespace nabla::fractions {

namespace {

// sin(n*x) is expanded up to this n.
constexpr int highest_multiple = 8;

}  // namespace

Product Field::read(NodeId root) {
  std::unordered_map<NodeId, Product> done;
  std::vector<NodeId> stack{root}, operands;
  while (!stack.empty()) {
    const NodeId id = stack.back();
    if (done.contains(id)) {
      stack.pop_back();
      continue;
    }
    const Node n = g_[id];
    // A chain of sums is read in one piece.
    operands.clear();
    const auto logarithm = logarithm_of_power(n);
    if (logarithm) {
      operands = {logarithm->first};
    } else if (n.op == Op::sum) {
      std::vector<NodeId> chain{id};
      while (!chain.empty()) {
        const Node m = g_[chain.back()];
        chain.pop_back();
        for (const NodeId u : {m.b, m.a}) {
          (g_[u].op == Op::sum ? chain : operands).push_back(u);
        }
      }
      std::ranges::reverse(operands);
    } else if (n.op == Op::product) {
      operands = {n.a, n.b};
    } else if (n.op == Op::power || (n.op == Op::call && n.fn() == "abs"_fn)) {
      operands = {n.a};
    }
    bool ready = true;
    for (const NodeId u : operands) {
      if (!done.contains(u)) {
        stack.push_back(u);
        ready = false;
      }
    }
    if (!ready) continue;
    stack.pop_back();
    Product value;
    if (logarithm) {
      value = done[logarithm->first];
      value.coefficient = value.coefficient * logarithm->second;
    } else if (n.op == Op::sum) {
      std::vector<Product> terms;
      for (const NodeId u : operands) terms.push_back(done[u]);
      value = sum(std::move(terms));
    } else if (n.op == Op::product) {
      value = times(done[n.a], done[n.b]);
    } else if (n.op == Op::power && is_exact(g_[n.b])) {
      value = raised(done[n.a], g_.exact_of(g_[n.b]));
    } else if (n.op == Op::power) {
      const std::vector<Linear> terms = linear(n.b);
      Number constant(0);
      for (const Linear& t : terms) {
        if (t.rest == Graph::one) constant = t.coefficient;
      }
      std::vector<Linear> others = terms;
      std::erase_if(others, [](const Linear& t) { return t.rest == Graph::one; });
      const NodeId rest = combine(others, Number(1));
      for (const SymbolicPower& p : powers_) {
        if (p.base != n.a || p.rest != rest || !(p.least - constant).is_integer()) continue;
        const Product base = raised(done[n.a], constant - p.least);
        value = times(from(kernel(p.kernel)), base);
        break;
      }
    } else if (n.op == Op::call && n.fn() == "abs"_fn) {
      value = absolute(done[n.a]);
    } else if (n.op == Op::call && in_field(n)) {
      value = n.fn() == "exp"_fn       ? exponential_of(n.a)
              : n.fn() == "sigmoid"_fn ? sigmoid_of(n.a)
                                       : angle_of(n.fn(), n.a);
    } else {
      value = leaf(id);
    }
    done.emplace(id, std::move(value));
  }
  return done[root];
}

Product Field::leaf(NodeId id) {
  const Node& n = g_[id];
  if (is_exact(n)) return {.coefficient = g_.exact_of(n), .factors = {}};
  for (std::size_t k = 0; k < kernels_.size(); ++k) {
    if (kernels_[k].node == id) return from(kernel(k));
  }
  throw TooLarge{};
}

Product Field::exponential_of(NodeId argument) {
  Product result;
  for (const Linear& t : linear(argument)) {
    for (const Exponential& e : exponentials_) {
      if (e.rest == t.rest) push(result, kernel(e.kernel), t.coefficient / e.step);
    }
  }
  settle(result);
  return result;
}

// exp(u)/(1 + exp(u))
Product Field::sigmoid_of(NodeId argument) {
  const Product e = exponential_of(argument);
  return times(e, raised(sum({Product{}, e}), Number(-1)));
}

Product Field::angle_of(Fn fn, NodeId argument) {
  const auto [unit, q] = unit_of(argument);
  const bool hyperbolic = is_hyperbolic(fn);
  const bool want_sine = fn == "sin"_fn || fn == "sinh"_fn;
  const bool want_cosine = fn == "cos"_fn || fn == "cosh"_fn;
  if (hyperbolic) {
    for (const Exponential& e : exponentials_) {
      if (e.rest != unit) continue;
      const Product up = from(kernel(e.kernel), q / e.step);
      Product down = raised(up, Number(-1));
      const Product half{.coefficient = Number::ratio(1, 2), .factors = {}};
      const Product cosine = times(half, sum({up, down}));
      down.coefficient = Number(-1);
      const Product sine = times(half, sum({up, down}));
      if (want_sine) return sine;
      return want_cosine ? cosine : times(sine, raised(cosine, Number(-1)));
    }
  }
  for (const Angle& a : angles_) {
    if (a.unit != unit || a.hyperbolic != hyperbolic) continue;
    const auto times_step = (q / a.step).as_int64();
    if (!times_step || *times_step > highest_multiple || *times_step < -highest_multiple) {
      throw TooLarge{};
    }
    const Polynomial s = kernel(a.sine), c = kernel(a.cosine);
    Polynomial sine = s, cosine = c;
    for (std::int64_t n = *times_step < 0 ? -*times_step : *times_step; n > 1; --n) {
      const Polynomial next = reduced(sine * c + cosine * s);
      cosine = reduced(hyperbolic ? cosine * c + sine * s : cosine * c - sine * s);
      sine = next;
    }
    if (*times_step < 0) sine = -sine;
    if (want_sine) return from(sine);
    if (want_cosine) return from(cosine);
    return times(from(sine), from(cosine, Number(-1)));
  }
  throw TooLarge{};
}

}  // namespace nabla::fractions
