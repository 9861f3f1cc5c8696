#include "lib/optimize/descent.hpp"

#include <algorithm>
#include <cmath>

#include "lib/optimize/methods.hpp"

namespace nabla {

std::string_view name_of(Method method) {
  switch (method) {
    case Method::gd: return "gd";
    case Method::momentum: return "momentum";
    case Method::nesterov: return "nesterov";
    case Method::adam: return "adam";
    case Method::lbfgs: return "lbfgs";
    case Method::bfgs: return "bfgs";
    case Method::newton: return "newton";
  }
  return {};
}

double Schedule::rate(double first, std::size_t step, std::size_t steps) const {
  const auto t = static_cast<double>(step);
  switch (kind) {
    case Kind::constant: return first;
    case Kind::step: return first * std::pow(factor, static_cast<double>(step / every));
    case Kind::exponential: return first * std::pow(factor, t);
    case Kind::inverse: return first / (1 + factor * t);
    case Kind::cosine: {
      constexpr double pi = 3.141592653589793;
      return first * (1 + std::cos(pi * t / static_cast<double>(steps))) / 2;
    }
  }
  return first;
}

namespace {

// The largest rate at which steps near a minimum with this curvature do not grow.
double stable_rate(const DescentOptions& options, double curvature) {
  if (!(curvature > 0)) return std::nan("");
  const double m = options.momentum;
  if (options.method == Method::momentum) return 2 * (1 + m) / curvature;
  if (options.method == Method::nesterov) return 2 * (1 + m) / ((1 + 2 * m) * curvature);
  return 2 / curvature;
}

// Everything the answer says about the point where the search ended.
void describe(const Objective& f, const DescentOptions& options, Minimum& found) {
  const std::size_t n = f.size();
  std::vector<double> slope(n), curvature(n * n);
  if (f.has_hessian()) {
    found.value = f.hessian(found.at, slope, curvature);
    std::vector<std::size_t> moving;
    for (std::size_t i = 0; i < n; ++i) {
      if (options.box.empty() || !options.box.holds(i, found.at[i], slope[i])) moving.push_back(i);
    }
    std::vector<double> free(moving.size() * moving.size());
    for (std::size_t i = 0; i < moving.size(); ++i) {
      for (std::size_t j = 0; j < moving.size(); ++j)
        free[i * moving.size() + j] = curvature[moving[i] * n + moving[j]];
    }
    found.kind = moving.empty() ? CriticalPoint::minimum : kind_of(free, moving.size());
  } else {
    found.value = f.gradient(found.at, slope);
  }
  ++found.evaluations;
  found.gradient_norm = free_norm(options.box, found.at, slope);
  if (found.reason == Reason::diverging) {
    found.largest_stable_rate = stable_rate(options, largest_curvature(f, found.at));
  }
  const bool no_minimum =
      found.kind == CriticalPoint::saddle || found.kind == CriticalPoint::maximum;
  const bool says_nothing = found.kind == CriticalPoint::degenerate && found.gradient_norm == 0 &&
                            std::ranges::all_of(curvature, [](double h) { return h == 0; });
  // A gradient of zero is not enough.
  if (found.reason == Reason::converged && (no_minimum || says_nothing))
    found.reason = Reason::flat;
}

}  // namespace

Minimum minimize(const Objective& f, std::span<const double> start, const DescentOptions& options) {
  Minimum found;
  found.at.assign(start.begin(), start.end());
  for (std::size_t i = 0; i < found.at.size(); ++i)
    found.at[i] = options.box.clamped(i, found.at[i]);
  std::vector<double> slope(f.size());
  found.value = f.gradient(found.at, slope);
  ++found.evaluations;
  found.gradient_norm = free_norm(options.box, found.at, slope);
  if (!std::isfinite(found.value) || !std::isfinite(found.gradient_norm)) {
    found.reason = Reason::not_finite;
    return found;
  }
  switch (options.method) {
    case Method::gd:
    case Method::momentum:
    case Method::nesterov:
    case Method::adam: first_order(f, options, found); break;
    case Method::lbfgs:
    case Method::bfgs: quasi_newton(f, options, found); break;
    case Method::newton: trust_region(f, options, found); break;
  }
  describe(f, options, found);
  return found;
}

}  // namespace nabla
