// Generated code for the inputs that break other generators: compiled, run, and compared with the
// value expected. Skipped where the corpus is not.

#include <gtest/gtest.h>

#include <clocale>

#include "lib/core/graph.hpp"
#include "lib/eval/function.hpp"
#include "parser/parse.hpp"
#include "tests/emit/run_source.hpp"
#include "tests/support/nasty.hpp"

namespace nabla::test {
namespace {

struct Case {
  std::string target, what, options;
  std::vector<std::pair<std::string, double>> at;
};

Case case_of(const std::string& text) {
  const auto parts = parts_of(text);
  Case c{.target = parts[0], .what = expanded(unescaped(parts[1])), .options = "", .at = {}};
  for (const std::string& binding : parts.size() > 2 ? split(parts[2], ',') : Row{}) {
    const auto sides = split(binding, '=');
    c.at.emplace_back(sides[0], number(sides[1]));
  }
  if (parts.size() > 3) c.options = parts[3];
  return c;
}

TEST(Nasty, NamesThatAreNoIdentifiersNeverReachAGenerator) {
  for (const Row& row : nasty("codegen")) {
    const Case c = case_of(row[1]);
    if (row[2] != "error:name") continue;
    const std::string name = c.what.substr(8, c.what.size() - 9);  // symbol "..."
    Graph g;
    EXPECT_THROW(symbol(g, name), NameError) << name;
    EXPECT_THROW(column(g, name), NameError) << name;
  }
}

TEST(Nasty, GeneratedCodeRuns) {
  const auto rows = nasty("codegen");
  if (rows.empty()) GTEST_SKIP() << "no nasty_public.txt beside this tree";
  for (const Row& row : rows) {
    if (row[2] == "error:name") continue;
    const Case c = case_of(row[1]);
    SCOPED_TRACE(row[1].substr(0, 80));
    Graph g;
    ReadOptions options;
    std::vector<Expr> inputs;
    std::vector<double> at;
    for (const auto& [name, value] : c.at) {
      options.variables.push_back(name);
      inputs.push_back(symbol(g, name));
      at.push_back(value);
    }
    g.limits.nesting = 10'000;
    const auto read = parse(g, c.what, options);
    ASSERT_TRUE(read) << read.error().message;
    const bool german = c.options.starts_with("locale=");
    if (german) std::setlocale(LC_ALL, c.options.substr(7).c_str());
    SourceRequest request{.language = c.target == "clang" ? "c" : std::string_view(c.target),
                          .inputs = inputs,
                          .function = read->value.scalar()};
    const auto text = generate(request);
    if (german) std::setlocale(LC_ALL, "C");
    ASSERT_TRUE(text) << text.error().message;
    if (german) {
      EXPECT_NE(text->find("1.5"), std::string::npos) << *text;
    }
    if (c.target == "clang" && !runs({"clang", "--version"})) continue;
    const Answer answer = c.target == "clang" ? run_source_in_c(request, *text, at, {}, "clang")
                                              : run_source(request, at);
    if (!answer.available) continue;
    ASSERT_EQ(answer.values.size(), 1u) << answer.messages;
    if (row[2].starts_with("run:")) {
      EXPECT_LE(relative_error(answer.values[0], number(split(row[2].substr(4), ' ')[0])), 1e-12)
          << answer.messages;
    } else {
      const auto f = Function::compile(inputs, std::span(&request.function, 1));
      ASSERT_TRUE(f);
      double expected = 0;
      (*f)(at, std::span(&expected, 1));
      EXPECT_EQ(answer.values[0], expected);
    }
  }
}

}  // namespace
}  // namespace nabla::test
