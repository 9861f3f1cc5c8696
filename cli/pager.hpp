#pragma once

// Long results at the prompt, a screenful at a time.

#include <cstddef>
#include <string>
#include <string_view>

namespace nabla {

class Pager {
 public:
  explicit Pager(std::size_t screen_bytes) : most_(screen_bytes) {}

  // What is shown of a new text, at most `screen_bytes` of it and no part of a letter.
  std::string_view show(std::string text, std::size_t screen_bytes);
  std::string_view show(std::string text) { return show(std::move(text), most_); }

  // The next part.
  std::string_view more();
  bool has_more() const { return shown_ < text_.size(); }
  std::size_t left() const { return text_.size() - shown_; }

 private:
  std::string text_;
  std::size_t shown_ = 0, most_;
};

}  // namespace nabla
