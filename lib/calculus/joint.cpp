#include "lib/calculus/joint.hpp"

#include <algorithm>
#include <utility>

#include "lib/calculus/balance.hpp"
#include "lib/calculus/rules.hpp"

namespace nabla {

namespace {

// A lower limit on the nodes of a graph for as long as it lives.
class Allowance {
 public:
  Allowance(Graph& g, std::size_t more) : graph_(g), before_(g.limits.nodes) {
    g.limits.nodes = std::min(before_, g.size() + more);
  }
  ~Allowance() { graph_.limits.nodes = before_; }
  Allowance(const Allowance&) = delete;
  Allowance& operator=(const Allowance&) = delete;

 private:
  Graph& graph_;
  std::size_t before_;
};

void ask(auto& result) {
  if (!result) throw calculus::NoDerivative(result.error());
}

class Builder {
 public:
  Builder(std::span<const Expr> outputs, std::span<const Expr> variables, const JointOptions& o)
      : outputs_(outputs), variables_(variables), options_(o), graph_(*outputs.front().graph) {}

  Joint run() {
    if (options_.balance) balance();
    const std::size_t before = graph_.size();
    Joint best = with(options_.mode, false);
    const std::size_t allowed = 4 * (graph_.size() - before) + 1000;
    const bool choice = options_.first && options_.mode == Mode::automatic && outputs_.size() > 1 &&
                        variables_.size() > 1;
    if (options_.second) attempt_other(options_.mode, true, allowed, best);
    if (choice) {
      for (const Mode mode : {Mode::tangent, Mode::adjoint}) {
        attempt_other(mode, false, allowed, best);
      }
    }
    return best;
  }

 private:
  static std::size_t cost(const Joint& j) { return 3 * j.operations.count + j.operations.signs; }

  // Another way to the same, as long as it builds few enough nodes.
  void attempt_other(Mode mode, bool pushed, std::size_t allowed, Joint& best) {
    const Allowance allowance(graph_, allowed);
    try {
      Joint other = with(mode, pushed);
      if (cost(other) < cost(best)) best = std::move(other);
    } catch (const calculus::NoDerivative& e) {
      // Too many nodes for this way; a stop is a stop.
      if (e.diagnostic.code != "L101") throw;
    } catch (const LimitError& e) {
      if (e.diagnostic().code != "L101") throw;
    }
  }

  void balance() {
    std::vector<NodeId> ids;
    for (const Expr f : outputs_) ids.push_back(f.id);
    balanced_.clear();
    for (const NodeId id : calculus::balance_products(graph_, ids)) {
      balanced_.push_back(graph_.expr(id));
    }
    outputs_ = balanced_;
  }

  Joint with(Mode mode, bool pushed) {
    Joint j;
    std::vector<Expr> roots;
    if (options_.values) roots.assign(outputs_.begin(), outputs_.end());
    if (options_.first) {
      auto entries = jacobian_entries(outputs_, variables_, mode);
      ask(entries);
      j.first = std::move(*entries);
    }
    if (options_.second) {
      auto entries = pushed ? pushed_hessian_entries(outputs_.front(), variables_)
                            : hessian_entries(outputs_.front(), variables_);
      ask(entries);
      j.second = std::move(*entries);
    }
    for (auto* list : {&j.first, &j.second}) {
      for (const Entry& e : *list) roots.push_back(graph_.expr(e.value));
    }
    const auto shared = share(roots, options_.share);
    ask(shared);
    auto next = shared->begin();
    if (options_.values) {
      j.values.assign(next, next + static_cast<std::ptrdiff_t>(outputs_.size()));
      next += static_cast<std::ptrdiff_t>(outputs_.size());
    }
    for (auto* list : {&j.first, &j.second}) {
      for (Entry& e : *list) e.value = (next++)->id;
    }
    j.operations = operations(*shared);
    return j;
  }

  std::vector<Expr> balanced_;
  std::span<const Expr> outputs_, variables_;
  const JointOptions& options_;
  Graph& graph_;
};

}  // namespace

Result<Joint> joint(std::span<const Expr> outputs, std::span<const Expr> variables,
                    const JointOptions& options) {
  if (outputs.empty()) return Joint{};
  return calculus::attempt<Joint>([&] { return Builder(outputs, variables, options).run(); });
}

}  // namespace nabla
