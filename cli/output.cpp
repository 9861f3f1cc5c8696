#include "cli/output.hpp"

#include <unistd.h>

#include <cerrno>

namespace nabla {

bool Output::flush() {
  if (text_) {
    *text_ += buffer_;
    buffer_.clear();
    return true;
  }
  std::string_view rest = buffer_;
  while (!rest.empty() && error_ == 0) {
    const auto written = ::write(descriptor_, rest.data(), rest.size());
    if (written >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      error_ = errno;
    }
  }
  buffer_.clear();
  return error_ == 0;
}

}  // namespace nabla
