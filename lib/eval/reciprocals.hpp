#pragma once

// Divisions by the same value become products with its reciprocal, where that was asked for
// (CompileOptions::reciprocals): processors divide ten to thirty times as slowly as they multiply.

#include "lib/eval/tape.hpp"

namespace nabla {

// In each segment, of values that divide: where there are two divisions by one, or a product of two
// of them divides as well, their reciprocals are computed once and multiplied with; the reciprocal
// of such a product is the product of reciprocals. Never more divisions than before. Constants
// stay divisors, and so does what divides once. Up to three roundings instead of one per division;
// where |divisor| < 2^-1024, its reciprocal is infinite. Linear in the operations but for sorting
// the divisors.
Tape with_reciprocals(const Tape&);

}  // namespace nabla
