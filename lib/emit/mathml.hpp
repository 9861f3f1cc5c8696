#pragma once

// Expressions as MathML (presentation markup, MathML Core) for web pages.

#include <string>

#include "lib/core/expr.hpp"

namespace nabla {

// One line, <math>...</math>. Linear in its length; throws LimitError (L106) past the graph's limit
// on output.
std::string mathml(Expr e);

}  // namespace nabla
