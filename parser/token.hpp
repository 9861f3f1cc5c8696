#pragma once

// Tokens: what the grammar makes of the text, and the names in it. A token never owns text; it says
// where it stands.

#include <cstdint>
#include <list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/core/limits.hpp"
#include "lib/core/short_text.hpp"

namespace nabla {

enum class TokenKind : std::uint8_t {
  end,
  newline,
  semicolon,
  integer,  // digits only
  decimal,  // with a point or an exponent
  hexadecimal,
  vulgar,      // ½
  bad_number,  // starts like a number and is none
  name,        // data: index into Spellings
  symbol,      // data: row of the operator table
  open,        // ( or LaTeX's \left(
  close,
  open_square,
  close_square,
  open_brace,
  close_brace,
  open_floor,
  close_floor,
  open_ceiling,
  close_ceiling,
  open_cases,   // \begin{cases}
  close_cases,  // \end{cases}
  open_left,    // \left. up to a bar with values: \right|_{x=3}
  bar,          // |, opening or closing by position
  norm_bar,     // ‖, likewise
  comma,
  colon,
  question,
  prime,        // data: how many
  superscript,  // ² or ⁻¹
  root,         // √ and its kin; data: the degree
  define,       // :=
  arrow,        // ->
  partial,      // ∂
  nabla,        // ∇
  command,      // data: a Command
  row_break,    // two backslashes, a new row in LaTeX
  illegal,      // bytes that mean nothing here
};

// LaTeX commands that shape what follows; \sum_ has its underscore included.
enum class Command : std::uint32_t { fraction, root, sum, product, limit };

struct Token {
  std::uint32_t begin = 0, end = 0;
  std::uint32_t data = 0;
  TokenKind kind = TokenKind::end;
  bool spaced = false;  // white space stands before it
};

// Words with a meaning of their own in certain places; the first names of every Spellings.
enum class Word : std::uint32_t { and_, or_, not_, if_, else_, lambda, def, return_, d, count };

// Distinct names of a text, each stored once.
class Spellings {
 public:
  Spellings();

  // `lasting` text outlives this object; other text is copied. O(size).
  std::uint32_t intern(std::string_view text, bool lasting) {
    const auto hash = static_cast<std::uint32_t>(hash_of_text(text));
    for (std::size_t at = hash;; ++at) {
      const Slot slot = table_[at & mask_];
      if (slot.id_plus_one == 0) return add(text, hash, lasting);
      const std::uint32_t id = slot.id_plus_one - 1;
      if (slot.hash == hash && same_text(texts_[id], text)) return id;
    }
  }
  std::string_view operator[](std::uint32_t id) const { return texts_[id]; }
  std::size_t size() const { return texts_.size(); }

 private:
  struct Slot {
    std::uint32_t id_plus_one = 0;  // 0 is empty
    std::uint32_t hash = 0;
  };
  static void put(std::span<Slot> table, Slot);
  std::uint32_t add(std::string_view text, std::uint32_t hash, bool lasting);
  void grow();

  std::vector<std::string_view> texts_;
  std::vector<Slot> table_;  // open addressing, a power of two
  std::size_t mask_ = 0;     // one less than that
  std::list<std::string> owned_;
};

struct Tokens {
  std::vector<Token> list;  // the last one is TokenKind::end
  Spellings names;
};

// Never fails: what cannot be read is an `illegal` or `bad_number` token, reported where the reader
// meets it. Linear in the text, which has to outlive the result.
// Throws LimitError when stopped.
Tokens tokenize(std::string_view text, const Limits& = {});

// LaTeX takes one sign where a group is missing: \frac ab is \frac{a}{b}, \sqrt2x is \sqrt{2}x. The
// tokens with these groups put in, as braces of no width, and ^\prime made a prime. Linear.
void put_groups(Tokens&, std::string_view text);

}  // namespace nabla
