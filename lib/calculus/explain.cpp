#include "lib/calculus/explain.hpp"

#include "lib/calculus/derivative.hpp"
#include "lib/calculus/rewrite.hpp"
#include "lib/calculus/rules.hpp"
#include "lib/core/graph.hpp"

namespace nabla {
namespace {

using namespace calculus;
using enum DerivationRule;

class Derivation : public Rewrite {
 public:
  Derivation(Graph& g, Expr f, Expr x)
      : Rewrite(g, {&f.id, 1}),
        f_(f.id),
        x_(x.id),
        tangent_(g),
        varies_(nodes_.size(), false),
        part_(nodes_.size(), false) {}

  std::vector<DerivationStep> run() {
    StopCheck stop(g_.limits);
    find_parts();
    for (const NodeId id : in_reading_order()) {
      stop();
      const Node n = g_[id];
      bool here = id == x_;
      for (int k = 0; k < operand_count(n); ++k) here = here || varies(n.operand(k));
      varies_[at_[id]] = here;
      if (!here || part_[at_[id]] || (is_condition(n.op) && id != f_)) continue;
      if (n.op == Op::sum) add_constants(id);
      if (id != x_) add(id, rule(n));
    }
    if (f_ == x_) add(f_, variable);
    if (!varies(f_)) add(f_, constant);
    return std::move(steps_);
  }

 private:
  // What is compared does not count: only what is chosen has a slope.
  static bool is_condition(Op op) { return op >= Op::less && op <= Op::negation; }
  bool varies(NodeId id) const { return varies_[at_[id]]; }

  void add(NodeId of, DerivationRule rule) {
    const auto slope = tangent_.derivative(of, x_);
    if (!slope) throw NoDerivative(slope.error());
    const Node n = g_[of];
    const int operands = operand_count(n);
    const auto inner = [&](int k) {
      return k < operands && n.operand(k) != x_ && varies(n.operand(k));
    };
    steps_.push_back({.of = g_.expr(of),
                      .derivative = g_.expr(*slope),
                      .rule = rule,
                      .inner = inner(0) || inner(1),
                      .first = operands > 0 && varies(n.operand(0)),
                      .second = operands > 1 && varies(n.operand(1))});
  }

  // Operands first and from left to right: ids would tell what else the graph has seen.
  std::vector<NodeId> in_reading_order() const {
    std::vector<NodeId> order;
    std::vector<bool> seen(nodes_.size(), false);
    struct Visit {
      NodeId id;
      int next = 0;
    };
    std::vector<Visit> open{{f_}};
    while (!open.empty()) {
      Visit& top = open.back();
      const Node& n = g_[top.id];
      if (top.next == operand_count(n)) {
        order.push_back(top.id);
        open.pop_back();
        continue;
      }
      const NodeId operand = n.operand(top.next++);
      if (seen[at_[operand]]) continue;
      seen[at_[operand]] = true;
      open.push_back({operand});
    }
    return order;
  }

  // Sums of two that only a longer sum needs are no steps.
  void find_parts() {
    for (const NodeId id : nodes_) {
      const Node n = g_[id];
      if (n.op != Op::sum) continue;
      for (const NodeId operand : {n.a, n.b})
        part_[at_[operand]] = g_[operand].op == Op::sum && once(operand);
    }
  }

  // The terms of a whole sum that vanish, left to right.
  void add_constants(NodeId sum) {
    std::vector<NodeId> open{sum};
    while (!open.empty()) {
      const NodeId id = open.back();
      open.pop_back();
      if (!varies(id)) {
        add(id, constant);
      } else if (id == sum || part_[at_[id]]) {
        open.insert(open.end(), {g_[id].b, g_[id].a});
      }
    }
  }

  DerivationRule rule(const Node& n) const {
    switch (n.op) {
      case Op::sum: return DerivationRule::sum;
      case Op::product: return varies(n.a) && varies(n.b) ? product : constant_factor;
      case Op::power:
        return !varies(n.b) ? DerivationRule::power : varies(n.a) ? general_power : exponential;
      case Op::select: return choice;
      case Op::data_sum: return rows;
      case Op::call: return function;
      case Op::apply1:
      case Op::apply2:
      case Op::apply3: return given;
      default: return constant;
    }
  }

  NodeId f_, x_;
  Tangent tangent_;
  std::vector<bool> varies_, part_;
  std::vector<DerivationStep> steps_;
};

}  // namespace

Result<std::vector<DerivationStep>> derivation(Expr f, Expr x) {
  Graph& g = *f.graph;
  return attempt<std::vector<DerivationStep>>([&] {
    check_variable(g, x);
    return Derivation(g, f, x).run();
  });
}

}  // namespace nabla
