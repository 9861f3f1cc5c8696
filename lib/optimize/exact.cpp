#include "lib/optimize/exact.hpp"

#include <Eigen/Dense>
#include <cmath>

namespace nabla {

Minimum solve_exactly(const Objective& loss, const Objective& collapsed,
                      std::span<const double> start, DescentOptions options) {
  options.method = Method::newton;
  options.observe = {};
  Minimum found = minimize(collapsed, start, options);
  if (found.reason != Reason::converged) return found;
  const std::size_t n = loss.size();
  const auto count = static_cast<Eigen::Index>(n);
  std::vector<double> slope(n), h(n * n);
  collapsed.hessian(found.at, slope, h);
  const Eigen::LDLT<Eigen::MatrixXd> factor(
      Eigen::Map<const Eigen::MatrixXd>(h.data(), count, count));
  found.value = loss.gradient(found.at, slope);
  double norm = free_norm(options.box, found.at, slope);
  for (int i = 0; i < 10 && norm > 0 && options.box.empty(); ++i) {
    const Eigen::VectorXd step = factor.solve(Eigen::Map<Eigen::VectorXd>(slope.data(), count));
    std::vector<double> to = found.at, there(n);
    for (std::size_t k = 0; k < n; ++k) to[k] -= step(static_cast<Eigen::Index>(k));
    const double value = loss.gradient(to, there);
    ++found.evaluations;
    const double then = free_norm(options.box, to, there);
    if (!(then < 0.5 * norm)) break;
    found.at = std::move(to);
    found.value = value;
    slope = there;
    norm = then;
  }
  found.gradient_norm = norm;
  return found;
}

}  // namespace nabla
