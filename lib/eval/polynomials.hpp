#pragma once

// Polynomials in one value, written as sums of powers, by a rule of Horner's, where that was asked
// for (CompileOptions::polynomials): half the operations, and short chains.

#include "lib/eval/tape.hpp"

namespace nabla {

// In each segment, sums of c x^k with constants c, of one value x: as
//   (c0 + c1 x) + x^2 ((c2 + c3 x) + x^2 (...)),
// pairs first (G. Estrin, "Organization of computer systems", 1960), times a power of x if all
// terms have it. Only where that is fewer operations than the sums with the powers they read, and
// other terms are added afterwards. Equal as a function; rounds differently, and may differ where a
// power overflows. Linear in the operations and in the degrees, of which none is above 64.
Tape with_nested_polynomials(const Tape&);

}  // namespace nabla
