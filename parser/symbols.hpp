#pragma once

// The operator table seen from the text: which of its spellings, other than words, begins here.

#include <array>
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

struct SymbolSpelling {
  std::string_view text;
  std::uint8_t row = 0;
};

// All spellings that are no words, and where those that begin with a byte are; '|' and its double
// are bars and not among them.
struct SymbolIndex {
  std::array<SymbolSpelling, 64> spellings{};
  std::array<std::uint8_t, 257> first{};  // of the spellings that begin with a byte

  constexpr SymbolIndex() {
    std::size_t count = 0;
    for (std::size_t byte = 0; byte < 256; ++byte) {
      first[byte] = static_cast<std::uint8_t>(count);
      for (std::size_t i = 0; i < operators.size(); ++i) {
        const auto consider = [&](std::string_view spelling) {
          if (static_cast<unsigned char>(spelling[0]) != byte || is_word(spelling) || byte == '|')
            return;
          spellings[count++] = {spelling, static_cast<std::uint8_t>(i)};
        };
        consider(operators[i].spelling);
        for (std::string_view rest = operators[i].aliases; !rest.empty();) {
          const std::size_t end = rest.find(' ') == rest.npos ? rest.size() : rest.find(' ');
          consider(rest.substr(0, end));
          rest.remove_prefix(end == rest.size() ? end : end + 1);
        }
      }
    }
    first[256] = static_cast<std::uint8_t>(count);
  }
};
inline constexpr SymbolIndex symbol_index;

// The longest spelling at the start of the text.
constexpr SymbolMatch longest_symbol(std::string_view text) {
  SymbolMatch best;
  const auto byte = static_cast<unsigned char>(text[0]);
  for (std::size_t i = symbol_index.first[byte]; i < symbol_index.first[byte + 1u]; ++i) {
    const SymbolSpelling& s = symbol_index.spellings[i];
    // the first byte is known to fit
    const bool fits = s.text.size() == 1 || text.starts_with(s.text);
    if (fits && s.text.size() > best.size) best = {s.row, s.text.size()};
  }
  return best;
}

// The row of an operator, found when the program is compiled.
struct OperatorRow {
  std::uint32_t row;
  consteval OperatorRow(const char* spelling)
      : row(static_cast<std::uint32_t>(&operator_of(spelling) - operators.data())) {}
};

// Operators of one byte: what most texts need. The byte behind that would make another sign of each
// is in `unless`, 0 where none would.
struct ShortSymbol {
  bool exists = false;
  std::uint8_t row = 0;
  char unless = 0;
};
inline constexpr auto short_symbols = [] {
  std::array<ShortSymbol, 256> result{};
  for (std::size_t byte = 0; byte < 128; ++byte) {
    ShortSymbol& sign = result[byte];
    std::size_t longer = 0;
    for (std::size_t i = symbol_index.first[byte]; i < symbol_index.first[byte + 1]; ++i) {
      const SymbolSpelling& s = symbol_index.spellings[i];
      if (s.text.size() == 1) {
        sign.exists = true;
        sign.row = s.row;
      } else {
        ++longer;
        sign.unless = s.text[1];
      }
    }
    if (byte == '-') ++longer, sign.unless = '>';  // an arrow
    if (longer > 1) sign.exists = false;
  }
  return result;
}();

// LaTeX spellings of operators beside the one the operator table prints.
struct TexOperator {
  std::string_view command, spelling;
};
inline constexpr std::array tex_operators{
    TexOperator{"\\times", "*"},    TexOperator{"\\ast", "*"},   TexOperator{"\\div", "/"},
    TexOperator{"\\leq", "<="},     TexOperator{"\\geq", ">="},  TexOperator{"\\neq", "!="},
    TexOperator{"\\lt", "<"},       TexOperator{"\\gt", ">"},    TexOperator{"\\wedge", "and"},
    TexOperator{"\\vee", "or"},     TexOperator{"\\neg", "not"}, TexOperator{"\\leqslant", "<="},
    TexOperator{"\\geqslant", ">="}};

constexpr bool is_sum_sign(std::uint32_t c) { return c == 0x2211; }
constexpr bool is_product_sign(std::uint32_t c) { return c == 0x220F; }
constexpr bool is_partial_sign(std::uint32_t c) { return c == 0x2202; }
constexpr bool is_nabla_sign(std::uint32_t c) { return c == 0x2207; }
constexpr bool is_arrow(std::uint32_t c) { return c == 0x2192; }
// ′ and ’, and the double and triple prime
constexpr bool is_prime_sign(std::uint32_t c) {
  return (c >= 0x2032 && c <= 0x2034) || c == 0x2019;
}
constexpr std::uint32_t primes_in(std::uint32_t c) {
  return c >= 0x2032 && c <= 0x2034 ? c - 0x2031 : 1;
}
// √, ∛ and ∜
constexpr bool is_root_sign(std::uint32_t c) { return c >= 0x221A && c <= 0x221C; }
constexpr bool is_open_ceiling(std::uint32_t c) { return c == 0x2308; }
constexpr bool is_close_ceiling(std::uint32_t c) { return c == 0x2309; }
constexpr bool is_open_floor(std::uint32_t c) { return c == 0x230A; }
constexpr bool is_close_floor(std::uint32_t c) { return c == 0x230B; }
constexpr bool is_norm_bar(std::uint32_t c) { return c == 0x2016; }

// ½ and the like.
struct VulgarFraction {
  std::uint32_t code_point;
  std::uint8_t numerator, denominator;
};
inline constexpr std::array vulgar_fractions{
    VulgarFraction{0xBC, 1, 4},   VulgarFraction{0xBD, 1, 2},   VulgarFraction{0xBE, 3, 4},
    VulgarFraction{0x2153, 1, 3}, VulgarFraction{0x2154, 2, 3}, VulgarFraction{0x2155, 1, 5},
    VulgarFraction{0x2159, 1, 6}, VulgarFraction{0x215B, 1, 8}};
constexpr const VulgarFraction* vulgar_fraction(std::uint32_t c) {
  for (const VulgarFraction& v : vulgar_fractions) {
    if (v.code_point == c) return &v;
  }
  return nullptr;
}
constexpr bool is_vulgar_fraction(std::uint32_t c) { return vulgar_fraction(c) != nullptr; }

}  // namespace nabla
