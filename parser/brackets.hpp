#pragma once

// The pairs of brackets, and how they are shown in a message.

#include <algorithm>
#include <array>
#include <string_view>

#include "parser/token.hpp"

namespace nabla {

struct Bracket {
  TokenKind opening, closing;
  std::string_view open, close;
};
inline constexpr std::array brackets{
    Bracket{TokenKind::open, TokenKind::close, "(", ")"},
    Bracket{TokenKind::open_square, TokenKind::close_square, "[", "]"},
    Bracket{TokenKind::open_brace, TokenKind::close_brace, "{", "}"},
    Bracket{TokenKind::open_floor, TokenKind::close_floor, "⌊", "⌋"},
    Bracket{TokenKind::open_ceiling, TokenKind::close_ceiling, "⌈", "⌉"},
    Bracket{TokenKind::norm_bar, TokenKind::norm_bar, "‖", "‖"},
    Bracket{TokenKind::open_cases, TokenKind::close_cases, "\\begin{cases}", "\\end{cases}"},
    Bracket{TokenKind::open_left, TokenKind::bar, "\\left.", "\\right|"},
    Bracket{TokenKind::bar, TokenKind::bar, "|", "|"}};

constexpr const Bracket& bracket_of(TokenKind opening) {
  const auto found = std::ranges::find(brackets, opening, &Bracket::opening);
  return found == brackets.end() ? brackets.back() : *found;
}

}  // namespace nabla
