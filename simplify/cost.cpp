#include "simplify/cost.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "lib/calculus/joint.hpp"
#include "simplify/metric.hpp"

namespace nabla {

namespace {

Size size_of(std::span<const Expr> roots, std::size_t operations) {
  constexpr std::size_t most = std::numeric_limits<std::uint32_t>::max();
  Size size{.operations = operations};
  for (const Expr e : roots) size.tree = std::min(most, size.tree + tree_operations(e));
  if (!roots.empty()) size.shared = shared_operations(roots);
  return size;
}

// Entries by sweep; an error is kept for the caller.
class Accountant {
 public:
  Accountant(std::span<const Expr> functions, std::span<const Expr> variables)
      : functions_(functions), variables_(variables), graph_(*functions.front().graph) {}

  std::optional<Diagnostic> error;

  std::size_t joint_operations(const JointOptions& options) {
    const auto result = joint(functions_, variables_, options);
    if (result) return result->operations.count;
    note(result.error());
    return 0;
  }

  DerivativeSize derivatives(bool second) {
    DerivativeSize size;
    const auto written = entries(second, Mode::automatic);
    const JointOptions options{.values = false, .first = !second, .second = second};
    static_cast<Size&>(size) = size_of(written, joint_operations(options));
    size.tangent = nabla::operations(entries(second, Mode::tangent)).count;
    size.adjoint = nabla::operations(entries(second, Mode::adjoint)).count;
    return size;
  }

 private:
  std::vector<Expr> entries(bool second, Mode mode) {
    const auto found = second ? hessian_entries(functions_.front(), variables_, mode)
                              : jacobian_entries(functions_, variables_, mode);
    std::vector<Expr> result;
    if (!found) {
      note(found.error());
      return result;
    }
    for (const Entry& e : *found) result.push_back(graph_.expr(e.value));
    return result;
  }

  void note(const Diagnostic& d) {
    if (!error) error = d;
  }

  std::span<const Expr> functions_, variables_;
  Graph& graph_;
};

}  // namespace

Result<Cost> cost(std::span<const Expr> functions, std::span<const Expr> variables) {
  Cost result;
  if (functions.empty()) return result;
  Accountant accountant(functions, variables);
  result.function = size_of(functions, accountant.joint_operations({.first = false}));
  result.gradient = accountant.derivatives(false);
  result.value_and_gradient = accountant.joint_operations({});
  result.everything = result.value_and_gradient;
  if (functions.size() == 1) {
    result.hessian = accountant.derivatives(true);
    result.everything = accountant.joint_operations({.second = true});
  }
  if (accountant.error) return *accountant.error;
  return result;
}

}  // namespace nabla
