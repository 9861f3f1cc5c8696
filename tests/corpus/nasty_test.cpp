// The list of inputs that break other systems: syntax errors with their place, values, derivatives,
// limits, generated code and the behaviour of the program. Skipped where the corpus is not.

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <map>
#include <set>

#include "lib/calculus/derivative.hpp"
#include "lib/core/graph.hpp"
#include "parser/parse.hpp"
#include "tests/support/nasty.hpp"
#include "tests/support/process.hpp"
#include "tests/support/replies.hpp"

namespace nabla::test {
namespace {

using nlohmann::json;

#define CASES_OR_SKIP(rows, kind) \
  const auto rows = nasty(kind);  \
  if (rows.empty()) GTEST_SKIP() << "no nasty_public.txt beside this tree"

// Which of our codes stand for a class of the list.
bool is_of_class(const std::string& code, const std::string& name) {
  static const std::map<std::string, std::set<std::string>> codes = {
      {"syntax", {"P001", "P002", "P003", "P004", "P007", "P013"}},
      {"number", {"P006"}},
      {"char", {"P005"}},
      {"unknown-function", {"N102"}},
      {"arity", {"N103"}}};
  return codes.at(name).contains(code);
}

bool value_agrees(double value, std::string known) {
  if (known.starts_with("exact:")) return value == number(known.substr(6));
  const double right = known == "nan"    ? std::nan("")
                       : known == "inf"  ? INFINITY
                       : known == "-inf" ? -INFINITY
                                         : number(known);
  if (std::isnan(right)) return std::isnan(value);
  if (std::isinf(right)) return value == right;
  return relative_error(value, right) <= 1e-12;
}

TEST(Nasty, SyntaxErrorsHaveTheirClassAndPlace) {
  CASES_OR_SKIP(rows, "parse-error");
  const auto replies = ask(rows, [](const Row& row) {
    return json{{"op", "parse"}, {"expr", unescaped(row[1])}};
  });
  for (std::size_t i = 0; i < rows.size(); ++i) {
    ASSERT_FALSE(replies[i].value("ok", true)) << rows[i][1];
    const json& error = replies[i]["error"];
    bool right = false;
    for (std::size_t begin = 0; begin < rows[i][2].size();) {
      const std::size_t end = std::min(rows[i][2].find(" | ", begin), rows[i][2].size());
      const auto wanted = split(rows[i][2].substr(begin, end - begin), '@');
      right = right ||
              (is_of_class(error["code"], wanted[0]) && error["span"][0] == std::stoi(wanted[1]));
      begin = end + 3;
    }
    EXPECT_TRUE(right) << rows[i][1] << "\nwanted " << rows[i][2] << "\ngot    " << error;
  }
}

TEST(Nasty, ValuesAreRight) {
  CASES_OR_SKIP(rows, "value");
  const auto replies = ask(rows, [](const Row& row) {
    auto parts = parts_of(unescaped(row[1]));
    const bool simplify = parts[0].starts_with("simplify: ");
    if (simplify) parts[0].erase(0, 10);
    return json{{"op", simplify ? "simplify" : "eval"},
                {"expr", parts[0]},
                {"at", {point(parts.size() > 1 ? parts[1] : "-")}}};
  });
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i][2].find(" | error:number") != std::string::npos && !replies[i]["ok"]) continue;
    ASSERT_TRUE(replies[i].value("ok", false)) << rows[i][1] << "\n" << replies[i];
    EXPECT_TRUE(value_agrees(value_of(replies[i]["values"][0]), rows[i][2]))
        << rows[i][1] << " is " << rows[i][2] << "\n"
        << replies[i];
  }
}

TEST(Nasty, DerivativesAreRight) {
  CASES_OR_SKIP(rows, "derivative");
  const auto replies = ask(rows, [](const Row& row) {
    const auto parts = parts_of(row[1]);
    const auto by = split(parts[1], '^');
    return json{{"op", "diff"},
                {"expr", parts[0]},
                {"wrt", {by[0]}},
                {"order", by.size() > 1 ? std::stoi(by[1]) : 1},
                {"at", {point(parts.size() > 2 ? parts[2] : "-")}}};
  });
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i][2] == "error:reserved") {
      EXPECT_EQ(replies[i]["error"]["code"], "N108") << rows[i][1];
      continue;
    }
    ASSERT_TRUE(replies[i].value("ok", false)) << rows[i][1] << "\n" << replies[i];
    EXPECT_TRUE(value_agrees(value_of(replies[i]["values"][0]), rows[i][2]))
        << rows[i][1] << " is " << rows[i][2] << "\n"
        << replies[i];
  }
}

double milliseconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin)
      .count();
}

// "let a0=x; a#=sin(a#-1)*a#-1+1 for #=1..60; diff a60": # is the number of the step.
std::string written_out(const std::string& chain) {
  std::string text = chain.substr(0, chain.find("; ")) + "; ";
  const std::size_t begin = chain.find("a#=");
  const std::string step = chain.substr(begin, chain.find(" for ") - begin);
  const int last = std::stoi(chain.substr(chain.find("..") + 2));
  for (int i = 1; i <= last; ++i) {
    std::string line = step;
    for (const auto& [sign, number] : {std::pair{"#-1", i - 1}, std::pair{"#", i}}) {
      for (std::size_t at; (at = line.find(sign)) != line.npos;) {
        line.replace(at, std::string_view(sign).size(), std::to_string(number));
      }
    }
    text += line + "; ";
  }
  return text + "a" + std::to_string(last);
}

TEST(Nasty, AChainOfDefinitionsStaysSharedInItsDerivative) {
  CASES_OR_SKIP(rows, "limit");
  for (const Row& row : rows) {
    if (!row[1].starts_with("let ")) continue;
    const auto begin = std::chrono::steady_clock::now();
    Graph g;
    const auto read = parse(g, written_out(row[1].substr(4)));
    ASSERT_TRUE(read) << read.error().message;
    const auto slope = derivative(read->value.scalar(), symbol(g, parts_of(row[1])[1]));
    ASSERT_TRUE(slope) << slope.error().message;
    const std::size_t most = std::stoul(row[2].substr(row[2].find("<=") + 2));
    EXPECT_LE(g.below(slope->id).size(), most);
    std::printf("%.1f ms, %zu nodes: %s\n", milliseconds_since(begin), g.below(slope->id).size(),
                row[1].c_str());
  }
}

TEST(Nasty, LimitsGiveAnAnswerOrALimitError) {
  CASES_OR_SKIP(rows, "limit");
  for (const Row& row : rows) {
    const std::size_t space = row[1].find(' ');
    const std::string verb = row[1].substr(0, space);
    if (verb == "let") continue;
    const auto parts = parts_of(expanded(row[1].substr(space + 1)));
    const auto begin = std::chrono::steady_clock::now();
    const json reply =
        ask(json{{"op", verb == "diff+print" ? "diff" : verb},
                 {"expr", parts[0]},
                 {"at", {point(verb == "eval" && parts.size() > 1 ? parts[1] : "-")}}});
    const std::string input = row[1].substr(0, 60);
    std::printf("%.1f ms with the start of the program (%s): %s\n", milliseconds_since(begin),
                row[2].c_str(), input.c_str());
    const std::string answer = row[2].substr(0, row[2].find(" ; "));
    if (!reply["ok"]) {
      EXPECT_NE(answer.find("error:limit"), std::string::npos) << input << "\n" << reply;
      EXPECT_EQ(reply["error"]["code"].get<std::string>().front(), 'L') << input << "\n" << reply;
      continue;
    }
    EXPECT_FALSE(answer.starts_with("error:")) << input << "\n" << reply;
    if (answer.starts_with("unevaluated")) {
      EXPECT_EQ(reply["result"], parts[0]);
    }
    if (const double known =
            answer == "inf" ? INFINITY : number(answer.substr(0, answer.find(' ')));
        !std::isnan(known)) {
      EXPECT_EQ(value_of(reply["values"][0]), known) << input;
    }
  }
}

TEST(Nasty, TheProgramBehaves) {
  CASES_OR_SKIP(rows, "cli");
  for (const Row& row : rows) {
    const auto begin = std::chrono::steady_clock::now();
    const Ran ran = shell(row[1]);
    std::printf("%.1f ms: %s\n", milliseconds_since(begin), row[1].c_str());
    const auto wants = [&](std::string_view words) {
      return row[2].find(words) != std::string::npos;
    };
    const std::string seen = row[1] + "\nstdout " + ran.out + "\nstderr " + ran.err;
    EXPECT_TRUE(!wants("exit=0") || ran.code == 0) << seen;
    EXPECT_TRUE(!wants("exit=3") || ran.code == 3) << seen;
    EXPECT_TRUE(!wants("exit!=0") || ran.code != 0) << seen;
    EXPECT_TRUE(!wants("stdout empty") || ran.out.empty()) << seen;
    EXPECT_TRUE(!wants("stderr nonempty") || !ran.err.empty()) << seen;
    EXPECT_TRUE(!wants("stdout=-4") || ran.out == "-4\n") << seen;
    EXPECT_TRUE(!wants("stdout=2") || ran.out == "2\n") << seen;
    EXPECT_TRUE(!wants("last stdout line=42") || ran.out.ends_with("\n42\n")) << seen;
    EXPECT_TRUE(!wants("; a=2") || ran.out.starts_with("a=2 ")) << seen;
    EXPECT_TRUE(!wants("stderr names line 2") || (ran.err.find("line 2") != ran.err.npos &&
                                                  ran.err.find("--decimal") != ran.err.npos))
        << seen;
    EXPECT_TRUE(!wants("stderr has code syntax") ||
                (is_of_class(ran.err.substr(ran.err.find('[') + 1, 4), "syntax") &&
                 ran.err.find("\n  1+*2\n    ^") != ran.err.npos))
        << seen;
    EXPECT_TRUE(!wants("at most one warning") || lines_of(ran.err).size() <= 1) << seen;
    EXPECT_TRUE(!wants("no raw ESC") || ran.err.find('\x1b') == ran.err.npos) << seen;
  }
}

}  // namespace
}  // namespace nabla::test
