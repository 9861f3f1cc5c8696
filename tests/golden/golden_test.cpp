// Golden transcripts: every file of this folder is commands with what they write. The file's name
// is the claim. NABLA_UPDATE=1 rewrites them; read the diff before you commit it.
//
//   $ nabla eval '1+*2'       the command
//   < text                    a line of stdin
//   | text                    a line of stdout
//   ! text                    a line of stderr
//   = 3                       the exit code, when it is not 0

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/support/process.hpp"

namespace nabla::test {
namespace {

namespace fs = std::filesystem;

const fs::path folder = fs::path(NABLA_SOURCE_DIR) / "tests" / "golden";

std::vector<std::string> claims() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".txt") names.push_back(entry.path().stem());
  }
  std::ranges::sort(names);
  return names;
}

void append(std::string& to, std::string_view mark, const std::string& text) {
  for (const std::string& line : lines_of(text)) to += std::string(mark) + line + "\n";
  if (!text.empty() && !text.ends_with('\n')) to += "(no end of line)\n";
}

// The transcript with its commands run again.
std::string run_again(const std::string& transcript) {
  std::string result, command, input;
  const auto finish = [&] {
    if (command.empty()) return;
    const Ran ran = shell(command, input);
    append(result, "| ", ran.out);
    append(result, "! ", ran.err);
    if (ran.code != 0) result += "= " + std::to_string(ran.code) + "\n";
    command.clear();
    input.clear();
  };
  for (const std::string& line : lines_of(transcript)) {
    if (line.starts_with("$ ") || line.starts_with('#') || line.empty()) {
      finish();
      result += line + "\n";
      if (line.starts_with("$ ")) command = line.substr(2);
    } else if (line.starts_with("< ")) {
      result += line + "\n";
      input += line.substr(2) + "\n";
    }
  }
  finish();
  return result;
}

class Golden : public testing::TestWithParam<std::string> {};

TEST_P(Golden, TranscriptIsWhatTheProgramWrites) {
  const fs::path path = folder / (GetParam() + ".txt");
  std::stringstream content;
  content << std::ifstream(path).rdbuf();
  const std::string now = run_again(content.str());
  const char* const update = std::getenv("NABLA_UPDATE");
  if (update && *update == '1') {
    std::ofstream(path) << now;
  } else {
    EXPECT_EQ(now, content.str()) << path << "; NABLA_UPDATE=1 rewrites it";
  }
}

INSTANTIATE_TEST_SUITE_P(All, Golden, testing::ValuesIn(claims()),
                         [](const auto& claim) { return claim.param; });

}  // namespace
}  // namespace nabla::test
