#pragma once

// Hash and equality of short texts, names above all: a few words are loaded at once and nothing is
// called, which matters where a text has a name in every third token.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace nabla {

namespace detail {

// `Bytes` bytes as one little-endian word.
template <std::size_t Bytes>
constexpr std::uint64_t load(const char* at) {
  if (std::is_constant_evaluated() || std::endian::native != std::endian::little) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < Bytes; ++i)
      word |= std::uint64_t{static_cast<unsigned char>(at[i])} << (8 * i);
    return word;
  }
  std::conditional_t<Bytes == 4, std::uint32_t, std::uint64_t> word = 0;
  std::memcpy(&word, at, Bytes);
  return word;
}

// Both halves of the 128-bit product, folded.
constexpr std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
  const auto product = static_cast<unsigned __int128>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

}  // namespace detail

// 64 well mixed bits. O(size); up to 16 bytes in one step. After wyhash by Wang Yi.
constexpr std::uint64_t hash_of_text(std::string_view text) {
  constexpr std::uint64_t p = 0xA0761D6478BD642Fu, q = 0xE7037ED1A0B428DBu;
  const char* at = text.data();
  std::size_t size = text.size();
  std::uint64_t seed = p ^ size, a = 0, b = 0;
  if (size > 16) {
    for (; size > 16; at += 16, size -= 16)
      seed = detail::fold(detail::load<8>(at) ^ q, detail::load<8>(at + 8) ^ seed);
    a = detail::load<8>(at + size - 16), b = detail::load<8>(at + size - 8);
  } else if (size >= 8) {
    a = detail::load<8>(at), b = detail::load<8>(at + size - 8);
  } else if (size >= 4) {
    a = detail::load<4>(at), b = detail::load<4>(at + size - 4);
  } else if (size != 0) {
    const auto byte = [&](std::size_t i) {
      return std::uint64_t{static_cast<unsigned char>(at[i])};
    };
    a = byte(0) | byte(size / 2) << 8 | byte(size - 1) << 16;
  }
  return detail::fold(a ^ q, b ^ seed);
}

inline bool same_text(std::string_view s, std::string_view t) {
  const std::size_t size = s.size();
  if (size != t.size()) return false;
  const char *a = s.data(), *b = t.data();
  if (size > 16) return std::memcmp(a, b, size) == 0;
  if (size >= 8) {
    return ((detail::load<8>(a) ^ detail::load<8>(b)) |
            (detail::load<8>(a + size - 8) ^ detail::load<8>(b + size - 8))) == 0;
  }
  if (size >= 4) {
    return ((detail::load<4>(a) ^ detail::load<4>(b)) |
            (detail::load<4>(a + size - 4) ^ detail::load<4>(b + size - 4))) == 0;
  }
  return size == 0 || (a[0] == b[0] && a[size / 2] == b[size / 2] && a[size - 1] == b[size - 1]);
}

}  // namespace nabla
