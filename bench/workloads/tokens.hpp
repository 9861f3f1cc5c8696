#pragma once

// How many tokens a text has, for rates that do not depend on how long names are.

#include <cstddef>
#include <string_view>

namespace nabla::workloads {

std::size_t count_tokens(std::string_view text);

}  // namespace nabla::workloads
