#include "bench/workloads/tokens.hpp"

#include "parser/token.hpp"

namespace nabla::workloads {

std::size_t count_tokens(std::string_view text) { return tokenize(text).list.size() - 1; }

}  // namespace nabla::workloads
