#pragma once

// How many machine operations some expressions take together: the figure that derivatives are
// optimised for.

#include <cstddef>
#include <span>

#include "lib/core/graph.hpp"

namespace nabla {

// Every distinct operation below the roots counts once. Free: leaves and whatever has no symbol in
// it. A change of sign is counted apart, for most vanish in a subtraction; so is
// the second of c t and -c t. An integer power counts
// its chain of multiplications; u^-1 as a factor is the division it becomes.
struct Operations {
  std::size_t count = 0;
  std::size_t signs = 0;

  friend bool operator==(const Operations&, const Operations&) = default;
};

// O(distinct nodes).
Operations operations(const Graph&, std::span<const NodeId> roots);
Operations operations(std::span<const Expr> roots);

}  // namespace nabla
