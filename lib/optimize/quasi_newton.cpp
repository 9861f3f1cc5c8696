#include <nlopt.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <new>

#include "lib/optimize/methods.hpp"

namespace nabla {
namespace {

// What the callback of NLopt needs; it may throw nothing through C.
struct Call {
  const Objective& f;
  const DescentOptions& options;
  Minimum& found;
  nlopt_opt search;
  double start;  // the value there; what is small is so beside it
  double scale;  // the search is given value / scale: its first step is as long as the gradient
  std::vector<double> best_slope;
  std::size_t calls = 0;
  bool stopped = false;
};

double value_at(unsigned n, const double* x, double* slope, void* data) {
  auto& call = *static_cast<Call*>(data);
  const std::span<const double> at(x, n);
  std::vector<double> g(n);
  const double value = call.f.gradient(at, g);
  ++call.found.evaluations;
  ++call.calls;
  if (slope) std::ranges::transform(g, slope, [&](double d) { return d / call.scale; });
  if (value < call.found.value || call.calls == 1) {
    call.found.value = value;
    call.found.at.assign(at.begin(), at.end());
    call.best_slope = g;
    ++call.found.iterations;
    if (call.options.observe) {
      call.options.observe({.step = call.found.iterations - 1,
                            .value = value,
                            .gradient_norm = free_norm(call.options.box, at, g),
                            .rate = 0,
                            .at = at});
    }
  }
  const bool small = free_norm(call.options.box, at, g) <=
                     1e-3 * call.options.tolerance * (1 + std::min(std::abs(value), call.start));
  if (call.options.stopped && call.options.stopped()) call.stopped = true;
  if (small || call.stopped) nlopt_force_stop(call.search);
  // A line search steps back from a value that is large, not from one that is none.
  return std::isnan(value) ? HUGE_VAL : value / call.scale;
}

}  // namespace

void quasi_newton(const Objective& f, const DescentOptions& options, Minimum& found) {
  const auto n = static_cast<unsigned>(f.size());
  const nlopt_algorithm algorithm = options.method == Method::bfgs ? NLOPT_LD_VAR2 : NLOPT_LD_LBFGS;
  const double start = found.value;
  // The search stalls where a line search fails; begun anew from there it forgets what misled it.
  for (int round = 0; round < 20; ++round) {
    const std::unique_ptr<nlopt_opt_s, decltype(&nlopt_destroy)> search(nlopt_create(algorithm, n),
                                                                        nlopt_destroy);
    if (!search) throw std::bad_alloc();
    std::vector<double> first(n);
    f.gradient(found.at, first);
    const double length = free_norm(options.box, found.at, first);
    Call call{f, options, found, search.get(), std::abs(start), length > 0 ? length : 1, {}};
    const double value_before = found.value;
    const std::size_t before = found.iterations;
    nlopt_set_min_objective(search.get(), value_at, &call);
    if (!options.box.lower.empty()) nlopt_set_lower_bounds(search.get(), options.box.lower.data());
    if (!options.box.upper.empty()) nlopt_set_upper_bounds(search.get(), options.box.upper.data());
    nlopt_set_xtol_rel(search.get(), 0);
    nlopt_set_ftol_rel(search.get(), 0);
    nlopt_set_maxeval(search.get(), static_cast<int>(std::min<std::size_t>(options.iterations * 4,
                                                                           1'000'000'000)));
    std::vector<double> x = found.at;
    double value = 0;
    (void)nlopt_optimize(search.get(), x.data(), &value);
    if (found.iterations > before) --found.iterations;  // the start is no step
    if (call.stopped) {
      found.reason = Reason::stopped;
      return;
    }
    if (call.best_slope.empty()) call.best_slope.resize(n);
    const double norm = free_norm(options.box, found.at, call.best_slope);
    const double size = 1 + std::min(std::abs(found.value), std::abs(start));
    if (norm <= options.tolerance * size) {
      found.reason = Reason::converged;
      return;
    }
    if (!std::isfinite(found.value) || found.value < -1e30 * (1 + std::abs(start))) {
      found.reason = Reason::diverging;
      return;
    }
    if (found.iterations >= options.iterations) {
      found.reason = Reason::step_limit;
      return;
    }
    if (!(found.value < value_before)) {
      // No step however small brings the value down: double precision has no more to show, or the
      // gradient is not one of a smooth function here.
      found.reason = norm <= 1e-4 * size ? Reason::converged : Reason::flat;
      return;
    }
  }
  found.reason = Reason::step_limit;
}

}  // namespace nabla
