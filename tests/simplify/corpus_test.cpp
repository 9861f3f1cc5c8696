// Derivatives with known shortest forms, and forbidden rewrites. Skipped where the
// corpus is not beside this tree.

#include <gtest/gtest.h>

#include "lib/calculus/derivative.hpp"
#include "parser/parse.hpp"
#include "simplify/metric.hpp"
#include "simplify/normal_form.hpp"
#include "simplify/simplify.hpp"
#include "tests/simplify/soundness.hpp"

namespace nabla {
namespace {

using test::check_form;
using test::shared_lines;

const std::vector<std::string> names{"a", "b", "c", "d", "x", "y", "z"};

Expr read(Graph& g, const std::string& text) {
  const auto found = parse(g, text, {.variables = names, .columns = {}});
  EXPECT_TRUE(found) << text << ": " << found.error().message;
  return found ? found->value.entries.front() : number(g, 0);
}

struct Case {
  Expr f, raw;
  std::size_t best;
};

Case read_case(Graph& g, const std::vector<std::string>& fields) {
  const Expr f = read(g, fields[0]);
  const auto order = static_cast<unsigned>(std::stoul(fields[2]));
  return {f, *derivative(f, symbol(g, fields[1]), order), std::stoul(fields[3])};
}

#define CORPUS_OR_SKIP(lines, file, separator)      \
  const auto lines = shared_lines(file, separator); \
  if (lines.empty()) GTEST_SKIP() << file << " is not there"

TEST(SimplifyCorpus, FormsAreWithinTwoPercentOfTheBestKnown) {
  CORPUS_OR_SKIP(lines, "simplify_public.txt", ';');
  ASSERT_EQ(lines.size(), 40u);
  for (const int level : {2, 3}) {
    std::size_t total = 0, best = 0;
    for (const auto& fields : lines) {
      Graph g;
      const Case c = read_case(g, fields);
      const Expr form = simplify(c.raw, {.level = level});
      total += tree_operations(form);
      best += c.best;
      EXPECT_LE(tree_operations(form), c.best + 1) << print(form);
      EXPECT_LE(tree_operations(form), tree_operations(canonical(c.raw)));
      EXPECT_LE(shared_operations(form), shared_operations(canonical(c.raw)));
    }
    EXPECT_LE(100 * total, 102 * best) << "level " << level;
  }
}

TEST(SimplifyCorpus, SimplifyingTwiceChangesNothing) {
  CORPUS_OR_SKIP(lines, "simplify_public.txt", ';');
  for (const int level : {1, 2, 3}) {
    for (const auto& fields : lines) {
      Graph g;
      const Expr once = simplify(read_case(g, fields).raw, {.level = level});
      EXPECT_EQ(simplify(once, {.level = level}), once)
          << print(once) << " and then " << print(simplify(once, {.level = level}));
    }
  }
}

TEST(SimplifyCorpus, NoTrapIsTaken) {
  CORPUS_OR_SKIP(lines, "simplify_traps.txt", ';');
  ASSERT_EQ(lines.size(), 33u);
  for (const int level : {1, 2, 3}) {
    for (const auto& fields : lines) {
      Graph g;
      const Expr e = read(g, fields[0]), form = simplify(e, {.level = level});
      EXPECT_NE(form, canonical(read(g, fields[1]))) << fields[0];
      const auto sound = check_form(e, e, form, 60);
      EXPECT_TRUE(sound.fine()) << sound.example;
      EXPECT_GT(sound.tested, 2) << fields[0];
    }
  }
}

}  // namespace
}  // namespace nabla
