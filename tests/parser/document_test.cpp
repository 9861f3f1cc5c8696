// The documents say what the tables say, and their examples do what is said of them.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "lib/core/constants.hpp"
#include "lib/core/diagnostic_codes.hpp"
#include "lib/core/functions.hpp"
#include "lib/core/operators.hpp"
#include "parser/verbs.hpp"
#include "tests/parser/reading.hpp"
#include "tests/support/process.hpp"

namespace nabla {
namespace {

namespace fs = std::filesystem;

std::string file(const fs::path& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

class Documents : public Text {
 protected:
  // Codes that reading the example of a row gives.
  std::vector<std::string> codes_of(std::string_view example) {
    Graph fresh;
    const std::size_t sign = example.find('='), colon = example.find(": ");
    if (sign < colon && colon != example.npos) {
      const std::string_view limit = example.substr(0, sign);
      const std::size_t cap = std::stoul(std::string(example.substr(sign + 1, colon - sign - 1)));
      Limits& l = fresh.limits;
      for (const LimitRow& row : limit_rows) {
        if (row.name != limit) continue;
        l.*row.value = cap;
        example.remove_prefix(colon + 2);
      }
    }
    const auto result = parse(fresh, example);
    if (!result) return {result.error().code};
    std::vector<std::string> codes;
    for (const Diagnostic& d : result->notes) codes.push_back(d.code);
    return codes;
  }
};

TEST_F(Documents, HaveAnExampleForEveryCodeThatATextCanCause) {
  for (const DiagnosticCode& row : diagnostic_codes) {
    if (row.example.empty()) continue;
    if (row.example.starts_with("$ ")) {
      if (!fs::exists(NABLA_BINARY)) continue;
      const test::Ran ran = test::shell(row.example.substr(2));
      EXPECT_NE(ran.code, 0) << row.example;
      EXPECT_NE(ran.err.find("[" + std::string(row.code) + "]"), std::string::npos)
          << row.example << "\n"
          << ran.err;
      continue;
    }
    const auto codes = codes_of(row.example);
    EXPECT_NE(std::ranges::find(codes, row.code), codes.end())
        << row.code << ": " << row.example << " gives " << (codes.empty() ? "nothing" : codes[0]);
    if (row.code[0] == 'S') {
      EXPECT_EQ(
          parse(g, row.example, {.variables = {}, .columns = {}, .strict = true}) ? "" : "refused",
          std::string("refused"))
          << row.example;
    }
  }
}

TEST_F(Documents, ListEveryCodeThatIsUsedInTheSources) {
  const std::regex code("\"([PNLDECFGS][0-9]{3})\"");
  std::set<std::string> used;
  for (const char* folder : {"lib", "parser", "simplify"}) {
    if (!fs::exists(fs::path(NABLA_SOURCE_DIR) / folder)) continue;
    for (const auto& entry :
         fs::recursive_directory_iterator(fs::path(NABLA_SOURCE_DIR) / folder)) {
      if (entry.path().extension() != ".cpp") continue;
      const std::string text = file(entry.path());
      for (std::sregex_iterator m(text.begin(), text.end(), code), end; m != end; ++m)
        used.insert((*m)[1]);
    }
  }
  EXPECT_GT(used.size(), 30u);
  for (const std::string& c : used)
    EXPECT_NE(find_diagnostic_code(c), nullptr)
        << c << " is used and not in lib/core/diagnostic_codes.hpp";
  const std::string page = file(fs::path(NABLA_SOURCE_DIR) / "docs/diagnostics.md");
  for (const DiagnosticCode& row : diagnostic_codes) {
    EXPECT_NE(page.find(std::string(row.code) + " "), std::string::npos) << row.code;
    EXPECT_NE(page.find(row.title), std::string::npos) << row.title;
    if (!row.example.empty()) {
      EXPECT_NE(page.find(row.example), std::string::npos) << row.example;
    }
  }
}

TEST_F(Documents, ListEveryLimitWithItsDefaultAndItsCode) {
  const std::string page = file(fs::path(NABLA_SOURCE_DIR) / "docs/language.md");
  for (const LimitRow& row : limit_rows) {
    const std::string line = "| `" + std::string(row.name) + "` | " +
                             std::to_string(Limits{}.*row.value) + " | " + std::string(row.unit) +
                             " | " + std::string(row.meaning) + " | " + std::string(row.code) +
                             " |";
    EXPECT_NE(page.find(line), std::string::npos) << line;
    EXPECT_NE(find_diagnostic_code(row.code), nullptr) << row.code;
  }
}

TEST_F(Documents, ListEveryRowOfTheTables) {
  const std::string page = file(fs::path(NABLA_SOURCE_DIR) / "docs/language.md");
  const auto listed = [&](std::string_view word) {
    return page.find("`" + std::string(word) + "`") != std::string::npos;
  };
  for (const Operator& row : operators) {
    if (row.spelling != "|") {
      EXPECT_TRUE(listed(row.spelling)) << row.spelling;
    }
    for (std::string_view rest = row.aliases; !rest.empty();) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      if (rest.substr(0, end) != "||") {
        EXPECT_TRUE(listed(rest.substr(0, end))) << rest.substr(0, end);
      }
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  for (const auto& row : functions)
    for_each_spelling(row.name, row.aliases,
                      [&](std::string_view s) { EXPECT_TRUE(listed(s)) << s; });
  for (const Constant& row : constants) EXPECT_TRUE(listed(row.name)) << row.name;
  for (const VerbRow& row : verbs)
    EXPECT_NE(page.find(row.synopsis.substr(0, row.synopsis.find(" or "))), std::string::npos)
        << row.synopsis;
}

// Lines "text   is   meaning" in the blocks of docs/language.md.
TEST_F(Documents, ShowReadingsThatHold) {
  std::istringstream page(file(fs::path(NABLA_SOURCE_DIR) / "docs/language.md"));
  bool block = false;
  int held = 0;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("```")) block = line == "```reading";
    const std::size_t is = line.find("  is  ");
    if (!block || is == std::string::npos) continue;
    const std::string text = line.substr(0, line.find_last_not_of(' ', is) + 1);
    std::string meaning = line.substr(is + 6);
    meaning.erase(0, meaning.find_first_not_of(' '));
    EXPECT_SAME(text, meaning);
    ++held;
  }
  EXPECT_GT(held, 30);
}

}  // namespace
}  // namespace nabla
