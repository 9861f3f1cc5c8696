#pragma once

// A rectangle of places in a terminal, each with a character and what combines with it.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace nabla {

// Places that a line of text takes.
std::size_t width_of(std::string_view text);

class Canvas {
 public:
  Canvas(std::size_t width, std::size_t height) : width_(width), cells_(width * height) {}

  // One line of text from a place on.
  void write(std::size_t x, std::size_t y, std::string_view text);
  // Lines without blanks at their ends.
  std::string text() const;

 private:
  std::size_t width_;
  std::vector<std::string> cells_;
};

}  // namespace nabla
