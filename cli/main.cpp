#include <unistd.h>

#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.hpp"

int main(int argc, char** argv) try {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  return static_cast<int>(nabla::run(arguments));
} catch (const std::bad_alloc&) {
  // Not even the message could be put together.
  constexpr std::string_view message = "error[L190]: out of memory\n";
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, message.data(), message.size());
  return static_cast<int>(nabla::Exit::limit);
}
