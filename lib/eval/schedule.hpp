#pragma once

// Brings the steps of code into an order in which few values are alive at once. No result changes.

#include "lib/eval/code.hpp"

namespace nabla {

// Depth first from the outputs, those that need the shortest chains first and of the operands the
// one with the longest chain; after each step whatever else can be done without keeping more values
// alive is done at once, so that what it reads can be forgotten. Code whose values fit the
// registers of a processor, or that would need more of them in the new order, stays as it is.
// O(steps), and the same for the same code.
Code schedule(Code);

}  // namespace nabla
