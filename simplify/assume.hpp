#pragma once

// Assumptions as text: "x > 0", "0 <= x < 1", "n integer".

#include <span>
#include <string>
#include <string_view>

#include "lib/core/diagnostic.hpp"
#include "simplify/range.hpp"

namespace nabla {

// One assumption, understood: a name, bounds, being a whole number.
struct Assumption {
  std::string name;
  Range range;
  bool integer = false;
};

// Reads one. Errors: U514.
Result<Assumption> read_assumption(std::string_view text);

class Workspace;
// Those that can be read become facts.
void assume(Workspace& work, std::span<const std::string> texts);

}  // namespace nabla
