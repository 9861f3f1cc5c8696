#pragma once

// Sharing: the same values with fewer operations, for expressions that will be evaluated. Value,
// gradient and Hessian are handed over together, so that what they have in common is found across
// them. What comes back is equal as a function and rounds differently: evaluate faithfully, print
// and explain without it.

#include <span>
#include <vector>

#include "lib/core/diagnostic.hpp"
#include "lib/core/expr.hpp"

namespace nabla {

struct ShareOptions {
  bool equals = true;    // merge what is equal, opposite or proportional (semantic value numbering)
  bool sums = true;      // collect like terms of sums, move numbers to where they cost least, share
                         // partial sums and products
  bool decimals = true;  // fractions in front of factors become doubles
  bool proved = false;   // merge only what multiplying out proves equal (proof.hpp)
};

// The roots, in order, with at most as many operations as before (operations.hpp). No root loses
// its value anywhere, and none becomes much less accurate: each is compared with what it was at a
// few points, with bounds on the rounding errors, and stays as it was where in doubt. O(n log n), 2
// to 10 microseconds per distinct node. Depends on the structure and the order in which
// nodes were stored, on nothing else. Errors: L1xx limits.
Result<std::vector<Expr>> share(std::span<const Expr> roots, const ShareOptions& = {});

}  // namespace nabla
