#pragma once

// Source code for an expression and its derivatives, as a question asks for it: operations merged
// or as written, long sums rolled or written out.

#include <optional>
#include <span>
#include <string>

#include "cli/question.hpp"

namespace nabla {

struct Code {
  std::string text;
  std::optional<SourceRequest> source;  // what it was generated from; none of a loop over tables
};

// `inputs` are the parameters of the function, the variables among them. Errors: those of
// differentiation and of generate(), L1xx.
Result<Code> code_for(Expr f, std::span<const Expr> variables, std::span<const Expr> inputs,
                      const Question&);

}  // namespace nabla
