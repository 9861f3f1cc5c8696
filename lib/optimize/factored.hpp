#pragma once

// The factor [R c; 0 rho] of [J r], residuals with their Jacobian, at one point: what a step of
// least squares needs of the data.

#include <span>
#include <vector>

#include "lib/eval/workers.hpp"
#include "lib/optimize/residuals.hpp"

namespace nabla {

// ‖J d + r‖² = ‖R d + c‖² + rho² for p parameters.
struct Factors {
  std::vector<long double> r;  // entry (i, j) at j * p + i; 0 below the diagonal
  std::vector<long double> c;
  long double rho = 0;
  bool finite = true;  // all of J and r
};

// Rows are folded block by block and never kept: O(rows * (operations + parameters^2)) time,
// O(parameters^2) memory. Long spans of rows are folded apart, each by one of the workers, and then
// into one another: the spans do not depend on the threads, so neither do the bits (TSQR; Demmel,
// Grigori, Hoemmen & Langou, SIAM J. Sci. Comput. 34, 2012).
Factors factor(const Residuals&, std::span<const double> at, Workers&);

}  // namespace nabla
