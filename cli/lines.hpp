#pragma once

// Lines of a file descriptor, without their ends. A line that is too long is reported as such and
// the next one is served.

#include <cstddef>
#include <string>
#include <string_view>

namespace nabla {

class Lines {
 public:
  // Stops waiting for input once there is something to read from `interrupt`.
  Lines(int descriptor, std::size_t longest, int interrupt = -1)
      : descriptor_(descriptor), interrupt_(interrupt), longest_(longest) {}

  enum class Got { line, too_long, end, error, interrupted };

  // `line` is valid until the next call. `idle` is called before waiting for input, so that replies
  // leave before the sender, who may be waiting for them, is asked for more.
  template <typename Idle>
  Got next(std::string_view& line, Idle idle) {
    for (;;) {
      if (const Got got = from_buffer(line); got != Got::end) return got;
      if (ended_) return failed_ ? Got::error : rest(line);
      idle();
      if (!wait()) return Got::interrupted;
      fill();
    }
  }

 private:
  Got from_buffer(std::string_view& line);  // end: no whole line is there
  Got rest(std::string_view& line);
  bool wait();
  void fill();

  std::string buffer_;
  std::size_t begin_ = 0, searched_ = 0;
  int descriptor_, interrupt_;
  std::size_t longest_;
  bool ended_ = false, failed_ = false, skipping_ = false;
};

}  // namespace nabla
