// Derivatives with known shortest forms, and forbidden rewrites. Skipped where the
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

// Forms that no other system reaches by any of its strategies, all at level 3.
TEST(SimplifyCorpus, FiveFormsAreShorterThanAnybodyElses) {
  CORPUS_OR_SKIP(lines, "simplify_public.txt", ';');
  for (const int item : {8, 31, 34, 38, 40}) {
    Graph g;
    const Case c = read_case(g, lines[static_cast<std::size_t>(item) - 1]);
    const Expr form = simplify(c.raw, {.level = 3});
    EXPECT_EQ(tree_operations(form), c.best) << "P" << item << ": " << print(form);
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
