#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <tao/pegtl/contrib/coverage.hpp>

#include "lib/core/constants.hpp"
#include "lib/core/diagnostic_codes.hpp"
#include "lib/core/functions.hpp"
#include "parser/grammar.hpp"
#include "parser/parse.hpp"
#include "parser/token.hpp"
#include "parser/verbs.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/fuzz/text_generator.hpp"

namespace nabla::test {
namespace {

namespace fs = std::filesystem;

// --- what was found stays found

TEST(Fuzz, SeedsAndFoundCasesAreAnswered) {
  for (const FuzzTarget& target : fuzz_targets()) {
    int files = 0;
    for (const char* kind : {"seeds", "found"}) {
      const fs::path folder = fs::path(NABLA_SOURCE_DIR) / "tests/fuzz" / kind / target.name;
      if (!fs::exists(folder)) continue;
      for (const auto& entry : fs::directory_iterator(folder)) {
        std::ifstream file(entry.path(), std::ios::binary);
        const std::string input{std::istreambuf_iterator<char>(file), {}};
        EXPECT_EQ(target.check(input), "") << entry.path();
        ++files;
      }
    }
    EXPECT_GT(files, 0) << target.name;
  }
}

TEST(Fuzz, InputsLikeTheGrammarAreAnswered) {
  for (const FuzzTarget& target : fuzz_targets()) {
    Dice dice(7);
    std::string input;
    for (int i = 0; i < 3000; ++i) {
      input = target.like(input.size() > 200 ? std::string() : input, dice);
      ASSERT_EQ(target.check(input), "") << target.name << ": " << input;
    }
  }
}

// --- what the generator reaches

struct Share {
  std::size_t hit = 0, all = 0;
  std::string missed = {};
  void count(bool is_hit, std::string_view what) {
    ++all;
    hit += is_hit;
    if (!is_hit) missed += " " + std::string(what);
  }
  double percent() const { return 100.0 * static_cast<double>(hit) / static_cast<double>(all); }
};

std::ostream& operator<<(std::ostream& out, const Share& s) {
  return out << s.hit << " of " << s.all << (s.missed.empty() ? "" : ", not" + s.missed);
}

// Spellings that texts the parser accepted were written with, and the kinds of their tokens.
struct Accepted {
  std::set<std::string, std::less<>> words;
  std::set<TokenKind> kinds;
  std::set<std::uint32_t> commands, operators_seen;
  std::set<std::string> codes;
  std::size_t texts = 0, accepted = 0;
};

TEST(Fuzz, GeneratedTextsUseTheWholeGrammar) {
  namespace p = tao::pegtl;
  p::coverage_result rules;
  Accepted seen;
  Dice dice(11);
  std::string text;
  for (int i = 0; i < 40'000; ++i) {
    // texts of the generator, and now and then changed ones
    text = i % 3 == 0 ? text_like(text, dice) : TextGenerator(dice).statement();
    if (text.size() > 300) text.clear();
    if (i % 8 == 0) {
      p::memory_input<p::tracking_mode::lazy, p::eol::lf, const char*> in(
          text.data(), text.data() + text.size(), "");
      p::coverage<grammar::text>(in, rules);
    }
    ++seen.texts;
    Graph g(small_limits());
    Scope scope;
    const auto read = parse_statements(g, scope, text);
    if (!read) {
      seen.codes.insert(read.error().code);
      continue;
    }
    ++seen.accepted;
    for (const Statement& statement : *read) {
      for (const Diagnostic& note : statement.notes) seen.codes.insert(note.code);
    }
    const Tokens tokens = tokenize(text);
    for (const Token& t : tokens.list) {
      seen.kinds.insert(t.kind);
      if (t.kind == TokenKind::name) seen.words.emplace(tokens.names[t.data]);
      if (t.kind == TokenKind::command) seen.commands.insert(t.data);
      if (t.kind == TokenKind::symbol) seen.operators_seen.insert(t.data);
    }
  }

  Share alternatives, kinds, functions_hit, verbs_hit, constants_hit, operators_hit, codes;
  for (const auto& [rule, entry] : rules) {
    for (const auto& [branch, info] : entry.branches)
      alternatives.count(info.success > 0, std::string(rule) + "/" + std::string(branch));
  }
  for (std::size_t k = 0; k <= static_cast<std::size_t>(TokenKind::illegal); ++k) {
    const TokenKind kind = static_cast<TokenKind>(k);
    if (kind == TokenKind::bad_number || kind == TokenKind::illegal) continue;  // never accepted
    kinds.count(seen.kinds.contains(kind), std::to_string(k));
  }
  for (std::uint32_t c = 0; c <= static_cast<std::uint32_t>(Command::limit); ++c)
    kinds.count(seen.commands.contains(c), "command " + std::to_string(c));
  for (const FunctionRow& row : functions)
    functions_hit.count(seen.words.contains(row.name), row.name);
  for (const VerbRow& row : verbs) verbs_hit.count(seen.words.contains(row.name), row.name);
  for (const Constant& row : constants)
    constants_hit.count(seen.words.contains(row.name), row.name);
  for (std::uint32_t i = 0; i < operators.size(); ++i)
    operators_hit.count(seen.operators_seen.contains(i), operators[i].spelling);
  for (const DiagnosticCode& row : diagnostic_codes) {
    if (row.code[0] == 'P' || row.code[0] == 'N' || row.code[0] == 'S')
      codes.count(seen.codes.contains(std::string(row.code)), row.code);
  }
  std::cout << "accepted     " << seen.accepted << " of " << seen.texts << "\nalternatives "
            << alternatives << "\ntoken kinds  " << kinds << "\nfunctions    " << functions_hit
            << "\nverbs        " << verbs_hit << "\nconstants    " << constants_hit
            << "\noperators    " << operators_hit << "\ncodes        " << codes << "\n";
  EXPECT_GE(alternatives.percent(), 95);
  EXPECT_EQ(kinds.missed, "");
  EXPECT_EQ(functions_hit.missed, "");
  EXPECT_EQ(verbs_hit.missed, "");
  EXPECT_EQ(constants_hit.missed, "");
  EXPECT_EQ(operators_hit.missed, "");
  EXPECT_GE(codes.percent(), 80);
  EXPECT_GT(seen.accepted * 3, seen.texts);
}

}  // namespace
}  // namespace nabla::test
