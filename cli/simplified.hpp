#pragma once

// Simplification as a question asks for it.

#include <optional>
#include <string>
#include <vector>

#include "cli/question.hpp"

namespace nabla {

// The entries at the level, under the assumptions and rules and in the profile of the question;
// lines of explanation are added where it wants them. Errors: U514, U515, L1xx.
std::optional<Diagnostic> simplify_entries(const Question& question, std::vector<Expr>& entries,
                                           std::vector<std::string>& explanation);

}  // namespace nabla
