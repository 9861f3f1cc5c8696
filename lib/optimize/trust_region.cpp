#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "lib/optimize/methods.hpp"

namespace nabla {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;
using Index = Eigen::Index;

constexpr double no_curvature = 1e-13;  // relative to the largest

// Newton's method in a trust region whose axes are scaled by the curvature met so far. The
// eigenvalues of the scaled Hessian give the step for every multiplier, tell a saddle from a
// minimum, and lead out of it.
class TrustRegion {
 public:
  TrustRegion(const Objective& f, const DescentOptions& options, Minimum& found)
      : f_(f),
        options_(options),
        found_(found),
        n_(f.size()),
        slope_(n_),
        curvature_(n_ * n_),
        scale_(n_, 0) {}

  void run();

 private:
  bool look(std::span<const double> at);
  void decompose();
  Vector step_within(double radius) const;
  Vector shifted(double lambda) const;
  double gain_in_reach(double reach) const;
  std::vector<double> moved(const Vector& step) const;
  double length() const;
  bool done(double gain) const {
    return gain <= 1e-15 * std::abs(found_.value) + 1e-25 * (1 + std::abs(start_));
  }
  void polish();
  void tell(std::size_t step, double radius) const {
    if (!options_.observe) return;
    options_.observe({.step = step,
                      .value = found_.value,
                      .gradient_norm = free_norm(options_.box, found_.at, slope_),
                      .rate = radius,
                      .at = found_.at});
  }

  const Objective& f_;
  const DescentOptions& options_;
  Minimum& found_;
  std::size_t n_;
  std::vector<double> slope_, curvature_, scale_;
  std::vector<std::size_t> free_;
  Vector values_, along_;  // eigenvalues of the scaled Hessian; the scaled gradient along each
  Matrix vectors_;
  double start_ = 0;
};

bool TrustRegion::look(std::span<const double> at) {
  found_.value = f_.hessian(at, slope_, curvature_);
  ++found_.evaluations;
  const auto finite = [](double x) { return std::isfinite(x); };
  return finite(found_.value) && std::ranges::all_of(slope_, finite) &&
         std::ranges::all_of(curvature_, finite);
}

void TrustRegion::decompose() {
  free_.clear();
  for (std::size_t i = 0; i < n_; ++i) {
    const double d = std::sqrt(std::abs(curvature_[i * n_ + i]));
    scale_[i] = std::max(scale_[i] * 0.5, d);  // forgets slowly what it has met
    if (scale_[i] == 0) scale_[i] = 1;
    if (options_.box.empty() || !options_.box.holds(i, found_.at[i], slope_[i])) free_.push_back(i);
  }
  const auto count = static_cast<Index>(free_.size());
  Matrix h(count, count);
  Vector g(count);
  for (Index a = 0; a < count; ++a) {
    const std::size_t i = free_[static_cast<std::size_t>(a)];
    g(a) = slope_[i] / scale_[i];
    for (Index b = 0; b < count; ++b) {
      const std::size_t j = free_[static_cast<std::size_t>(b)];
      h(a, b) = curvature_[i * n_ + j] / scale_[i] / scale_[j];
    }
  }
  if (count == 0) {
    values_.resize(0);
    along_.resize(0);
    return;
  }
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(h);
  values_ = solver.eigenvalues();
  vectors_ = solver.eigenvectors();
  along_ = vectors_.transpose() * g;
}

double TrustRegion::length() const {
  double sum = 0;
  for (std::size_t i = 0; i < n_; ++i) sum = std::hypot(sum, scale_[i] * found_.at[i]);
  return sum;
}

// -(H + lambda)^-1 g along the eigenvectors; what has no curvature and no slope stays.
Vector TrustRegion::shifted(double lambda) const {
  Vector s = Vector::Zero(values_.size());
  for (Index k = 0; k < values_.size(); ++k) {
    const double d = values_(k) + lambda;
    if (along_(k) != 0 && d > 0) s(k) = -along_(k) / d;
  }
  return s;
}

// Moré & Sorensen, "Computing a trust region step", SIAM J. Sci. Stat. Comput. 4, 1983.
Vector TrustRegion::step_within(double radius) const {
  const Index n = values_.size();
  const double largest = std::max(std::abs(values_(0)), std::abs(values_(n - 1)));
  const double least = no_curvature * largest;
  if (values_(0) > least) {
    const Vector s = shifted(0);
    if (s.norm() <= radius) return vectors_ * s;
  }
  const double floor = std::max(0.0, -values_(0));
  double low = floor, high = floor + along_.norm() / radius + least;
  // The hard case: no slope along the direction of least curvature. Just above its eigenvalue the
  // step is still short, and the rest goes along that direction.
  const double just_above = floor + std::max(least, 1e-14 * floor) + 1e-300;
  Vector s = shifted(just_above);
  if (s.norm() < radius) {
    const double rest = std::sqrt(std::max(0.0, radius * radius - s.squaredNorm()));
    const bool flat = values_(0) > -least;  // no curvature at all: go only where it is downhill
    if (!flat) s(0) += along_(0) > 0 ? -rest : rest;
    return vectors_ * s;
  }
  double lambda = std::max(just_above, 1e-3 * high);
  for (int i = 0; i < 100; ++i) {
    s = shifted(lambda);
    const double size = s.norm();
    if (std::abs(size - radius) <= 0.05 * radius) break;
    (size > radius ? low : high) = lambda;
    double slope = 0;
    for (Index k = 0; k < n; ++k) slope += s(k) * s(k) / (values_(k) + lambda);
    double next = lambda + (size / radius - 1) * size * size / slope;
    if (!(next > low && next < high)) next = low > 0 ? std::sqrt(low * high) : 1e-3 * high;
    if (next == lambda) break;
    lambda = next;
  }
  return vectors_ * s;
}

// How much lower the quadratic model gets; without bound where it curves down.
double TrustRegion::gain_in_reach(double reach) const {
  if (values_.size() == 0) return 0;
  const double largest = std::max(std::abs(values_(0)), std::abs(values_(values_.size() - 1)));
  double gain = 0;
  for (Index k = 0; k < values_.size(); ++k) {
    if (values_(k) < -no_curvature * largest) return INFINITY;
    gain += values_(k) > no_curvature * largest ? along_(k) * along_(k) / values_(k) / 2
                                                : std::abs(along_(k)) * reach;
  }
  return gain;
}

std::vector<double> TrustRegion::moved(const Vector& step) const {
  std::vector<double> to = found_.at;
  for (std::size_t k = 0; k < free_.size(); ++k) {
    const std::size_t i = free_[k];
    to[i] = options_.box.clamped(i, to[i] + step(static_cast<Index>(k)) / scale_[i]);
  }
  return to;
}

// Full steps while they bring the gradient down: near a minimum the value shows half the digits.
void TrustRegion::polish() {
  for (int i = 0; i < 5 && values_.size() > 0; ++i) {
    const std::vector<double> from = found_.at, slope = slope_, curvature = curvature_;
    const double value = found_.value, before = free_norm(options_.box, from, slope_);
    if (before == 0 || !(values_(0) > no_curvature * values_(values_.size() - 1))) return;
    const std::vector<double> to = moved(vectors_ * shifted(0));
    if (to == from) return;
    if (look(to) && free_norm(options_.box, to, slope_) < 0.9 * before &&
        found_.value <= value + 1e-12 * std::abs(value)) {
      found_.at = to;
      decompose();
      continue;
    }
    slope_ = slope;
    curvature_ = curvature;
    found_.value = value;
    return;
  }
}

void TrustRegion::run() {
  start_ = found_.value;
  if (!f_.has_hessian() || !look(found_.at)) {
    found_.reason = Reason::not_finite;
    return;
  }
  decompose();
  double radius = std::max(1.0, length());
  tell(0, radius);
  for (found_.iterations = 0;; ++found_.iterations) {
    if (options_.stopped && options_.stopped()) {
      found_.reason = Reason::stopped;
      return;
    }
    const double reach = std::max(1.0, length());
    if (free_.empty() || done(gain_in_reach(std::min(reach, radius)))) {
      found_.reason = Reason::converged;
      return polish();
    }
    if (found_.iterations >= options_.iterations) {
      found_.reason = Reason::step_limit;
      return;
    }
    for (bool accepted = false; !accepted;) {
      if (options_.stopped && options_.stopped()) break;
      const Vector step = step_within(radius);
      const std::vector<double> to = moved(step);
      const double now = found_.value, then = f_.value(to);
      ++found_.evaluations;
      const Vector s = vectors_.transpose() * step;
      const double predicted = -(along_.dot(s) + 0.5 * s.dot(values_.cwiseProduct(s)));
      const double actual = now - then, size = step.norm();
      const double ratio = std::isfinite(then) && predicted > 0 ? actual / predicted : -1;
      if (ratio < 0.25) {
        radius = 0.25 * std::min(radius, size);
      } else if (ratio > 0.75) {
        radius = std::max(radius, 2 * size);
      }
      if (ratio > 1e-4 && actual > 0) {
        const std::vector<double> from = found_.at;
        found_.at = to;
        if (!look(to)) {  // a value, but no finite derivatives: not a place to be
          found_.at = from;
          if (!look(from) || radius < 1e-300) {
            found_.reason = Reason::not_finite;
            return;
          }
          continue;
        }
        accepted = true;
      } else if (predicted <= 1e-14 * std::abs(now) || to == found_.at || radius < 1e-290) {
        const double gain = gain_in_reach(std::min(reach, 1.0));
        found_.reason = gain <= 1e-6 * (1 + std::abs(now)) ? Reason::converged : Reason::flat;
        return polish();
      }
    }
    decompose();
    tell(found_.iterations + 1, radius);
    const bool endless = found_.value < -1e30 * (1 + std::abs(start_)) || length() > 1e150;
    if (endless) {
      found_.reason = Reason::diverging;
      return;
    }
  }
}

}  // namespace

void trust_region(const Objective& f, const DescentOptions& options, Minimum& found) {
  TrustRegion(f, options, found).run();
}

}  // namespace nabla
