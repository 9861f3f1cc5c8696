// One text, the same notes everywhere: from the library, at the prompt, on stderr, as JSON and in a
// batch reply; and the same error.

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>

#include "cli/session.hpp"
#include "parser/parse.hpp"
#include "tests/support/process.hpp"
#include "tests/support/replies.hpp"

namespace nabla {
namespace {

using nlohmann::json;

const std::vector<std::string> texts = {
    "2x + 1",   "1/2x",       "x + y + xy",   "price + 1",  "sin x/2",          "x(x+1)",
    "sin^-1 x", "e^2x",       "2x + 1/3y",    "x + 1 = 2",  "d/dx (x+1)*x",     "0x10 + x",
    "cos2x",    "sum(x_i)/n", "diff(a*b, c)", "e = 3; e*x", "f(x)=x^2; f_x(3)", "1e400 + x",
    "sum(a*b)"};

json as_json(const Diagnostic& d) {
  return {{"code", d.code},
          {"message", d.message},
          {"span", {d.span.begin, d.span.end}},
          {"hint", d.hint},
          {"reading", d.reading},
          {"alternative", d.alternative},
          {"fix", d.fix ? json{{"span", {d.fix->span.begin, d.fix->span.end}},
                               {"text", d.fix->replacement}}
                        : json(nullptr)}};
}

json same_fields(const json& note) {
  json picked;
  for (const char* field : {"code", "message", "span", "hint", "reading", "alternative", "fix"})
    picked[field] = note.value(field, json(nullptr));
  return picked;
}

struct Everywhere : testing::TestWithParam<std::string> {
  std::vector<Diagnostic> library() {
    Graph graph;
    Scope scope;
    std::vector<Diagnostic> notes;
    const auto read = parse_statements(graph, scope, GetParam());
    EXPECT_TRUE(read);
    for (const Statement& s : *read) notes.insert(notes.end(), s.notes.begin(), s.notes.end());
    return notes;
  }
};

TEST_P(Everywhere, TheNotesAreTheSame) {
  const auto notes = library();
  ASSERT_FALSE(notes.empty());
  json wanted = json::array();
  for (const Diagnostic& d : notes) wanted.push_back(as_json(d));

  const json reply = test::ask(json{{"op", "simplify"}, {"expr", GetParam()}});
  json batch = json::array();
  for (const json& note : reply["notes"]) batch.push_back(same_fields(note));
  EXPECT_EQ(batch, wanted);

  const test::Ran ran = test::shell("nabla simplify --json '" + GetParam() + "'");
  json single = json::array();
  const json printed = json::parse(ran.out);
  for (const json& note : printed["notes"]) {
    single.push_back(same_fields(note));
    EXPECT_EQ(note["severity"], "note");
    EXPECT_EQ(note["line"], 1);
    EXPECT_GE(note["column"], 1);
  }
  EXPECT_EQ(single, wanted);

  Output nowhere{-1};
  const Console console{.out = nowhere, .err = nowhere};
  Session session(console, true);
  EXPECT_EQ(session.enter(GetParam()).notes, notes);

  // stderr has each kind of note, and says how it was read
  const std::string err = test::shell("nabla simplify '" + GetParam() + "'").err;
  for (const Diagnostic& d : notes) {
    EXPECT_NE(err.find("note[" + d.code + "]"), std::string::npos) << err;
    if (d.code == "S710") {
      EXPECT_NE(err.find(d.reading), std::string::npos) << err;
    }
  }
}

TEST_P(Everywhere, StrictMakesAnErrorOfThem) {
  const std::string first = library().front().code;
  const test::Ran ran = test::shell("nabla simplify --strict '" + GetParam() + "'");
  EXPECT_EQ(ran.code, 3);
  EXPECT_NE(ran.err.find("error[S"), std::string::npos) << ran.err;
  const json reply = test::ask(json{{"op", "simplify"}, {"expr", GetParam()}, {"strict", true}});
  EXPECT_FALSE(reply["ok"]);
  EXPECT_EQ(reply["error"]["severity"], "error");
  EXPECT_EQ(reply["error"]["code"].get<std::string>()[0], 'S');
  const test::Ran script = test::shell("nabla --strict", GetParam() + "\n");
  EXPECT_EQ(script.code, 3);
}

INSTANTIATE_TEST_SUITE_P(All, Everywhere, testing::ValuesIn(texts));

TEST(Errors, HaveAllTheirFieldsInJson) {
  const json reply = test::ask(json{{"op", "parse"}, {"expr", "a = 2\n(1 + [2, 3)"}});
  EXPECT_EQ(reply["error"], (json{{"code", "P010"},
                                  {"severity", "error"},
                                  {"message", "'[' is closed by ')'"},
                                  {"span", {16, 17}},
                                  {"line", 2},
                                  {"column", 11},
                                  {"hint", "close it by ']'"},
                                  {"labels", {{{"span", {11, 12}}, {"text", "opened here"}}}},
                                  {"fix", {{"span", {16, 17}}, {"text", "]"}}}}));
}

TEST(Errors, OfSeveralTextsSayInWhichTheyAre) {
  const json reply = test::ask(json{{"op", "jacobian"}, {"exprs", {"x*y", "sin(x"}}});
  EXPECT_EQ(reply["error"]["expr"], 1);
  EXPECT_EQ(reply["error"]["span"], (json{5, 5}));
  const json fine = test::ask(json{{"op", "jacobian"}, {"exprs", {"x*y", "2x"}}});
  EXPECT_EQ(fine["notes"][0]["expr"], 1);
}

TEST(Errors, AreCutToTheWidthOfTheTerminal) {
  std::string text = "x";
  for (int i = 0; i < 100; ++i) text += i == 50 ? "+*" : "+y";
  const test::Ran ran = test::shell("COLUMNS=40 nabla eval '" + text + "'");
  EXPECT_EQ(ran.code, 3);
  for (const std::string& line : test::lines_of(ran.err)) EXPECT_LE(line.size(), 47u) << line;
  EXPECT_LE(test::lines_of(ran.err)[1].size(), 40u);
}

TEST(Errors, AreColouredOnlyWhereItIsAsked) {
  EXPECT_EQ(test::shell("nabla eval '1+'").err.find('\x1b'), std::string::npos);
  EXPECT_NE(test::shell("nabla eval '1+' --color always").err.find('\x1b'), std::string::npos);
  EXPECT_EQ(test::shell("nabla eval '1+' --color never").err.find('\x1b'), std::string::npos);
  EXPECT_EQ(test::shell("NO_COLOR=1 nabla eval '1+' --color auto").err.find('\x1b'),
            std::string::npos);
}

}  // namespace
}  // namespace nabla
