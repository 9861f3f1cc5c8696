// What the documents show is what the program prints: every `$ nabla ...` in a console block of
// README.md and docs/*.md is run, and stdout and stderr are compared with the lines below it, in
// the folder of README.md. Notes on stderr are left out where the block leaves them out; a command
// without lines is only run.

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace nabla {
namespace {

struct Command {
  std::string file, line, expected;
};

std::vector<Command> commands_in(const std::filesystem::path& path) {
  std::vector<Command> result;
  std::ifstream in(path);
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("```")) {
      inside = !inside && line == "```console";
    } else if (inside && line.starts_with("$ nabla")) {
      result.push_back({path.filename().string(), line.substr(7), ""});
    } else if (inside && !result.empty()) {
      result.back().expected += line + "\n";
    }
  }
  return result;
}

std::vector<Command> all_commands() {
  const std::filesystem::path root = NABLA_SOURCE_DIR;
  std::vector<Command> all = commands_in(root / "README.md");
  for (const auto& entry : std::filesystem::directory_iterator(root / "docs")) {
    if (entry.path().extension() != ".md") continue;
    const auto more = commands_in(entry.path());
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

std::string output_of(const std::string& shell_command) {
  std::string text;
  FILE* pipe = popen(shell_command.c_str(), "r");
  if (pipe == nullptr) return "cannot run";
  std::array<char, 4096> block{};
  for (std::size_t n; (n = fread(block.data(), 1, block.size(), pipe)) > 0;)
    text.append(block.data(), n);
  pclose(pipe);
  return text;
}

TEST(Documents, ShowWhatTheProgramPrints) {
  const auto commands = all_commands();
  ASSERT_GE(commands.size(), 10u);
  for (const Command& c : commands) {
    const std::string run =
        std::string("cd '" NABLA_SOURCE_DIR "' && NO_COLOR=1 '") + NABLA_BINARY + "'" + c.line;
    const bool shows_errors = c.expected.find("error[") != std::string::npos;
    const std::string printed = output_of(run + (shows_errors ? " 2>&1" : " 2>/dev/null"));
    EXPECT_FALSE(printed.empty()) << c.file << ": nabla" << c.line;
    if (c.expected.empty()) continue;
    EXPECT_EQ(printed, c.expected) << c.file << ": nabla" << c.line;
  }
}

}  // namespace
}  // namespace nabla
