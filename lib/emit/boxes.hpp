#pragma once

// Boxes of text: how large a formula gets in two dimensions, and where its parts stand. An inner
// part of unicode.cpp.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/emit/typeset.hpp"

namespace nabla {

using BoxId = std::uint32_t;

struct Box {
  enum class Kind : std::uint8_t { text, sum, row, group, matrix } kind = Kind::text;
  Group group{};
  bool flat = false;  // an exponent in small digits, a root of one name, rows of one line each
  std::size_t width = 0;
  std::size_t up = 0, down = 0;  // lines above and below the base line
  std::size_t columns = 0;       // of a matrix; of cases: the width of the values
  std::string text = {};
  std::vector<BoxId> parts = {};

  std::size_t height() const { return up + 1 + down; }
};

inline constexpr std::string_view condition_text = "if ", otherwise_text = "otherwise";
inline constexpr std::string_view sum_sign = "∑";

// Lines between the rows of cases and matrices: none where each takes a single line.
constexpr std::size_t gap_of(bool single) { return single ? 0 : 1; }

// Boxes side by side.
struct RowSize {
  std::size_t up = 0, down = 0;
  void hold(const Box& box) {
    if (box.up > up) up = box.up;
    if (box.down > down) down = box.down;
  }
  std::size_t height() const { return up + 1 + down; }
};

// The box as lines (boxes_draw.cpp). Linear in its area; throws LimitError (L106).
std::string draw(std::span<const Box> boxes, BoxId root, const Limits&);

// Builds boxes from marks; sizes are known as soon as a group is closed.
class BoxSink : public MarkSink {
 public:
  explicit BoxSink(const Limits& limits) : limits_(limits) { begin(); }

  void take(const Mark& mark) override;

  void begin();    // a formula
  BoxId finish();  // its box
  BoxId add_text(std::string text);
  BoxId add_matrix(std::vector<BoxId> entries, std::size_t columns);
  BoxId add_row(std::vector<BoxId> parts);

  std::string draw(BoxId root) const { return nabla::draw(boxes_, root, limits_); }

 private:
  struct Open {
    Group group;
    std::vector<BoxId> parts = {}, row = {};
  };

  BoxId add(Box box);
  void add_part();
  void put(std::string text) { open_.back().row.push_back(add_text(std::move(text))); }
  void measure(Box& group) const;
  std::string small_digits(BoxId row) const;

  bool is_bar(const Box& box) const;
  bool is_fraction(const Box& row) const;  // and nothing else

  const Box& part(const Box& box, std::size_t i) const { return boxes_[box.parts[i]]; }

  const Limits& limits_;
  std::vector<Box> boxes_;
  std::vector<Open> open_;
};

}  // namespace nabla
