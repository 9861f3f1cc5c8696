#pragma once

// The operator table seen from the text: which of its spellings, other than words, begins here.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "lib/core/operators.hpp"

namespace nabla {

struct SymbolMatch {
  std::uint8_t row = 0;
  std::size_t size = 0;  // 0: none
};

constexpr bool is_word(std::string_view spelling) {
  return spelling[0] >= 'a' && spelling[0] <= 'z';
}

// The longest spelling at the start of the text. '|' and its double are bars, never found here.
constexpr SymbolMatch longest_symbol(std::string_view text) {
  SymbolMatch best;
  for (std::size_t i = 0; i < operators.size(); ++i) {
    const auto consider = [&](std::string_view spelling) {
      if (spelling.size() > best.size && text.starts_with(spelling) && !is_word(spelling) &&
          spelling[0] != '|') {
        best = {static_cast<std::uint8_t>(i), spelling.size()};
      }
    };
    consider(operators[i].spelling);
    for (std::string_view rest = operators[i].aliases; !rest.empty();) {
      const std::size_t end = rest.find(' ') == rest.npos ? rest.size() : rest.find(' ');
      consider(rest.substr(0, end));
      rest.remove_prefix(end == rest.size() ? end : end + 1);
    }
  }
  return best;
}

constexpr bool is_sum_sign(std::uint32_t c) { return c == 0x2211; }
constexpr bool is_product_sign(std::uint32_t c) { return c == 0x220F; }
constexpr bool is_partial_sign(std::uint32_t c) { return c == 0x2202; }
constexpr bool is_nabla_sign(std::uint32_t c) { return c == 0x2207; }
constexpr bool is_arrow(std::uint32_t c) { return c == 0x2192; }
constexpr bool is_prime_sign(std::uint32_t c) { return c == 0x2032 || c == 0x2019; }
constexpr bool is_root_sign(std::uint32_t c) { return c == 0x221A; }

}  // namespace nabla
