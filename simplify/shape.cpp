#include "simplify/shape.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "lib/core/build.hpp"
#include "lib/core/order.hpp"
#include "lib/emit/view.hpp"

namespace nabla {

namespace {

bool is_exact(const Node& n) { return n.op <= Op::rational; }

NodeId chain(Graph& g, NodeId first, const std::vector<NodeId>& factors) {
  NodeId result = first;
  for (const NodeId f : factors) result = multiply(g, result, f);
  return result;
}

// mean(u) counts as one factor.
bool is_link(const Graph& g, NodeId id) {
  return g[id].op == Op::product && !NodeView{g}.is_mean(g[id]);
}

// Appends the factors of a left-deep chain, first one first; false when there are too many.
bool open_chain(const Graph& g, NodeId node, std::vector<NodeId>& into) {
  const std::size_t begin = into.size();
  for (;;) {
    const Node& n = g[node];
    if (!is_link(g, node) || into.size() - begin > longest_shape) break;
    const bool left = is_link(g, n.a), right = is_link(g, n.b);
    if (g[n.a].is_number()) {
      into.push_back(n.a);
      node = n.b;
      continue;
    }
    if (left && right) break;
    into.push_back(right ? n.a : n.b);
    node = right ? n.b : n.a;
  }
  into.push_back(node);
  std::reverse(into.begin() + static_cast<std::ptrdiff_t>(begin), into.end());
  return into.size() - begin <= longest_shape;
}

}  // namespace

NodeId assemble(Graph& g, const Shape& shape) {
  const Node c = g[shape.coefficient];
  if (shape.above.size() + shape.below.size() > longest_shape) {
    Shape rest = shape;
    rest.coefficient = Graph::one;
    const NodeId up = chain(g, Graph::one, rest.above);
    const NodeId down = chain(g, Graph::one, rest.below);
    const NodeId body = rest.below.empty() ? up : divide(g, up, down);
    return multiply(g, shape.coefficient, body);
  }
  bool minus = false;
  NodeId p = shape.coefficient, q = Graph::one;
  if (is_exact(c)) {
    const Number value = g.exact_of(c);
    minus = value.sign() < 0;
    const Number size = minus ? -value : value;
    p = g.insert(size.numerator());
    q = g.insert(size.denominator());
  } else if (std::isnormal(g.real_of(c)) && g.real_of(c) < 0) {
    minus = true;
    p = g.insert(-g.real_of(c));
  }
  NodeId result = chain(g, p, shape.above);
  if (!shape.below.empty()) {
    const NodeId down = chain(g, q, shape.below);
    result = divide(g, result, down);
  } else if (q != Graph::one) {
    const NodeId part = g.insert(g.exact_of(g[q]).inverse());
    result = multiply(g, part, result);
  }
  return minus ? negate(g, result) : result;
}

Shape take_apart(Graph& g, NodeId term) {
  Shape shape;
  const Node n = g[term];
  if (n.is_number()) {
    shape.coefficient = term;
    return shape;
  }
  if (n.op != Op::product && !is_inverse(g, term)) {
    shape.above.push_back(term);
    return shape;
  }
  std::vector<NodeId> factors;
  const auto whole = [&] {
    const Scaled s = split_coefficient(g, term);
    return Shape{.coefficient = s.coefficient, .above = {s.rest}, .below = {}};
  };
  if (!open_chain(g, term, factors)) return whole();
  std::vector<NodeId> down;
  for (const NodeId f : factors) {
    if (g[f].is_number()) {
      shape.coefficient = multiply(g, shape.coefficient, f);
    } else if (is_inverse(g, f) && g[f].a != Graph::zero) {
      const Node power_node = g[f];
      if (power_node.b != Graph::minus_one) {
        const NodeId up = g.insert(-g.exact_of(g[power_node.b]));
        shape.below.push_back(power(g, power_node.a, up));
        continue;
      }
      down.clear();
      if (!open_chain(g, power_node.a, down)) return whole();
      for (const NodeId d : down) {
        const Node m = g[d];
        if (!m.is_number()) {
          shape.below.push_back(d);
        } else if (is_exact(m) && !g.exact_of(m).is_zero()) {
          const NodeId part = g.insert(g.exact_of(m).inverse());
          shape.coefficient = multiply(g, shape.coefficient, part);
        } else {
          return whole();  // 1/(0.3*x): dividing by a double is not multiplying by another
        }
      }
    } else {
      shape.above.push_back(f);
    }
    if (!g[shape.coefficient].is_number()) return whole();  // too large to multiply out
  }
  if (shape.above.size() + shape.below.size() > longest_shape) return whole();
  // A product of doubles that left the range of normal numbers.
  const Node c = g[shape.coefficient];
  if (c.op == Op::real && !std::isnormal(g.real_of(c))) return whole();
  return shape;
}

}  // namespace nabla
