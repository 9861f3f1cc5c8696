#include "cli/search.hpp"

#include <algorithm>
#include <cmath>

#include "lib/optimize/exact.hpp"
#include "lib/optimize/one_scan.hpp"
#include "lib/optimize/smooth.hpp"
#include "lib/optimize/starts.hpp"

namespace nabla {
namespace {

constexpr std::size_t most_for_newton = 300;  // parameters; the Hessian has their square

bool is_stuck(const Minimum& m) {
  return m.reason == Reason::flat || m.reason == Reason::step_limit ||
         m.kind == CriticalPoint::degenerate;
}

bool better(const Minimum& a, const Minimum& b) {
  if (std::isnan(b.value)) return true;
  return a.value < b.value - 1e-12 * std::abs(b.value);
}

// The minimum of smooth losses that approach this one, each begun where the last one ended.
// Parameters that end next to 0, at no cost there, are 0: that is what an L1 penalty is for.
Result<Minimum> down_to_the_kink(Expr loss, std::span<const Expr> parameters, const Data& data,
                                 const Objective& f, std::vector<double> at,
                                 const DescentOptions& options, unsigned threads) {
  Minimum found;
  std::size_t iterations = 0, evaluations = 0;
  for (double width = 1; width >= 1e-8; width /= 10) {
    const auto smooth = Objective::compile(*with_smooth_abs(loss, parameters, width), parameters,
                                           data, Objective::Depth::hessian, threads);
    if (!smooth) return smooth.error();
    found = minimize(*smooth, at, options);
    at = found.at;
    iterations += found.iterations;
    evaluations += found.evaluations;
    if (found.reason == Reason::stopped || found.reason == Reason::not_finite) break;
  }
  double value = f.value(at);
  for (double& x : at) {
    const double kept = x;
    if (std::abs(x) > 1e-6) continue;
    x = 0;
    const double then = f.value(at);
    if (then <= value + 1e-9 * std::abs(value))
      value = then;
    else
      x = kept;
  }
  found.at = std::move(at);
  found.value = value;
  found.iterations = iterations;
  found.evaluations = evaluations;
  return found;
}

}  // namespace

Result<Searched> search(Console& console, Expr loss, const std::vector<std::string>& names,
                        const Data& data, const SearchOptions& options, const Start& start) {
  Graph& g = *loss.graph;
  std::vector<Expr> parameters;
  for (const std::string& name : names) parameters.push_back(symbol(g, name));
  DescentOptions descent = options.descent;
  descent.box = start.box;
  const bool exact = options.method == "exact";
  const auto named = find_method(options.method);
  const bool few = names.size() <= most_for_newton;

  auto f = Objective::compile(loss, parameters, data,
                              few ? Objective::Depth::hessian : Objective::Depth::gradient,
                              options.threads);
  if (!f && f.error().code == "D201" && named != Method::newton)
    f = Objective::compile(loss, parameters, data, Objective::Depth::gradient, options.threads);
  if (!f) return f.error();
  descent.method = named ? *named : f->has_hessian() ? Method::newton : Method::lbfgs;
  if (descent.method == Method::newton && !f->has_hessian()) {
    return Diagnostic{.code = "F906",
                      .message = "newton takes at most " + std::to_string(most_for_newton) +
                                 " parameters; here are " + std::to_string(names.size()),
                      .span = {},
                      .hint = "lbfgs needs no Hessian"};
  }
  if (descent.batch > 0 && (!f->has_data() || descent.method >= Method::lbfgs)) {
    return Diagnostic{.code = "F906",
                      .message = "mini-batches are for gd, momentum, nesterov and adam on data",
                      .span = {}};
  }

  Searched result;
  auto watcher =
      Watcher::start(console, options.trace, names, descent.iterations, names.size() == 2);
  if (!watcher) return watcher.error();
  result.watcher = std::move(*watcher);
  descent.observe = [&w = *result.watcher](const Progress& p) { w(p); };

  // Steps on the sums cost nothing; the last word belongs to the loss itself.
  std::optional<Objective> collapsed;
  if (f->has_data() && descent.batch == 0 && (options.one_scan || exact)) {
    const auto scan = one_scan(loss, parameters, data);
    if (!scan) return scan.error();
    if (*scan && (exact || (*scan)->terms < 4 * data.rows + 64)) {
      auto compiled = Objective::compile((*scan)->loss, parameters);
      if (!compiled) return compiled.error();
      collapsed = std::move(*compiled);
      result.sums = (*scan)->terms;
    }
  }
  if (exact && !collapsed && f->has_data()) {
    return Diagnostic{.code = "F905",
                      .message =
                          "the loss is no polynomial in its parameters, so it has no exact "
                          "solution from a few sums",
                      .span = {},
                      .hint = "newton or lm converge quadratically"};
  }
  const Objective& stepped = collapsed ? *collapsed : *f;

  std::vector<std::vector<double>> starts;
  const bool all_given = std::ranges::all_of(start.given, [](bool b) { return b; });
  if (options.starts > 1 || !all_given) {
    const std::size_t count = std::max<std::size_t>(options.starts, 1);
    starts = guessed_starts([&](std::span<const double> at) { return stepped.value(at); }, start.at,
                            all_given ? std::vector<bool>(names.size(), false) : start.given,
                            start.box, count, descent.seed);
    // What was given, or is usual, goes first.
    if (all_given || starts.empty()) starts.insert(starts.begin(), start.at);
  } else {
    starts.push_back(start.at);
  }

  const bool kinks = !named && !exact && with_smooth_abs(loss, parameters, 1).has_value();
  Minimum best;
  for (const std::vector<double>& from : starts) {
    Minimum found;
    if (exact) {
      found = solve_exactly(*f, stepped, from, descent);
    } else if (kinks) {
      auto smoothed = down_to_the_kink(loss, parameters, data, *f, from, descent, options.threads);
      if (!smoothed) return smoothed.error();
      found = std::move(*smoothed);
    } else {
      found = minimize(stepped, from, descent);
      // Nobody asked for Newton's method, so where it ends badly another may try, and Newton's
      // method again from there.
      if (!named && descent.method == Method::newton && is_stuck(found)) {
        DescentOptions other = descent;
        other.method = Method::lbfgs;
        Minimum second = minimize(stepped, minimize(stepped, from, other).at, descent);
        second.iterations += found.iterations;
        second.evaluations += found.evaluations;
        const bool worth = second.value < found.value - 1e-8 * std::abs(found.value) - 1e-14;
        if (worth || (second.reason == Reason::converged && is_stuck(found) && !is_stuck(second)))
          found = std::move(second);
      }
    }
    const bool stopped = found.reason == Reason::stopped;
    if (&from == &starts.front() || better(found, best)) best = std::move(found);
    if (stopped) break;
  }
  if (collapsed && best.reason != Reason::not_finite && !exact && !kinks) {
    std::vector<double> slope(names.size());
    best.value = f->gradient(best.at, slope);
    best.gradient_norm = free_norm(start.box, best.at, slope);
  }
  result.covariance = inverse_hessian(stepped, best.at);
  result.found = found_of(std::move(best));
  if (auto error = result.watcher->finish()) return *error;
  return result;
}

}  // namespace nabla
