#include "lib/calculus/taylor.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "lib/calculus/derivative.hpp"
#include "lib/calculus/rules.hpp"
#include "lib/core/build.hpp"
#include "lib/core/functions.hpp"
#include "lib/core/graph.hpp"
#include "lib/core/stop.hpp"

namespace nabla {

namespace {

using calculus::attempt;
using calculus::NoDerivative;

Number factorial(unsigned n) {
  Number result(1);
  for (unsigned k = 2; k <= n; ++k) result = result * Number(k);
  return result;
}

// The series of every node that matters, coefficient by coefficient.
class Expansion {
 public:
  Expansion(Graph& g, NodeId x, unsigned order) : g_(g), x_(x), order_(order) {}

  // False where choices ask for repeated tangents.
  bool track(NodeId f) {
    need(f, order_);
    while (!fresh_.empty()) {
      const NodeId id = fresh_.back();
      fresh_.pop_back();
      if (!follow(id)) return false;
    }
    return true;
  }

  bool depends_on_variable(NodeId id) { return depends(id); }

  std::vector<NodeId> run(NodeId f) {
    const std::vector<NodeId> nodes = in_order();
    for (unsigned k = 0; k <= order_; ++k) {
      for (const NodeId id : nodes) {
        Series& series = series_.at(id);
        if (series.order < k) continue;
        check_stop(g_.limits);
        series.coefficients.push_back(k == 0 ? id : coefficient(id, series, k));
      }
    }
    return series_.at(f).coefficients;
  }

 private:
  // How a node's series is found.
  enum class Kind : std::uint8_t { variable, sum, product, inverse, fraction, rule, rows };
  struct Series {
    unsigned order = 0;
    Kind kind = Kind::variable;
    bool followed = false;
    NodeId partials[2] = {Graph::zero, Graph::zero};
    std::vector<NodeId> coefficients;
  };

  bool depends(NodeId root) {
    std::vector<NodeId> stack{root};
    while (!stack.empty()) {
      const NodeId id = stack.back();
      if (depends_.contains(id)) {
        stack.pop_back();
        continue;
      }
      const Node& n = g_[id];
      const std::size_t before = stack.size();
      for (int i = 0; i < operand_count(n); ++i) {
        if (!depends_.contains(n.operand(i))) stack.push_back(n.operand(i));
      }
      if (stack.size() > before) continue;
      bool known = id == x_;
      for (int i = 0; i < operand_count(n); ++i) known |= depends_.at(n.operand(i));
      depends_.emplace(id, known);
      stack.pop_back();
    }
    return depends_.at(root);
  }

  // The node's coefficients up to the order will be asked for.
  void need(NodeId id, unsigned order) {
    if (!depends(id)) return;
    Series& s = series_[id];
    if (s.followed && order <= s.order) return;
    s.order = std::max(s.order, order);
    s.followed = true;
    fresh_.push_back(id);
  }

  bool follow(NodeId id) {
    const Node n = g_[id];
    const unsigned order = series_.at(id).order;
    switch (n.op) {
      case Op::symbol:
      case Op::column: return true;
      case Op::sum:
      case Op::product:
      case Op::data_sum:
        series_.at(id).kind = n.op == Op::sum       ? Kind::sum
                              : n.op == Op::product ? Kind::product
                                                    : Kind::rows;
        for (int i = 0; i < operand_count(n); ++i) need(n.operand(i), order);
        return true;
      case Op::power: return follow_power(id, n, order);
      case Op::call: return row(n.fn()).partials.kind == Partials::Kind::each && rule(id, n, order);
      default: return false;
    }
  }

  // g(u, v)' = g_u u' + g_v v'.
  bool rule(NodeId id, const Node& n, unsigned order) {
    series_.at(id).kind = Kind::rule;
    for (int i = 0; i < operand_count(n); ++i) {
      if (!depends(n.operand(i))) continue;
      need(n.operand(i), order);
      if (order == 0) continue;
      const calculus::Partial p = calculus::partial(g_, id, i);
      if (p.guard != Graph::one) return false;
      series_.at(id).partials[i] = p.factor;
      need(p.factor, order - 1);
    }
    return true;
  }

  bool follow_power(NodeId id, const Node& n, unsigned order) {
    const Node& e = g_[n.b];
    if (!e.is_number()) return rule(id, n, order);
    const double p = g_.value_of_number(e);
    need(n.a, order);
    if (e.op == Op::integer && p > 0) {
      // u^p as a product of two powers: no division, right where u is 0.
      const std::int64_t half = g_.integer_of(e) / 2;
      const NodeId first = power(g_, n.a, g_.insert(half)),
                   second = power(g_, n.a, g_.insert(g_.integer_of(e) - half));
      series_.at(id).kind = Kind::product;
      series_.at(id).partials[0] = first;
      series_.at(id).partials[1] = second;
      need(first, order);
      need(second, order);
      return true;
    }
    if (p == -1) {
      series_.at(id).kind = Kind::inverse;
      return true;
    }
    if (p < 1) {
      series_.at(id).kind = Kind::fraction;
      return true;
    }
    return rule(id, n, order);  // p u^(p-1), down to an exponent below 1
  }

  // What coefficient k of a node needs coefficient k of: its operands, and the halves of a power.
  // Partials are needed up to order k - 1 only.
  std::vector<NodeId> parts(NodeId id) {
    const Series& s = series_.at(id);
    const Node& n = g_[id];
    std::vector<NodeId> result;
    if (n.op == Op::power && s.kind == Kind::product) {
      result = {s.partials[0], s.partials[1]};
    } else {
      for (int i = 0; i < operand_count(n); ++i) result.push_back(n.operand(i));
    }
    std::erase_if(result, [&](NodeId part) { return !series_.contains(part); });
    return result;
  }

  std::vector<NodeId> in_order() {
    std::vector<NodeId> result, stack;
    std::set<NodeId> placed;
    for (const auto& entry : series_) stack.push_back(entry.first);
    while (!stack.empty()) {
      const NodeId id = stack.back();
      const std::size_t before = stack.size();
      for (const NodeId part : parts(id)) {
        if (!placed.contains(part)) stack.push_back(part);
      }
      if (stack.size() > before) continue;
      stack.pop_back();
      if (placed.insert(id).second) result.push_back(id);
    }
    return result;
  }

  // Coefficient k of a node; zero beyond what depends on x.
  NodeId of(NodeId id, unsigned k) {
    const auto it = series_.find(id);
    if (it == series_.end()) return k == 0 ? id : Graph::zero;
    return it->second.coefficients[k];
  }

  NodeId scaled(const Number& c, NodeId id) { return multiply(g_, g_.insert(c), id); }

  // sum over j = first..last of factor(j) a_j b_{k-j}
  NodeId convolution(NodeId a, NodeId b, unsigned k, unsigned first, unsigned last, auto factor) {
    NodeId total = Graph::zero;
    for (unsigned j = first; j <= last && j <= k; ++j) {
      const NodeId u = of(a, j), v = of(b, k - j);
      if (u == Graph::zero || v == Graph::zero) continue;
      total = add(g_, total, multiply(g_, scaled(factor(j), u), v));
    }
    return total;
  }

  NodeId product(NodeId a, NodeId b, unsigned k) {
    const auto one = [](unsigned) { return Number(1); };
    if (a != b) return convolution(a, b, k, 0, k, one);
    // A square: every pair once, doubled.
    NodeId total = k == 0 ? Graph::zero : convolution(a, a, k, 0, (k - 1) / 2, one);
    total = scaled(Number(2), total);
    if (k % 2 == 0) total = add(g_, total, power(g_, of(a, k / 2), Graph::two));
    return total;
  }

  NodeId coefficient(NodeId id, const Series& s, unsigned k) {
    const Node n = g_[id];
    switch (s.kind) {
      case Kind::variable: return k == 1 ? Graph::one : Graph::zero;
      case Kind::sum: return add(g_, of(n.a, k), of(n.b, k));
      case Kind::rows: return data_sum(g_, of(n.a, k));
      case Kind::product:
        return n.op == Op::power ? product(s.partials[0], s.partials[1], k) : product(n.a, n.b, k);
      case Kind::inverse: {
        // u y = 1
        const NodeId rest = convolution(n.a, id, k, 1, k, [](unsigned) { return Number(-1); });
        return multiply(g_, rest, id);
      }
      case Kind::fraction: {
        // u y' = p y u'
        const Node& e = g_[n.b];
        const Number p = e.op == Op::real ? Number::from_double(g_.real_of(e)) : g_.exact_of(e);
        const NodeId rest = convolution(n.a, id, k, 1, k, [&](unsigned j) {
          return p * Number(j) - Number(static_cast<std::int64_t>(k - j));
        });
        const NodeId under = multiply(g_, g_.insert(Number(k)), n.a);
        return divide(g_, rest, under);
      }
      case Kind::rule: {
        NodeId total = Graph::zero;
        for (int i = 0; i < operand_count(n); ++i) {
          if (s.partials[i] == Graph::zero) continue;
          const NodeId part = convolution(n.operand(i), s.partials[i], k, 1, k,
                                          [](unsigned j) { return Number(j); });
          total = add(g_, total, part);
        }
        return scaled(Number::ratio(1, static_cast<std::int64_t>(k)), total);
      }
    }
    return Graph::zero;
  }

  Graph& g_;
  NodeId x_;
  unsigned order_;
  std::map<NodeId, Series> series_;
  std::map<NodeId, bool> depends_;
  std::vector<NodeId> fresh_;
};

// By repeated tangents.
std::vector<NodeId> repeated(Graph& g, NodeId f, NodeId x, unsigned order) {
  Tangent tangent(g);
  std::vector<NodeId> result{f};
  for (unsigned k = 1; k <= order; ++k) {
    const auto next = tangent.derivative(result.back(), x);
    if (!next) throw NoDerivative(next.error());
    result.push_back(*next);
  }
  for (unsigned k = 2; k <= order; ++k) {
    result[k] = multiply(g, g.insert(factorial(k).inverse()), result[k]);
  }
  return result;
}

std::vector<NodeId> coefficients(Graph& g, NodeId f, NodeId x, unsigned order) {
  Expansion expansion(g, x, order);
  if (!expansion.track(f)) return repeated(g, f, x, order);
  std::vector<NodeId> result(order + 1, Graph::zero);
  result[0] = f;
  if (expansion.depends_on_variable(f)) result = expansion.run(f);
  return result;
}

Result<std::vector<Expr>> scaled_series(Expr f, Expr x, unsigned order, bool times_factorial) {
  Graph& g = *f.graph;
  return attempt<std::vector<Expr>>([&] {
    calculus::check_variable(g, x);
    std::vector<Expr> result;
    for (const NodeId c : coefficients(g, f.id, x.id, order)) {
      const auto k = static_cast<unsigned>(result.size());
      const NodeId value = times_factorial ? multiply(g, g.insert(factorial(k)), c) : c;
      result.push_back(g.expr(value));
    }
    return result;
  });
}

}  // namespace

Result<std::vector<Expr>> taylor_coefficients(Expr f, Expr x, unsigned order) {
  return scaled_series(f, x, order, false);
}

Result<std::vector<Expr>> derivatives(Expr f, Expr x, unsigned order) {
  return scaled_series(f, x, order, true);
}

}  // namespace nabla
