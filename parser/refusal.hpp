#pragma once

// How a mistake leaves the parser.

#include "lib/core/diagnostic.hpp"

namespace nabla {

// Carries a diagnostic from where the mistake is seen to the door of the parser, and no further.
struct Refusal {
  Diagnostic diagnostic;
};

}  // namespace nabla
