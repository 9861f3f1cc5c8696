// Sums read as flat lists of terms.

#include <algorithm>
#include <iterator>

#include "lib/core/build.hpp"
#include "simplify/pass.hpp"

namespace nabla::normal {

namespace {

// Exact numbers add exactly; doubles in ascending order, so that the sum does not depend on the
// order they came in.
NodeId total(Graph& g, std::vector<NodeId>& numbers) {
  NodeId exact = Graph::zero;
  std::vector<double> reals;
  for (const NodeId id : numbers) {
    if (is_exact(g[id])) {
      exact = add(g, exact, id);
    } else {
      reals.push_back(g.real_of(g[id]));
    }
  }
  if (reals.empty()) return exact;
  std::ranges::sort(reals, [](double a, double b) { return a < b || (a == a && b != b); });
  double sum = 0;
  for (const double x : reals) sum += x;
  const NodeId rounded = g.insert(sum);
  return add(g, exact, rounded);
}

bool is_zero(const Graph& g, NodeId number) {
  return number == Graph::zero || (g[number].op == Op::real && g.real_of(g[number]) == 0);
}

}  // namespace

NodeId Pass::sum(NodeId id) {
  terms_.clear();
  numbers_.clear();
  stack_.clear();
  const Node& head = g_[id];
  stack_.push_back({head.b, {}, false, State::raw});
  stack_.push_back({head.a, {}, false, State::raw});
  while (!stack_.empty()) {
    stop_();
    const Item item = stack_.back();
    stack_.pop_back();
    const Node n = g_[item.id];
    if (item.state == State::open) {
      if (n.op == Op::sum) {
        stack_.push_back({n.b, {}, item.minus, State::open});
        stack_.push_back({n.a, {}, item.minus, State::open});
      } else {
        read_term(item.id, item.minus);
      }
    } else if (is_part(item.id)) {
      const bool turn = n.op == Op::product;  // -1 times a sum
      stack_.push_back({n.b, {}, item.minus != turn, State::raw});
      if (!turn) stack_.push_back({n.a, {}, item.minus, State::raw});
    } else {
      const NodeId done = out_[item.id];
      const Node& m = g_[done];
      const bool turned = m.op == Op::product && m.a == Graph::minus_one && g_[m.b].op == Op::sum;
      const NodeId inner = turned ? m.b : done;
      const bool open = g_[inner].op == Op::sum &&
                        (uses_[item.id] == 1 || (open_shared_ && is_small(inner, Op::sum)));
      if (open) {
        stack_.push_back({inner, {}, item.minus != turned, State::open});
      } else {
        read_term(done, item.minus);
      }
    }
  }
  return collect_terms();
}

void Pass::read_term(NodeId id, bool minus) {
  if (g_[id].is_number()) {
    numbers_.push_back(minus ? negate(g_, id) : id);
    return;
  }
  Shape shape = take_apart(g_, id);
  NodeId coefficient = shape.coefficient, rest = id;
  if (coefficient != Graph::one) {
    shape.coefficient = Graph::one;
    rest = assemble(g_, shape);
  }
  if (minus) coefficient = negate(g_, coefficient);
  const bool fixed = (g_[rest].flags & depends_on_symbol) == 0 && !is_positive(rest);
  terms_.push_back({rest, coefficient, id, terms_.size(), minus, fixed});
}

NodeId Pass::collect_terms() {
  const NodeId constant = total(g_, numbers_);
  const auto same = [&](const Term& s, const Term& t) {
    return s.rest == t.rest && (!s.fixed || is_negative_number(g_, s.coefficient) ==
                                                is_negative_number(g_, t.coefficient));
  };
  // Grouped by identity; the order they are written in comes below.
  std::ranges::sort(terms_, [&](const Term& s, const Term& t) {
    stop_();
    if (s.rest != t.rest) return s.rest < t.rest;
    return is_negative_number(g_, s.coefficient) < is_negative_number(g_, t.coefficient);
  });
  // As they stood, which is in order when this pass comes second.
  std::vector<NodeId> at(terms_.size(), Graph::zero);
  for (std::size_t i = 0, end = 0; i < terms_.size(); i = end) {
    stop_();
    const Term& first = terms_[i];
    for (end = i; end < terms_.size() && same(first, terms_[end]);) ++end;
    if (end == i + 1 && !first.minus) {
      at[first.position] = first.node;
      continue;
    }
    numbers_.clear();
    for (std::size_t k = i; k < end; ++k) numbers_.push_back(terms_[k].coefficient);
    const NodeId coefficient = total(g_, numbers_);
    if (is_zero(g_, coefficient)) continue;
    Shape shape = take_apart(g_, first.rest);
    shape.coefficient = coefficient;
    at[first.position] = assemble(g_, shape);
  }
  std::vector<NodeId> result;
  std::ranges::copy_if(at, std::back_inserter(result), [](NodeId id) { return id != Graph::zero; });
  const auto before = [&](NodeId a, NodeId b) {
    stop_();
    return order_.term_before(a, b);
  };
  if (!std::ranges::is_sorted(result, before)) std::ranges::sort(result, before);
  if (!is_zero(g_, constant)) result.push_back(constant);
  if (result.empty()) return Graph::zero;
  const auto positive =
      std::ranges::find_if(result, [&](NodeId id) { return !view_.is_negative(id); });
  if (positive != result.end()) std::rotate(result.begin(), positive, positive + 1);
  NodeId sum = result.front();
  for (std::size_t i = 1; i < result.size(); ++i) sum = add(g_, sum, result[i]);
  return sum;
}

}  // namespace nabla::normal
