#pragma once

// Student's distribution, for confidence intervals.

namespace nabla {

// The t with P(|T| <= t) = probability for T of Student's distribution with that many degrees of
// freedom (at least 1). Relative error below 1e-12. The incomplete beta function by its continued
// fraction (DLMF 8.17.22), inverted by bisection and Newton's method.
double student_quantile(double probability, double degrees_of_freedom);

}  // namespace nabla
