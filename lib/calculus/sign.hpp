#pragma once

// What can be told about the sign of an expression by looking a few levels down: enough to leave
// out guards against log(0) where the argument cannot be 0.

#include "lib/core/graph.hpp"

namespace nabla::calculus {

struct Sign {
  bool negative = true, zero = true, positive = true;  // each: may it be?

  bool is_positive() const { return !negative && !zero; }
};

// O(1): looks at most six levels down.
Sign sign_of(const Graph&, NodeId);

}  // namespace nabla::calculus
