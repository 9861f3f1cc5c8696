#include "lib/calculus/guarded.hpp"

#include <optional>

namespace nabla::calculus {

namespace {

NodeId conjunction(Graph& g, NodeId a, NodeId b) {
  if (a == Graph::one || a == b) return b;
  if (b == Graph::one) return a;
  const Node& n = g[a];
  if (n.op == Op::both && (n.a == b || n.b == b)) return a;
  return both(g, a, b);
}

bool is_negation_of(const Graph& g, NodeId a, NodeId b) {
  return g[a].op == Op::negation && g[a].a == b;
}

// The condition that tells two guards apart when they are the two sides of one choice:
// `first` under c, `second` under not c, both inside `outer`.
struct Sides {
  bool found = false;
  NodeId condition{}, outer = Graph::one;
  bool swapped = false;  // `first` is the side of "not c"
};

Sides sides_of_one_choice(const Graph& g, NodeId first, NodeId second) {
  if (is_negation_of(g, second, first)) return {true, first, Graph::one, false};
  if (is_negation_of(g, first, second)) return {true, second, Graph::one, true};
  const Node &m = g[first], &n = g[second];
  if (m.op != Op::both || n.op != Op::both || m.a != n.a) return {};
  if (is_negation_of(g, n.b, m.b)) return {true, m.b, m.a, false};
  if (is_negation_of(g, m.b, n.b)) return {true, n.b, m.a, true};
  return {};
}

// The sum without closing either part, where one guard or one choice covers both.
std::optional<Guarded> joined(Graph& g, const Guarded& s, const Guarded& t) {
  if (s.guard == t.guard) {
    return Guarded{
        .value = add(g, s.value, t.value), .guard = s.guard, .closed = s.closed && t.closed};
  }
  const Sides sides = sides_of_one_choice(g, s.guard, t.guard);
  if (!sides.found) return std::nullopt;
  const NodeId then = sides.swapped ? t.value : s.value,
               otherwise = sides.swapped ? s.value : t.value;
  return Guarded{.value = select(g, sides.condition, then, otherwise),
                 .guard = sides.outer,
                 .closed = sides.outer == Graph::one || (s.closed && t.closed)};
}

}  // namespace

NodeId close(Graph& g, const Guarded& t) {
  if (t.is_plain() || t.closed) return t.value;
  const Node n = g[t.guard];
  if (n.op == Op::negation) return select(g, n.a, Graph::zero, t.value);
  return select(g, t.guard, t.value, Graph::zero);
}

Guarded merge(Graph& g, const Guarded& s, const Guarded& t) {
  if (const auto together = joined(g, s, t)) return *together;
  const NodeId first = close(g, s), second = close(g, t);
  const bool plain = s.is_plain() || t.is_plain();
  return {.value = add(g, first, second),
          .guard = plain ? Graph::one : either(g, s.guard, t.guard)};
}

Guarded gather_guarded(Graph& g, const Guarded& s, const Guarded& t) {
  if (const auto together = joined(g, s, t)) return *together;
  const NodeId first = close(g, s), second = close(g, t);
  return {.value = add(g, first, second)};
}

Guarded scale_guarded(Graph& g, const Guarded& t, NodeId factor) {
  const NodeId value = t.value == Graph::one ? factor : multiply(g, t.value, factor);
  const Op op = g[factor].op;
  // Only an exact number is known to keep 0 at 0.
  return {.value = value,
          .guard = t.guard,
          .closed = t.closed && (op == Op::integer || op == Op::rational)};
}

Guarded under(Graph& g, NodeId condition, const Guarded& t) {
  if (t.is_zero() || condition == Graph::zero) return {};
  if (condition == Graph::one || condition == t.guard) return t;
  return {.value = t.value, .guard = conjunction(g, t.guard, condition), .closed = false};
}

Guarded choose(Graph& g, NodeId condition, const Guarded& s, const Guarded& t) {
  if (s.is_zero() && t.is_zero()) return {};
  if (t.is_zero()) return under(g, condition, s);
  if (s.is_zero()) return under(g, negation(g, condition), t);
  const NodeId value = select(g, condition, s.value, t.value);
  const bool closed = s.closed && t.closed;
  if (s.guard == t.guard) return {.value = value, .guard = s.guard, .closed = closed};
  const NodeId otherwise = negation(g, condition);
  const NodeId first = conjunction(g, condition, s.guard),
               second = conjunction(g, otherwise, t.guard);
  return {.value = value, .guard = either(g, first, second), .closed = closed};
}

Guarded over_rows(Graph& g, const Guarded& t) {
  if (t.is_zero()) return {};
  if (t.is_plain()) return {.value = data_sum(g, t.value)};
  if (!(g[t.guard].flags & varies_by_row)) {
    return {.value = data_sum(g, t.value), .guard = t.guard, .closed = t.closed};
  }
  return {.value = data_sum(g, close(g, t))};
}

}  // namespace nabla::calculus
