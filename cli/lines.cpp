#include "cli/lines.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace nabla {

Lines::Got Lines::from_buffer(std::string_view& line) {
  const std::size_t end = buffer_.find('\n', std::max(begin_, searched_));
  if (end == buffer_.npos) {
    searched_ = buffer_.size();
    if (buffer_.size() - begin_ > longest_) {
      skipping_ = true;
      begin_ = searched_ = 0;
      buffer_.clear();
    }
    return Got::end;
  }
  line = std::string_view(buffer_).substr(begin_, end - begin_);
  if (line.ends_with('\r')) line.remove_suffix(1);
  begin_ = searched_ = end + 1;
  const bool whole = !skipping_ && line.size() <= longest_;
  skipping_ = false;
  return whole ? Got::line : Got::too_long;
}

Lines::Got Lines::rest(std::string_view& line) {
  if (skipping_) {
    skipping_ = false;
    begin_ = buffer_.size();
    return Got::too_long;
  }
  if (begin_ >= buffer_.size()) return Got::end;
  line = std::string_view(buffer_).substr(begin_);
  begin_ = searched_ = buffer_.size();
  return Got::line;
}

// Until there is input, or its end; false when interrupted.
bool Lines::wait() {
  if (interrupt_ < 0) return true;
  pollfd both[] = {{.fd = interrupt_, .events = POLLIN, .revents = 0},
                   {.fd = descriptor_, .events = POLLIN, .revents = 0}};
  while (::poll(both, 2, -1) < 0 && errno == EINTR) {
  }
  return (both[0].revents & POLLIN) == 0;
}

void Lines::fill() {
  constexpr std::size_t block = std::size_t{1} << 16;
  // What was served makes room once it is most of the buffer, so that the cost stays linear.
  if (begin_ >= block || begin_ == buffer_.size()) {
    buffer_.erase(0, begin_);
    searched_ -= std::min(searched_, begin_);
    begin_ = 0;
  }
  const std::size_t size = buffer_.size();
  buffer_.resize(size + block);
  ssize_t got = 0;
  do {
    got = ::read(descriptor_, buffer_.data() + size, block);
  } while (got < 0 && errno == EINTR);
  buffer_.resize(size + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  failed_ = got < 0;
  ended_ = got <= 0;
}

}  // namespace nabla
