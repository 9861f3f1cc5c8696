#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>

#include "cli/repl.hpp"
#include "tests/fuzz/targets.hpp"

namespace nabla::test {
namespace {

// A file in memory.
class Scratch {
 public:
  Scratch() : descriptor_(::memfd_create("script", 0)) {}
  ~Scratch() { ::close(descriptor_); }
  int descriptor() const { return descriptor_; }

  void hold(std::string_view text) {
    empty();
    if (::pwrite(descriptor_, text.data(), text.size(), 0) < 0) std::abort();
  }
  void empty() {
    if (::ftruncate(descriptor_, 0) != 0) std::abort();
    ::lseek(descriptor_, 0, SEEK_SET);
  }
  std::string text() const {
    std::string all(static_cast<std::size_t>(::lseek(descriptor_, 0, SEEK_CUR)), '\0');
    if (::pread(descriptor_, all.data(), all.size(), 0) < 0) std::abort();
    return all;
  }

 private:
  int descriptor_;
};

}  // namespace

std::string try_script(std::string_view script) {
  Scratch in, written;
  in.hold(script);
  {
    Output out(written.descriptor()), err(written.descriptor());
    Console console{.out = out, .err = err, .limits = small_limits()};
    (void)run_script(console, in.descriptor());
  }
  const auto raw = [](char c) { return (c >= 0 && c < 0x20 && c != '\n') || c == 0x7F; };
  const std::string text = written.text();
  const auto found = std::ranges::find_if(text, raw);
  return found == text.end() ? "" : "a control byte in what was written: " + std::to_string(*found);
}

}  // namespace nabla::test
