// Equal expressions end in the same form, however they were written.

#include <gtest/gtest.h>

#include <iostream>

#include "simplify/normal_form.hpp"
#include "simplify/simplify.hpp"
#include "tests/simplify/corpus.hpp"
#include "tests/simplify/rewritings.hpp"
#include "tests/simplify/soundness.hpp"
#include "tests/support/central_difference.hpp"

namespace nabla {
namespace {

// Twenty rewritings of each derivative, of one to four steps. NABLA_RANDOM_CASES sets their number.
TEST(Confluence, RewrittenDerivativesEndInTheSameForm) {
  CORPUS_OR_SKIP(lines, "simplify_public.txt", ';');
  const int variants = test::random_cases(20);
  for (const int level : {2, 3}) {
    int same = 0, all = 0, different = 0;
    std::string others;
    for (std::size_t item = 0; item < lines.size(); ++item) {
      for (int i = 0; i < variants; ++i) {
        Graph g;
        const test::Case c = test::read_case(g, lines[item]);
        const std::string expected = print(simplify(c.raw, {.level = level}));
        test::Rewritings random(g, 1000 * item + static_cast<std::uint64_t>(i));
        NodeId id = c.raw.id;
        // Until the canonical form no longer undoes it.
        const auto undone = [&] { return canonical(g.expr(id)) == canonical(c.raw); };
        for (int step = 0; step <= i % 4 || (step < 12 && undone()); ++step) id = random.next(id);
        const Expr variant = g.expr(id);
        different += canonical(variant) != canonical(c.raw);
        const auto sound = test::check_form(c.raw, c.raw, variant, 30);
        ASSERT_TRUE(sound.fine()) << sound.example;
        const std::string found = print(simplify(variant, {.level = level}));
        ++all;
        same += found == expected;
        if (found == expected) continue;
        others += "P" + std::to_string(item + 1) + ": " + print(variant) + "\n    gives " + found +
                  "\n    not " + expected + "\n";
      }
    }
    EXPECT_GE(100 * same, 99 * all) << "level " << level << "\n" << others;
    EXPECT_GE(4 * different, 3 * all);  // the canonical form alone does not do it
    std::cout << "level " << level << ": " << same << " of " << all << " the same, " << different
              << " of them not by the canonical form\n";
  }
}

}  // namespace
}  // namespace nabla
