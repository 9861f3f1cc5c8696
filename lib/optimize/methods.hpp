#pragma once

// The searches behind minimize(). Each begins at found.at, where value and gradient are finite, and
// leaves there the best point it has seen, and why it ended.

#include "lib/optimize/descent.hpp"

namespace nabla {

void first_order(const Objective&, const DescentOptions&, Minimum& found);
void quasi_newton(const Objective&, const DescentOptions&, Minimum& found);
void trust_region(const Objective&, const DescentOptions&, Minimum& found);

}  // namespace nabla
