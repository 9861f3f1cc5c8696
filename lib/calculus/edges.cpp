#include "lib/calculus/edges.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "lib/calculus/adjoint.hpp"
#include "lib/calculus/derivative.hpp"
#include "lib/calculus/rewrite.hpp"
#include "lib/calculus/rules.hpp"
#include "lib/core/functions.hpp"
#include "lib/core/substitute.hpp"

namespace nabla::calculus {

namespace {

class Pusher {
 public:
  Pusher(Graph& g, NodeId f, std::span<const NodeId> variables)
      : g_(g),
        f_(f),
        active_(active_nodes(g, g.below(f), variables)),
        at_(active_.nodes),
        adjoint_(active_.nodes.size(), Graph::zero),
        weights_(active_.nodes.size()) {}

  bool fits() const {
    return std::ranges::all_of(active_.nodes, [&](NodeId id) {
      const Node& n = g_[id];
      switch (n.op) {
        case Op::symbol:
        case Op::sum:
        case Op::product: return true;
        case Op::power: return !is_active(n.b);
        case Op::call:
          return row(n.fn()).value.arity == 1 && row(n.fn()).partials.kind == Partials::Kind::each;
        default: return false;
      }
    });
  }

  std::vector<Entry> run(std::span<const NodeId> variables) {
    if (!is_active(f_)) return {};
    adjoint_[at_[f_]] = Graph::one;
    for (std::size_t i = active_.nodes.size(); i-- > 0;) push(active_.nodes[i]);

    std::vector<Entry> result;
    std::map<NodeId, std::vector<std::uint32_t>> places;
    for (std::size_t i = 0; i < variables.size(); ++i) {
      places[variables[i]].push_back(static_cast<std::uint32_t>(i));
    }
    const auto enter = [&](NodeId a, NodeId b, NodeId value) {
      for (const std::uint32_t row : places[a]) {
        for (const std::uint32_t column : places[b]) {
          if (column <= row) result.push_back({row, column, value});
        }
      }
    };
    for (const auto& entry : std::map(places)) {
      if (!is_active(entry.first)) continue;
      for (const auto& [other, value] : weights_[at_[entry.first]]) {
        if (value == Graph::zero || !places.contains(other)) continue;
        enter(entry.first, other, value);
        if (other != entry.first) enter(other, entry.first, value);
      }
    }
    std::ranges::sort(result, {},
                      [](const Entry& e) { return std::uint64_t{e.row} << 32 | e.column; });
    return result;
  }

 private:
  // A variable f does not depend on is in the set, and not among the nodes.
  bool is_active(NodeId id) const { return at_.contains(active_.nodes, id); }

  NodeId times(NodeId a, NodeId b) {
    if (a == Graph::zero || b == Graph::zero) return Graph::zero;
    return multiply(g_, a, b);
  }

  // The pair {a, b} weighs more by w. It is kept with the one whose turn comes first: operations in
  // descending order, then names, which may be younger than what they stand beside.
  void weigh(NodeId a, NodeId b, NodeId w) {
    if (w == Graph::zero) return;
    const auto turn = [&](NodeId id) { return std::pair(!g_[id].is_leaf(), id); };
    if (turn(a) < turn(b)) std::swap(a, b);
    NodeId& sum = weights_[at_[a]].try_emplace(b, Graph::zero).first->second;
    sum = add(g_, sum, w);
  }

  struct Operand {
    NodeId id, partial;
  };

  void push(NodeId y) {
    const Node n = g_[y];
    if (n.is_leaf()) return;
    std::array<Operand, 2> operands;
    std::size_t count = 0;
    const int all = n.op == Op::power ? 1 : operand_count(n);
    for (int i = 0; i < all; ++i) {
      if (is_active(n.operand(i))) operands[count++] = {n.operand(i), partial(g_, y, i).factor};
    }
    if (count == 2 && operands[0].id == operands[1].id) {
      operands[0].partial = add(g_, operands[0].partial, operands[1].partial);
      count = 1;
    }

    const auto weights = std::move(weights_[at_[y]]);
    for (const auto& [other, w] : weights) {
      if (other == y) {
        // {y, y} becomes the pairs of its operands.
        for (std::size_t i = 0; i < count; ++i) {
          const NodeId once = times(w, operands[i].partial);
          for (std::size_t j = 0; j <= i; ++j) {
            weigh(operands[i].id, operands[j].id, times(once, operands[j].partial));
          }
        }
        continue;
      }
      for (std::size_t i = 0; i < count; ++i) {
        const NodeId pushed = times(w, operands[i].partial);
        weigh(operands[i].id, other,
              operands[i].id == other ? multiply(g_, Graph::two, pushed) : pushed);
      }
    }

    const NodeId adjoint = adjoint_[at_[y]];
    if (adjoint == Graph::zero) return;
    create(n, adjoint);
    for (std::size_t i = 0; i < count; ++i) {
      NodeId& sum = adjoint_[at_[operands[i].id]];
      sum = add(g_, sum, times(adjoint, operands[i].partial));
    }
  }

  // What y's own curvature adds.
  void create(const Node& n, NodeId adjoint) {
    if (n.op == Op::product) {
      if (!is_active(n.a) || !is_active(n.b)) return;
      weigh(n.a, n.b, n.a == n.b ? multiply(g_, Graph::two, adjoint) : adjoint);
    } else if (n.op == Op::power || n.op == Op::call) {
      weigh(n.a, n.a, times(adjoint, curvature(n)));
    }
  }

  // d^2 y / d operand^2, found once for each head and put in place.
  NodeId curvature(const Node& n) {
    if (n.op == Op::power) {
      const NodeId lower = add(g_, n.b, Graph::minus_one);
      if (lower == Graph::one) return multiply(g_, n.b, lower);
      const NodeId rest = power(g_, n.a, add(g_, lower, Graph::minus_one));
      return times(times(n.b, lower), rest);
    }
    const auto [it, fresh] = second_.try_emplace(n.detail, Graph::zero);
    const Expr u = symbol(g_, "_u");
    if (fresh) {
      const auto d = derivative(call(n.fn(), u), u, 2);
      if (!d) throw NoDerivative(d.error());
      it->second = d->id;
    }
    const Replacement at[] = {{u, g_.expr(n.a)}};
    return substitute(g_.expr(it->second), at).id;
  }

  Graph& g_;
  NodeId f_;
  Active active_;
  Positions at_;
  std::vector<NodeId> adjoint_;
  std::vector<std::map<NodeId, NodeId>> weights_;  // by node: the partner and the weight
  std::map<std::uint8_t, NodeId> second_;
};

}  // namespace

std::optional<std::vector<Entry>> push_edges(Graph& g, NodeId f,
                                             std::span<const NodeId> variables) {
  Pusher pusher(g, f, variables);
  if (!pusher.fits()) return std::nullopt;
  return pusher.run(variables);
}

}  // namespace nabla::calculus
