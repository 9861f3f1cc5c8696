#pragma once

// WordFilter: tells most texts that are none of a set of words by their first byte and length, so
// that a name of the user's is not looked up in every table.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace nabla {

class WordFilter {
 public:
  constexpr void add(std::string_view word) { lengths_[byte(word)] |= bit(word); }

  // False when `text` is no word that was added. O(1).
  constexpr bool may_have(std::string_view text) const {
    return !text.empty() && (lengths_[byte(text)] & bit(text)) != 0;
  }

 private:
  static constexpr std::size_t byte(std::string_view s) { return static_cast<std::uint8_t>(s[0]); }
  static constexpr std::uint32_t bit(std::string_view s) {
    return std::uint32_t{1} << std::min<std::size_t>(s.size(), 31);
  }

  std::array<std::uint32_t, 256> lengths_{};
};

}  // namespace nabla
