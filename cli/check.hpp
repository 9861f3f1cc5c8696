#pragma once

// `nabla check`: a derivative against differences, or an answer of one's own against the
// derivative.

#include "cli/command.hpp"

namespace nabla {

Exit check(Console&, const Arguments&);

}  // namespace nabla
