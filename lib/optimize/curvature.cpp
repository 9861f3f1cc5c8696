#include "lib/optimize/curvature.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

namespace nabla {

std::vector<double> eigenvalues(std::span<const double> hessian, std::size_t n) {
  const auto count = static_cast<Eigen::Index>(n);
  const Eigen::MatrixXd h = Eigen::Map<const Eigen::MatrixXd>(hessian.data(), count, count);
  std::vector<double> values(n, std::nan(""));
  if (!h.allFinite() || n == 0) return values;
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(h, Eigen::EigenvaluesOnly);
  if (solver.info() != Eigen::Success) return values;
  std::copy(solver.eigenvalues().begin(), solver.eigenvalues().end(), values.begin());
  return values;
}

CriticalPoint kind_of(std::span<const double> hessian, std::size_t n) {
  constexpr double zero = 1e-10;
  std::vector<double> scaled(hessian.begin(), hessian.end());
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      for (const std::size_t k : {i, j}) {
        const double d = std::sqrt(std::abs(hessian[k * n + k]));
        if (d > 0) scaled[i * n + j] /= d;
      }
    }
  }
  const std::vector<double> values = eigenvalues(scaled, n);
  if (values.empty() || std::isnan(values.front())) return CriticalPoint::unknown;
  const double largest = std::max(std::abs(values.front()), std::abs(values.back()));
  const double least = zero * largest;
  const bool negative = values.front()<-least, positive = values.back()> least;
  const bool some_zero =
      std::ranges::any_of(values, [&](double v) { return std::abs(v) <= least; });
  if (negative && positive) return CriticalPoint::saddle;
  if (some_zero || largest == 0) return CriticalPoint::degenerate;
  return positive ? CriticalPoint::minimum : CriticalPoint::maximum;
}

double largest_curvature(const Objective& f, std::span<const double> at) {
  if (!f.has_hessian() || f.size() == 0) return std::nan("");
  std::vector<double> slope(f.size()), h(f.size() * f.size());
  f.hessian(at, slope, h);
  return eigenvalues(h, f.size()).back();
}

std::vector<double> inverse_hessian(const Objective& f, std::span<const double> at) {
  if (!f.has_hessian()) return {};
  const std::size_t n = f.size();
  std::vector<double> slope(n), h(n * n);
  f.hessian(at, slope, h);
  const auto count = static_cast<Eigen::Index>(n);
  const Eigen::MatrixXd matrix = Eigen::Map<const Eigen::MatrixXd>(h.data(), count, count);
  const Eigen::LLT<Eigen::MatrixXd> factor(matrix);
  if (!matrix.allFinite() || factor.info() != Eigen::Success) return {};
  const Eigen::MatrixXd inverse = factor.solve(Eigen::MatrixXd::Identity(count, count));
  return {inverse.data(), inverse.data() + n * n};
}

}  // namespace nabla
