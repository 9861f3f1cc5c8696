#pragma once

// `nabla fit`: a model, a data file, the best parameters, and how sure they are.

#include "cli/command.hpp"

namespace nabla {

Exit fit(Console&, const Arguments&);

}  // namespace nabla
