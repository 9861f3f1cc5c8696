#pragma once

// Source code for rolled sums: a function for one term of each shape, and a loop over the terms
// that gathers variables and scatters slopes. The code is as long as the shapes, not as the sum;
// indices that advance evenly are computed, others stand in a table.

#include <span>
#include <string>
#include <string_view>

#include "lib/core/diagnostic.hpp"
#include "lib/core/rolled.hpp"

namespace nabla {

struct RolledSourceRequest {
  std::string_view language = "c";  // one with arrays behind pointers: c, cpp
  std::string name = "f";
  const Rolled* sum = nullptr;
  std::span<const Expr> variables;         // an array, in this order
  std::span<const Expr> parameters = {};   // names that are no variables: numbers after it
  const RolledGradient* slopes = nullptr;  // the gradient into a second array
  bool value = true;                       // compute the value
};

// What RolledFunction computes in order, with the same bits under the conditions of source.hpp.
// O(bodies + rest), and the tables where indices are uneven. Errors: as of generate() for one
// function; G405 a language without such loops.
Result<std::string> generate(const RolledSourceRequest&);

}  // namespace nabla
