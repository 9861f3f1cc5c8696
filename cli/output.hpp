#pragma once

// Output: a buffered file descriptor that remembers whether everything arrived. A full disk must
// end in a message and an exit code, not in silence.

#include <string>
#include <string_view>

namespace nabla {

class Output {
 public:
  explicit Output(int descriptor) : descriptor_(descriptor) {}
  explicit Output(std::string& text) : text_(&text) {}
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;
  ~Output() { flush(); }

  Output& operator<<(std::string_view text) {
    buffer_ += text;
    if (buffer_.size() >= limit) flush();
    return *this;
  }
  Output& operator<<(char c) { return *this << std::string_view(&c, 1); }

  // Writes what is pending; false once any write has failed.
  bool flush();

  // errno of the first write that failed, or 0.
  int error() const { return error_; }

 private:
  static constexpr std::size_t limit = std::size_t{1} << 16;

  std::string buffer_;
  int descriptor_ = -1;
  std::string* text_ = nullptr;  // where it goes instead
  int error_ = 0;
};

}  // namespace nabla
