#include "lib/emit/canvas.hpp"

namespace nabla {

namespace {

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// U+0300 to U+036F stand on the character before them. Other names have one place a character.
bool combines(std::string_view rest) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(rest[i]); };
  return rest.size() > 1 && (byte(0) == 0xCC || (byte(0) == 0xCD && byte(1) < 0xB0));
}

}  // namespace

std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!continues(text[i]) && !combines(text.substr(i))) ++width;
  }
  return width;
}

void Canvas::write(std::size_t x, std::size_t y, std::string_view text) {
  std::string* cell = &cells_[y * width_ + x];
  bool first = true;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i + 1;
    while (end < text.size() && continues(text[end])) ++end;
    if (!first && !combines(text.substr(i))) ++cell;
    *cell += text.substr(i, end - i);
    first = false;
    i = end;
  }
}

std::string Canvas::text() const {
  std::string all;
  for (std::size_t begin = 0; begin < cells_.size(); begin += width_) {
    std::string line;
    for (std::size_t x = 0; x < width_; ++x) {
      const std::string& cell = cells_[begin + x];
      line += cell.empty() ? " " : cell;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    if (begin != 0) all += '\n';
    all += line;
  }
  return all;
}

}  // namespace nabla
