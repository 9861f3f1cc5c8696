#pragma once

// The door to simplification.

#include <span>
#include <vector>

#include "lib/core/expr.hpp"

namespace nabla {

struct SimplifyOptions {
  int level = 1;  // 0: as it is; 1 and above: canonical form
};

Expr simplify(Expr e, SimplifyOptions options = {});

// Each root as if it stood alone, as long as all of them together are small enough to be read;
// beyond that, together, so that what they share stays shared.
std::vector<Expr> simplify(std::span<const Expr> roots, SimplifyOptions options = {});

}  // namespace nabla
