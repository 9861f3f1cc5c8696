#pragma once

// Functions of Math::precise that the C library computes with more than one unit in the last place
// (sinh, cosh, tanh, cbrt, erf), and those that are defined by others (sigmoid, softplus): here by
// way of long double, to within 0.51 units where that has 64 bits or more. What the library is
// measured to compute within one unit stays the library's; docs/performance.md has the table.

#include <span>

#include "lib/core/functions.hpp"

namespace nabla::precise {

// Nothing where the library's is taken.
double (*function(Fn))(double);

// Those that are not replaced by their definition.
std::span<const Fn> kept();

}  // namespace nabla::precise
