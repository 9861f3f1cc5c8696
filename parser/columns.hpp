#pragma once

// How many columns of a terminal a character takes, from the categories and East Asian widths of
// Unicode 14.

#include <cstdint>

namespace nabla {

// 0, 1 or 2, for a code point that is no control character. O(log size of the tables).
unsigned columns_of(std::uint32_t code_point);

}  // namespace nabla
