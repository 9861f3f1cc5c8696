#pragma once

// Diagnostics as people read them: the message, the line it is about, and a caret under the place.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "lib/core/diagnostic.hpp"

namespace nabla {

struct RenderOptions {
  bool color = false;
  std::size_t width = 100;  // columns of the terminal; longer lines are cut around the place
};

// Several lines, each ended by '\n'. Columns are counted as a terminal does: wide and combining
// characters, tabs. Control bytes and broken UTF-8 are shown as \x1b. Linear in the line and the
// diagnostic.
std::string render(const Diagnostic&, std::string_view source, const RenderOptions& = {});

// The notes on one text in their order. Notes of a kind that nearly everybody would read the same
// way
// (`brief` in the table of codes) share one line that says how they were read.
std::string render_notes(std::span<const Diagnostic>, std::string_view source,
                         const RenderOptions& = {});

// Text from outside made safe for a terminal: control bytes and broken UTF-8 become \x1b and the
// like.
std::string printable(std::string_view text);

// Line and column of a byte offset, both counted from 1; columns count code points.
struct Place {
  std::size_t line = 1, column = 1;

  friend bool operator==(const Place&, const Place&) = default;
};
Place place_of(std::size_t offset, std::string_view source);

}  // namespace nabla
