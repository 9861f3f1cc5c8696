#pragma once

// `nabla plot`: curves in the terminal or as SVG.

#include "cli/command.hpp"

namespace nabla {

Exit plot(Console&, const Arguments&);

}  // namespace nabla
