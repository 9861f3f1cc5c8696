#pragma once

// Generator: one pass over the code that finds registers for the operands of every step
// (registers.hpp) and has the encoder write the instructions.

#include "lib/eval/native/encoder.hpp"
#include "lib/eval/native/uses.hpp"

namespace nabla {

// O(steps). Returns the number of stack slots used; the largest number where there are too many, or
// registers do not suffice for a step and what it was not allowed to drive out. Uses are used up.
std::uint32_t generate(const Code&, const KernelShape&, Uses&, Encoder&);

}  // namespace nabla
