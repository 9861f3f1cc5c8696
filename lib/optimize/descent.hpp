#pragma once

// Descent: searching for a minimum with exact gradients and Hessians, and saying what was found.

#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "lib/optimize/curvature.hpp"
#include "lib/optimize/objective.hpp"
#include "lib/optimize/outcome.hpp"
#include "lib/optimize/search.hpp"

namespace nabla {

enum class Method : std::uint8_t {
  gd,        // x <- x - rate * gradient; without a rate the step is halved until the value falls
  momentum,  // v <- momentum * v + gradient, x <- x - rate * v (Polyak 1964)
  nesterov,  // the same with the gradient where the momentum leads (Nesterov 1983)
  adam,      // steps scaled by running moments of the gradient (Kingma & Ba 2015)
  lbfgs,     // limited-memory BFGS (Nocedal 1980), by NLopt
  bfgs,      // shifted limited-memory variable metric (Vlček & Lukšan 2006), by NLopt
  newton,    // exact Hessian in a trust region (Moré & Sorensen 1983)
};

std::string_view name_of(Method);

// The rate of a step, given the first one.
struct Schedule {
  enum class Kind : std::uint8_t {
    constant,
    step,         // times `factor` every `every` steps
    exponential,  // times `factor` every step
    inverse,      // divided by 1 + factor * step
    cosine,       // down to 0 along half a cosine over all steps
  } kind = Kind::constant;
  double factor = 0.5;
  std::size_t every = 100;

  double rate(double first, std::size_t step, std::size_t steps) const;
};

struct DescentOptions {
  Method method = Method::newton;
  double rate = 0;  // 0: found from the Hessian, or by search
  Schedule schedule = {};
  double momentum = 0.9, second_moment = 0.999;
  std::size_t iterations = 10'000;
  double tolerance =
      1e-8;  // converged when the gradient is at most this times 1 + |value|, here or at the start
  Box box = {};
  std::size_t batch = 0;  // rows of a mini-batch; 0: all. First-order methods only
  std::uint64_t seed = 1;
  std::function<void(const Progress&)> observe = {};
  std::function<bool()> stopped = {};
};

struct Minimum {
  std::vector<double> at;
  double value = std::numeric_limits<double>::quiet_NaN();
  double gradient_norm = std::numeric_limits<double>::quiet_NaN();  // of what the box lets move
  std::size_t iterations = 0, evaluations = 0;
  Reason reason = Reason::step_limit;
  CriticalPoint kind = CriticalPoint::unknown;  // by the Hessian at the end
  double rate = 0;                              // the first one that was used
  double largest_stable_rate = std::numeric_limits<double>::quiet_NaN();  // of a run that diverged
};

// From the start, which is moved into the box. Deterministic: the same bits for the same arguments.
// A run that diverges is told the largest rate at which the method is stable near the best point:
// 2/lambda for gradient descent, with lambda the largest eigenvalue of the Hessian there.
Minimum minimize(const Objective&, std::span<const double> start, const DescentOptions& = {});

}  // namespace nabla
