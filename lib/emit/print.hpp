#pragma once

// Expressions as text that reads back to the same node, and deterministic: the order of commutative
// operands comes from structure alone.

#include <cstddef>
#include <string>

#include "lib/core/expr.hpp"

namespace nabla {

struct PrintOptions {
  bool as_written = false;    // commutative operands in the order they were first written
  std::size_t max_bytes = 0;  // 0: the graph's limit
};

// One line of text. Linear in its length, which for shared subexpressions is that of the whole
// tree; throws LimitError (L106) past max_bytes.
std::string print(Expr e, const PrintOptions& options = {});

// The same with everything that occurs twice or more written once:
//   (1 + u1)/(1 - u1) where u1 = exp(-x)
// Later definitions may be used by earlier ones. Linear in the number of distinct nodes.
std::string print_shared(Expr e, const PrintOptions& options = {});

}  // namespace nabla
