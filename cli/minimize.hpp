#pragma once

// `nabla minimize`: the point where an expression is smallest, and what kind of point it is.

#include "cli/command.hpp"

namespace nabla {

Exit minimize(Console&, const Arguments&);

}  // namespace nabla
