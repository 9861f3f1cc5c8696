#include "lib/calculus/guarded.hpp"

#include <array>
#include <cstdlib>
#include <new>
#include <optional>
#include <utility>

#include "lib/core/functions.hpp"

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace nabla::calculus {

#if defined(__linux__)

namespace {
constexpr std::size_t own_pages = std::size_t{1} << 20;  // bytes from which on mapping pays
}

void* allocate_zeroed(std::size_t bytes) {
  if (bytes < own_pages) {
    void* const block = std::calloc(bytes, 1);
    if (block == nullptr) throw std::bad_alloc();
    return block;
  }
  void* const block =
      ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (block == MAP_FAILED) throw std::bad_alloc();
  return block;
}

void release_zeroed(void* block, std::size_t bytes) {
  if (bytes < own_pages) {
    std::free(block);
  } else {
    (void)::munmap(block, bytes);
  }
}

#else

void* allocate_zeroed(std::size_t bytes) {
  void* const block = std::calloc(bytes, 1);
  if (block == nullptr) throw std::bad_alloc();
  return block;
}
void release_zeroed(void* block, std::size_t) { std::free(block); }

#endif

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

// A product seen as coefficient, other factor, and the factor at hand.
struct Factors {
  NodeId coefficient = Graph::one, other = Graph::one, factor = Graph::one;
};

// The ways to single out a direct factor of a product; at most three.
std::array<Factors, 3> single_out(const Graph& g, NodeId id, std::size_t& count) {
  const Scaled s = split_coefficient(g, id);
  std::array<Factors, 3> ways{};
  count = 0;
  ways[count++] = {s.coefficient, Graph::one, s.rest};
  const Node& n = g[s.rest];
  if (n.op != Op::product) return ways;
  for (const auto& [other, part] : {std::pair(n.a, n.b), std::pair(n.b, n.a)}) {
    const Scaled inner = split_coefficient(g, part);
    if (inner.coefficient == Graph::one || s.coefficient == Graph::one) {
      const NodeId c = s.coefficient == Graph::one ? inner.coefficient : s.coefficient;
      ways[count++] = {c, other, inner.rest};
    }
  }
  return ways;
}

// (1 + exp(v))^-k with whole k > 0: the node 1 + exp(v) and its exp(v).
struct Logistic {
  bool found = false;
  NodeId base{}, exponential{};
};
Logistic logistic(const Graph& g, NodeId id) {
  const Node& n = g[id];
  if (n.op != Op::power || g[n.b].op != Op::integer || !is_negative_number(g, n.b)) return {};
  const Node& s = g[n.a];
  if (s.op != Op::sum) return {};
  const NodeId e = s.a == Graph::one ? s.b : s.a;
  if ((s.a != Graph::one && s.b != Graph::one) || g[e].op != Op::call || g[e].fn() != "exp"_fn) {
    return {};
  }
  return {true, n.a, e};
}

}  // namespace

NodeId bounded_product(Graph& g, NodeId a, NodeId b) {
  const auto may_matter = [&](NodeId id) {
    const Node& n = g[id];
    return n.op == Op::power || n.op == Op::product || (n.op == Op::call && n.fn() == "exp"_fn);
  };
  if (!may_matter(a) || !may_matter(b)) return multiply(g, a, b);
  std::size_t count_a = 0, count_b = 0;
  const auto ways_a = single_out(g, a, count_a), ways_b = single_out(g, b, count_b);
  for (std::size_t i = 0; i < count_a; ++i) {
    for (std::size_t j = 0; j < count_b; ++j) {
      const bool power_first = g[ways_a[i].factor].op == Op::power;
      const Factors &p = power_first ? ways_a[i] : ways_b[j],
                    &e = power_first ? ways_b[j] : ways_a[i];
      const Logistic l = logistic(g, p.factor);
      if (!l.found || e.factor != l.exponential) continue;
      const NodeId v = g[l.exponential].a, k = add(g, g[p.factor].b, Graph::one);
      const NodeId lower = power(g, l.base, k), ratio = call(g, "sigmoid"_fn, v);
      const NodeId core = multiply(g, ratio, lower), others = multiply(g, p.other, e.other);
      const NodeId coefficient = multiply(g, p.coefficient, e.coefficient);
      return multiply(g, coefficient, multiply(g, others, core));
    }
  }
  return multiply(g, a, b);
}

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
  const NodeId value = t.value == Graph::one ? factor : bounded_product(g, t.value, factor);
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
