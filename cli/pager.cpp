#include "cli/pager.hpp"

namespace nabla {

std::string_view Pager::show(std::string text, std::size_t screen_bytes) {
  text_ = std::move(text);
  shown_ = 0;
  most_ = screen_bytes;
  return more();
}

std::string_view Pager::more() {
  const std::size_t begin = shown_;
  std::size_t end = text_.size() - begin > most_ ? begin + most_ : text_.size();
  const auto inside_a_letter = [&] {
    return end < text_.size() && (static_cast<unsigned char>(text_[end]) & 0xc0) == 0x80;
  };
  while (end > begin + 1 && inside_a_letter()) --end;
  shown_ = end;
  return std::string_view(text_).substr(begin, end - begin);
}

}  // namespace nabla
