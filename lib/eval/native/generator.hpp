#pragma once

// Generator: gives values registers in one pass over the code and has the encoder write the
// instructions.
//
// When registers run out, the value that is needed last goes (L. A. Belady, "A study of replacement
// algorithms for a virtual-storage computer", IBM Systems Journal 5, 1966). Values of steps are
// written to the stack at most once; columns, uniforms and constants are loaded again.

#include "lib/eval/native/encoder.hpp"

namespace nabla {

// O(steps). Returns the number of stack slots used; the largest number where registers do not
// suffice for a step and what it was not allowed to drive out.
std::uint32_t generate(const Code&, const KernelShape&, Encoder&);

}  // namespace nabla
