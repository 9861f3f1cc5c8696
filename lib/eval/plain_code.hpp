#pragma once

// The code of a tape whose operations are steps as they stand, copied array by array: most tapes,
// at a fraction of the cost of translating them.

#include <optional>

#include "lib/eval/code.hpp"
#include "lib/eval/options.hpp"
#include "lib/eval/tape.hpp"

namespace nabla {

// The inputs are the columns of the code, or its uniforms. Nothing where there is more to do: for
// data, kernels, products fused into sums, functions of the program, conditions that are read as
// numbers, and what has the same value for all rows. O(operations).
std::optional<Code> plain_code(const Tape&, const CompileOptions&, bool inputs_are_columns);

}  // namespace nabla
