#pragma once

// Least squares: parameters that make the sum of squared residuals smallest, how sure they are, and
// why the search ended. Levenberg-Marquardt as a trust region method (Moré, "The
// Levenberg-Marquardt algorithm", LNM 630, 1978) on the exact Jacobian, factored by QR row block by
// row block; where the model is linear one QR solves it.

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "lib/eval/workers.hpp"
#include "lib/optimize/outcome.hpp"
#include "lib/optimize/residuals.hpp"
#include "lib/optimize/search.hpp"

namespace nabla {

struct LeastSquaresOptions {
  std::size_t iterations = 2000;
  // First trust regions, in units of the scaled start: one search each until one ends well. With
  // few rows two are made in any case, and the better one counts.
  std::vector<double> radii = {100, 1, 0.1};
  Box box = {};
  std::function<void(const Progress&)> observe = {};
  std::function<bool()> stopped = {};
  // Who passes over the rows; none: the caller alone. Results do not depend on it.
  std::shared_ptr<Workers> workers = {};
};

struct LeastSquaresFit {
  std::vector<double> at;
  double rss = 0;
  std::size_t rows = 0, iterations = 0, evaluations = 0;
  std::size_t rank = 0;      // of the Jacobian, free parameters only
  double gradient_norm = 0;  // of the mean square
  double offset = 0;         // how far from a stationary point, relative (Bates & Watts 1981)
  Reason reason = Reason::step_limit;
  std::vector<std::size_t> undetermined;  // parameters the data say nothing about, by themselves
  // Standard errors from s^2 (JᵀJ)^-1 with s^2 = rss / (rows - parameters), and that matrix row by
  // row. Empty where rows do not exceed parameters or the rank is not full. Parameters at a bound
  // count as fixed: their entries are 0.
  std::vector<double> standard_errors, covariance;
};

// O(steps * rows * (operations + parameters^2)), memory O(parameters^2). The start has one entry
// per parameter.
LeastSquaresFit least_squares(const Residuals&, std::span<const double> start,
                              const LeastSquaresOptions& = {});

}  // namespace nabla
