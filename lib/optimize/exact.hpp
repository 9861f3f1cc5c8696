#pragma once

// Minima of losses that were collapsed into a few sums, to the accuracy of the loss itself.

#include <span>

#include "lib/optimize/descent.hpp"

namespace nabla {

// The minimum of `collapsed` (see one_scan) by Newton's method, which needs one step where it is
// quadratic; then corrected with gradients of the loss, which do not suffer from the cancellation
// in the sums (iterative refinement). A few passes over the data.
Minimum solve_exactly(const Objective& loss, const Objective& collapsed,
                      std::span<const double> start, DescentOptions);

}  // namespace nabla
