#pragma once

// Expressions as trees and graphs, for programs and for looking at what is shared.

#include <string>

#include "lib/core/expr.hpp"

namespace nabla {

// (+ (^ x 2) (* 2 x)): operators and functions first, chains of one operator in one list. Linear in
// its length; throws LimitError (L106) past the graph's limit on output.
std::string sexpr(Expr e);

// The expression graph in the language of Graphviz: one box per distinct node. O(n).
std::string dot(Expr e);

}  // namespace nabla
