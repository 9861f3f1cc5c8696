#pragma once

// Reading the files of derivatives with known shortest forms, of forbidden rewrites and of checked
// rules, which lie beside this tree; tests skip where they do not.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "lib/calculus/derivative.hpp"
#include "parser/parse.hpp"

namespace nabla::test {

// Lines of a file, split at `separator` and trimmed; empty when it is not there.
inline std::vector<std::vector<std::string>> shared_lines(const std::string& file, char separator) {
  std::vector<std::vector<std::string>> lines;
  std::ifstream in(std::filesystem::path(NABLA_SHARED_DIR) / "corpus" / file);
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::vector<std::string> fields(1);
    for (const char c : line) {
      if (c == separator) {
        fields.emplace_back();
      } else {
        fields.back() += c;
      }
    }
    for (std::string& f : fields) {
      while (!f.empty() && f.back() == ' ') f.pop_back();
      while (!f.empty() && f.front() == ' ') f.erase(f.begin());
    }
    lines.push_back(std::move(fields));
  }
  return lines;
}

inline Expr read(Graph& g, const std::string& text) {
  const std::vector<std::string> names{"a", "b", "c", "d", "x", "y", "z"};
  const auto found = parse(g, text, {.variables = names, .columns = {}});
  EXPECT_TRUE(found) << text << ": " << found.error().message;
  return found ? found->value.entries.front() : number(g, 0);
}

// A function, its derivative as the rules of calculus leave it, and the operations of the best form
// anybody knows.
struct Case {
  Expr f, raw;
  std::size_t best;
};

inline Case read_case(Graph& g, const std::vector<std::string>& fields) {
  const Expr f = read(g, fields[0]);
  const auto order = static_cast<unsigned>(std::stoul(fields[2]));
  return {f, *derivative(f, symbol(g, fields[1]), order), std::stoul(fields[3])};
}

}  // namespace nabla::test

#define CORPUS_OR_SKIP(lines, file, separator)                     \
  const auto lines = ::nabla::test::shared_lines(file, separator); \
  if (lines.empty()) GTEST_SKIP() << file << " is not there"
