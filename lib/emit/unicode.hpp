#pragma once

// Expressions as text in two dimensions, for terminals:
//      2
//   1+x
//   ────

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "lib/core/expr.hpp"

namespace nabla {

// Lines without a last line feed. `label` stands before the formula, on its base line. Time and
// space linear in the area; throws LimitError (L106) when that passes the graph's limit on output.
std::string unicode(Expr e, std::string_view label = {});

// Rows of `columns` entries each, between brackets; at least one entry.
std::string unicode_matrix(std::span<const Expr> entries, std::size_t columns,
                           std::string_view label = {});

}  // namespace nabla
