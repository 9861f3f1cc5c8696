// Derivatives, forbidden rewrites and checked rules at 1000 points each in MPFR. Skipped where the
// corpus is not beside this tree.

#include <gtest/gtest.h>

#include "simplify/metric.hpp"
#include "simplify/normal_form.hpp"
#include "simplify/simplify.hpp"
#include "tests/simplify/corpus.hpp"
#include "tests/simplify/soundness.hpp"

namespace nabla {
namespace {

using test::Case;
using test::check_form;
using test::read;
using test::read_case;

TEST(SimplifyCorpus, FormsHaveTheValueOfTheDerivativeWhereverItHasOne) {
  CORPUS_OR_SKIP(lines, "simplify_public.txt", ';');
  for (const int level : {1, 2, 3}) {
    for (const auto& fields : lines) {
      Graph g;
      const Case c = read_case(g, fields);
      const auto sound = check_form(c.f, c.raw, simplify(c.raw, {.level = level}), 1000);
      EXPECT_TRUE(sound.fine()) << sound.example;
      EXPECT_GT(sound.tested, 50) << fields[0];
    }
  }
}

TEST(SimplifyCorpus, TrapsKeepTheirValues) {
  CORPUS_OR_SKIP(lines, "simplify_traps.txt", ';');
  ASSERT_EQ(lines.size(), 33u);
  for (const int level : {1, 2, 3}) {
    for (const auto& fields : lines) {
      Graph g;
      const Expr e = read(g, fields[0]), form = simplify(e, {.level = level});
      EXPECT_NE(form, canonical(read(g, fields[1]))) << fields[0];
      const auto sound = check_form(e, e, form, 1000);
      EXPECT_TRUE(sound.fine()) << sound.example;
      EXPECT_GT(sound.tested, 50) << fields[0];
    }
  }
}

TEST(SimplifyCorpus, BothSidesOfCheckedRulesKeepTheirValues) {
  CORPUS_OR_SKIP(lines, "simplify_rules_checked.txt", '|');
  ASSERT_EQ(lines.size(), 157u);
  for (const auto& fields : lines) {
    const std::string& rule = fields[2];
    const std::size_t arrow = rule.find("->");
    ASSERT_NE(arrow, rule.npos);
    for (const std::string& side : {rule.substr(0, arrow), rule.substr(arrow + 2)}) {
      Graph g;
      const Expr e = read(g, side);
      const auto sound = check_form(e, e, simplify(e, {.level = 3}), 1000);
      EXPECT_TRUE(sound.fine()) << fields[1] << ": " << sound.example;
    }
    if (fields[0] != "U") continue;
    Graph g;
    EXPECT_NE(simplify(read(g, rule.substr(0, arrow)), {.level = 3}),
              canonical(read(g, rule.substr(arrow + 2))))
        << rule;
  }
}

// Third and fourth derivatives of what the corpus differentiates.
TEST(SimplifyCorpus, HigherDerivativesNeverExceedTheirSharedSize) {
  CORPUS_OR_SKIP(lines, "simplify_public.txt", ';');
  std::size_t before = 0, after = 0;
  for (const auto& fields : lines) {
    for (const unsigned order : {3u, 4u}) {
      Graph g;
      const Expr raw = *derivative(read(g, fields[0]), symbol(g, fields[1]), order);
      const Expr form = simplify(raw);
      EXPECT_LE(shared_operations(form), shared_operations(raw)) << fields[0] << " " << order;
      EXPECT_LE(tree_operations(form), tree_operations(raw)) << fields[0] << " " << order;
      before += shared_operations(raw);
      after += shared_operations(form);
    }
  }
  EXPECT_LT(2 * after, before);
  RecordProperty("before", static_cast<int>(before));
  RecordProperty("after", static_cast<int>(after));
}

}  // namespace
}  // namespace nabla
