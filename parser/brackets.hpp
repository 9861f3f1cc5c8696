#pragma once

// The pairs of brackets, and how they are shown in a message.

#include <algorithm>
#include <array>
#include <string_view>

#include "parser/token.hpp"

namespace nabla {

struct Bracket {
  Kind opening, closing;
  std::string_view open, close;
};
inline constexpr std::array brackets{
    Bracket{Kind::open, Kind::close, "(", ")"},
    Bracket{Kind::open_square, Kind::close_square, "[", "]"},
    Bracket{Kind::open_brace, Kind::close_brace, "{", "}"},
    Bracket{Kind::open_floor, Kind::close_floor, "⌊", "⌋"},
    Bracket{Kind::open_ceiling, Kind::close_ceiling, "⌈", "⌉"},
    Bracket{Kind::norm_bar, Kind::norm_bar, "‖", "‖"},
    Bracket{Kind::open_cases, Kind::close_cases, "\\begin{cases}", "\\end{cases}"},
    Bracket{Kind::bar, Kind::bar, "|", "|"}};

constexpr const Bracket& bracket_of(Kind opening) {
  const auto found = std::ranges::find(brackets, opening, &Bracket::opening);
  return found == brackets.end() ? brackets.back() : *found;
}

}  // namespace nabla
