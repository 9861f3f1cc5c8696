#include "cli/verify_derivative.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "lib/calculus/derivative.hpp"
#include "lib/core/graph.hpp"
#include "lib/eval/function.hpp"
#include "lib/optimize/random.hpp"

namespace nabla {
namespace {

constexpr std::size_t wanted_points = 100, most_tries = 4000;

// The points given, or as many drawn ones as are wanted: near 1 at first, where most formulas live,
// then wider and of both signs.
class Points {
 public:
  Points(CheckPoints given, std::size_t variables) : given_(given), at_(variables) {}

  // The next one, until enough of them were of use.
  bool next(std::size_t used) {
    if (!given_.empty()) {
      if (round_ == given_.size()) return false;
      at_ = given_[round_++];
      return true;
    }
    if (used == wanted_points || round_ == most_tries) return false;
    for (double& x : at_) {
      const double u = random_.uniform();
      x = round_ % 4 == 0   ? 0.1 + 1.8 * u
          : round_ % 4 == 1 ? 4 * u - 2
          : round_ % 4 == 2 ? 10 * u
                            : 2 * u - 1;
    }
    ++round_;
    return true;
  }
  std::vector<double>& at() { return at_; }

 private:
  CheckPoints given_;
  std::vector<double> at_;
  Random random_{20'26};
  std::size_t round_ = 0;
};

}  // namespace

Result<Comparison> against_differences(Expr f, Expr slope, Expr x, std::span<const Expr> variables,
                                       CheckPoints given) {
  const auto third = derivative(f, x, 3);
  if (!third) return third.error();
  const Expr outputs[] = {f, slope, *third};
  const auto compiled = Function::compile(variables, outputs);
  if (!compiled) return compiled.error();
  const auto which = static_cast<std::size_t>(std::ranges::find(variables, x) - variables.begin());
  const auto values = [&](std::span<const double> at) {
    std::vector<double> out(3);
    (*compiled)(at, out);
    return out;
  };
  constexpr double bit = std::numeric_limits<double>::epsilon();
  Comparison result;
  for (Points points(given, variables.size()); points.next(result.points);) {
    std::vector<double>& at = points.at();
    const std::vector<double> here = values(at);
    if (!std::ranges::all_of(here, [](double v) { return std::isfinite(v); })) continue;
    const double centre = at[which];
    std::vector<DifferenceRow> sweep;
    double best = INFINITY, allowed = 0, estimate = 0;
    for (int k = 1; k <= 12; ++k) {
      DifferenceRow row;
      row.h = std::pow(10.0, -k) * std::max(1.0, std::abs(centre));
      at[which] = centre + row.h;
      const double right_x = at[which], right = values(at)[0];
      at[which] = centre - row.h;
      const double left_x = at[which], left = values(at)[0];
      at[which] = centre;
      if (!std::isfinite(left) || !std::isfinite(right)) continue;
      row.difference = (right - left) / (right_x - left_x);
      row.error = std::abs(row.difference - here[1]);
      row.truncation = row.h * row.h / 6 * std::abs(here[2]);
      row.rounding = bit * std::max(std::abs(left), std::abs(right)) / row.h;
      sweep.push_back(row);
      const double expected = row.truncation + row.rounding;
      if (expected < best) {
        best = expected;
        allowed = expected;
        estimate = row.difference;
      }
    }
    if (sweep.size() < 4) continue;
    const double size = std::max({std::abs(here[1]), std::abs(here[0]), 1e-8});
    const double error = std::abs(estimate - here[1]);
    ++result.points;
    if (result.sweep.empty()) {
      result.sweep = sweep;
      result.sweep_at = at;
    }
    // Ten bits more than the estimate, which is of first order.
    if (error > 1000 * allowed + 1e-7 * size) result.equal = false;
    if (error / size > result.max_relative_error || result.worst.empty()) {
      result.max_relative_error = error / size;
      result.worst = at;
      result.left = here[1];
      result.right = estimate;
    }
  }
  return result;
}

Result<Comparison> against_each_other(Expr left, Expr right, std::span<const Expr> variables,
                                      CheckPoints given) {
  const Expr outputs[] = {left, right};
  const auto compiled = Function::compile(variables, outputs);
  if (!compiled) return compiled.error();
  Comparison result;
  for (Points points(given, variables.size()); points.next(result.points);) {
    const std::vector<double>& at = points.at();
    double out[2];
    (*compiled)(at, out);
    if (std::isnan(out[0]) && std::isnan(out[1])) continue;
    if (std::isinf(out[0]) && out[0] == out[1]) continue;
    ++result.points;
    // Where only one of them has a value they differ in domain: a finding, too.
    const double size = std::max({std::abs(out[0]), std::abs(out[1]), 1e-3});
    const double error = std::isfinite(out[0]) && std::isfinite(out[1])
                             ? std::abs(out[0] - out[1]) / size
                             : INFINITY;
    if (error > 1e-9) result.equal = false;
    if (error > result.max_relative_error || result.worst.empty()) {
      result.max_relative_error = error;
      result.worst = at;
      result.left = out[0];
      result.right = out[1];
    }
  }
  return result;
}

}  // namespace nabla
