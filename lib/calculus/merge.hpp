#pragma once

// Semantic value numbering: nodes that are equal, opposite or proportional as functions become one,
// also where their structure does not tell. d/dx of (x + iy)^m, written out, is m times the power
// before; the Jacobian of a rotation is made of the rotation's own entries.

#include <span>
#include <vector>

#include "lib/core/graph.hpp"

namespace nabla::calculus {

// Which factors proportional nodes may differ by: small fractions, or also decimals, as they come
// out of coefficients that are decimals or constants themselves.
enum class Factors { exact, decimal };

struct MergeOptions {
  Factors factors = Factors::exact;
  bool proved = false;  // only what multiplying out proves, see proof.hpp
};

// The roots, rebuilt with one node for each class. Classes are found by fingerprints; a member is
// replaced only where the representative has a value wherever it has one and is as accurate (see
// hazards.hpp, conditioning.hpp), and never where multiplying out decides against it. The
// representative is the member stored first. Linear. Throws LimitError.
std::vector<NodeId> merge_equals(Graph&, std::span<const NodeId> roots, const MergeOptions&);

}  // namespace nabla::calculus
