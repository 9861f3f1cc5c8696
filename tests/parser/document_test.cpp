// The documents say what the tables say, and their examples do what is said of them.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "lib/calculus/derivative.hpp"
#include "lib/calculus/gradient.hpp"
#include "lib/core/constants.hpp"
#include "lib/core/diagnostic_codes.hpp"
#include "lib/core/functions.hpp"
#include "lib/core/operators.hpp"
#include "lib/emit/print.hpp"
#include "lib/eval/function.hpp"
#include "parser/verbs.hpp"
#include "tests/parser/reading.hpp"
#include "tests/support/process.hpp"
#include "tests/support/sanitized.hpp"

namespace nabla {
namespace {

namespace fs = std::filesystem;

std::string file(const fs::path& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// What programs do to cause a code, by the words of the table.
const std::map<std::string_view, Diagnostic (*)()> programs = {
    {"derivative(x^2, x + 1)",
     [] {
       Graph g;
       const Expr x = symbol(g, "x");
       return derivative(x * x, x + number(g, 1)).error();
     }},
    {"derivative(x^2, x of another graph)",
     [] {
       Graph g, other;
       const Expr x = symbol(g, "x");
       return derivative(x * x, symbol(other, "x")).error();
     }},
    {"directional(x*y, [x, y], [1])",
     [] {
       Graph g;
       const Expr names[] = {symbol(g, "x"), symbol(g, "y")}, along[] = {number(g, 1)};
       return directional(names[0] * names[1], names, along).error();
     }},
    {"Function::compile([x + 1], [x])",
     [] {
       Graph g;
       const Expr x = symbol(g, "x"), input[] = {x + number(g, 1)};
       return Function::compile(input, std::span(&x, 1)).error();
     }},
    {"Function::compile([], [data sums 300 deep])",
     [] {
       Graph g;
       const Expr x = column(g, "x");
       Expr e = x;
       for (int i = 0; i < 300; ++i) e = data_sum(pow(x + e, 2));
       return Function::compile({}, std::span(&e, 1)).error();
     }},
    {"f([1, 2]) for a function of one input",
     []() -> Diagnostic {
       Graph g;
       const Expr x = symbol(g, "x");
       const auto f = Function::compile(std::span(&x, 1), std::span(&x, 1));
       const double in[] = {1, 2};
       double out[1];
       try {
         (*f)(in, out);
       } catch (const CallError& error) {
         return error.diagnostic();
       }
       return {};
     }},
};

class Documents : public Text {
 protected:
  // Codes that the example of a row gives, each once.
  std::set<std::string> codes_of(std::string_view example) {
    if (example.starts_with("C++ ")) {
      const auto program = programs.find(example.substr(4));
      if (program == programs.end()) return {"no such program"};
      return {program->second().code};
    }
    if (example.starts_with("$ ")) {
      const test::Ran ran = test::shell(example.substr(2));
      const std::string seen = ran.out + ran.err;
      const std::regex code("(?:\\[|\"code\":\")([A-Z][0-9]{3})");
      std::set<std::string> codes;
      for (std::sregex_iterator m(seen.begin(), seen.end(), code), end; m != end; ++m)
        codes.insert((*m)[1]);
      return codes;
    }
    Graph fresh;
    ReadOptions reading;
    const std::size_t sign = example.find('='), colon = example.find(": ");
    if (sign < colon && colon != example.npos) {
      const std::string_view limit = example.substr(0, sign);
      const std::size_t cap = std::stoul(std::string(example.substr(sign + 1, colon - sign - 1)));
      bool known = limit == "notes";
      if (known) reading.notes = cap;
      for (const LimitRow& row : limit_rows) {
        if (row.name != limit) continue;
        fresh.limits.*row.value = cap;
        known = true;
      }
      if (known) example.remove_prefix(colon + 2);
    }
    try {
      const auto result = parse(fresh, example, reading);
      if (!result) return {result.error().code};
      for (const Expr e : result->value.entries) (void)print(e);
      std::set<std::string> codes;
      for (const Diagnostic& d : result->notes) codes.insert(d.code);
      return codes;
    } catch (const LimitError& error) {
      return {error.diagnostic().code};
    }
  }
};

TEST_F(Documents, HaveAnExampleForEveryCodeThatGivesItAndNoOther) {
  for (const DiagnosticCode& row : diagnostic_codes) {
    // Shown at a terminal only, where the prompt's own test types it, and on machines without
    // machine code.
    if (row.code == "U531" || row.code == "U521") continue;
    ASSERT_FALSE(row.example.empty()) << row.code;
    const bool command = row.example.starts_with("$ ");
    if (command && !fs::exists(NABLA_BINARY)) continue;
    if (row.code == "L190" && test::sanitized) continue;
    EXPECT_EQ(codes_of(row.example), std::set<std::string>{std::string(row.code)}) << row.example;
    if (row.code[0] == 'S' && row.code != "S700") {
      const auto strict = parse(g, row.example, {.variables = {}, .columns = {}, .strict = true});
      ASSERT_FALSE(strict) << row.example;
      EXPECT_EQ(strict.error().code, row.code);
    }
  }
}

TEST_F(Documents, ListEveryCodeThatIsUsedInTheSources) {
  const std::regex code("\"([PNLDECFGSI][0-9]{3})\"");
  std::set<std::string> used;
  for (const char* folder : {"lib", "parser", "simplify", "cli"}) {
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
    EXPECT_NE(page.find("### " + std::string(row.code) + " " + std::string(row.title) + "\n\n" +
                        std::string(row.explanation) + "\n"),
              std::string::npos)
        << row.code << " " << row.title << ": " << row.explanation;
    if (!row.example.empty()) {
      EXPECT_NE(page.find("\n    " + std::string(row.example) + "\n"), std::string::npos)
          << row.example;
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

TEST_F(Documents, SayWhatTheDerivativeIsWhereAFunctionSwitches) {
  const std::string page = file(fs::path(NABLA_SOURCE_DIR) / "docs/kinks.md");
  int listed = 0;
  for (const FunctionRow& row : functions) {
    if (row.kink == Kink::none) continue;
    EXPECT_NE(page.find("`" + std::string(row.name) + "(u"), std::string::npos) << row.name;
    ++listed;
  }
  EXPECT_GE(listed, 10);
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
