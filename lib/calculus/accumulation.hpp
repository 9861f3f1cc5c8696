#pragma once

// Jacobian entries by the cheaper of the two sweeps, block by block.

#include <span>
#include <vector>

#include "lib/calculus/gradient.hpp"

namespace nabla::calculus {

// Which entries are wanted.
enum class Shape { full, lower_triangle };

// The entries of d outputs / d variables that are not zero, sorted by row, then column. Throws
// NoDerivative and LimitError.
std::vector<Entry> accumulate(Graph&, std::span<const NodeId> outputs,
                              std::span<const NodeId> variables, Mode, Shape);

}  // namespace nabla::calculus
