#pragma once

// The order of steps decides how many values are alive at once, and with it whether registers
// suffice.

#include "lib/eval/code.hpp"

namespace nabla {

// The same code in an order that needs fewer registers. O(steps).
Code schedule(Code);

}  // namespace nabla
