// Every built-in rule, from left to right, in MPFR: equal wherever the left side has a value and
// the conditions hold. 10^5 points a rule (NABLA_RANDOM_CASES says otherwise).

#include <gtest/gtest.h>

#include "parser/parse.hpp"
#include "simplify/rule.hpp"
#include "tests/simplify/soundness.hpp"
#include "tests/support/central_difference.hpp"

namespace nabla {
namespace {

std::pair<Expr, Expr> sides(Graph& g, const Rule& rule) {
  const ReadOptions names{.variables = {"a", "b", "c", "d"}, .columns = {}};
  const std::size_t arrow = rule.text.find("->");
  const auto left = parse(g, rule.text.substr(0, arrow), names);
  const auto right = parse(g, rule.text.substr(arrow + 2), names);
  return {left->value.scalar(), right->value.scalar()};
}

double allowed(const Rule& rule, const std::string& name, double x) {
  for (const Assumption& c : rule.conditions) {
    if (c.name != name) continue;
    if (c.integer) return std::round(2 * x);
    if (std::isfinite(c.range.low) && std::isfinite(c.range.high)) {
      return c.range.low + (c.range.high - c.range.low) * (0.5 + std::atan(x) / 3.1416);
    }
    if (c.range.low >= 0) x = std::fabs(x);
    if (c.range.high <= 0) x = -std::fabs(x);
    if (x == 0 && c.range.nonzero) x = c.range.high <= 0 ? -1 : 1;
  }
  return x;
}

TEST(BuiltInRules, HoldWhereverTheirLeftSideHasAValue) {
  const RuleBook& book = RuleBook::built_in();
  ASSERT_GE(book.rules().size(), 60u);
  const int points = test::random_cases(100'000);
  for (const Rule& rule : book.rules()) {
    Graph g;
    const auto [left, right] = sides(g, rule);
    const auto sound = test::check_form(
        left, left, right, points, 7,
        [&rule](const std::string& name, double x) { return allowed(rule, name, x); });
    EXPECT_TRUE(sound.fine()) << rule.name << ": " << rule.text << "\n" << sound.example;
    EXPECT_GT(sound.tested, points / 20) << rule.name;
  }
}

TEST(BuiltInRules, AWrongRuleIsFound) {
  RuleBook book;
  ASSERT_FALSE(book.add("bad: sqrt(a^2) -> a\nnarrow: log(a^2) -> 2*log(a)"));
  for (const Rule& rule : book.rules()) {
    Graph g;
    const auto [left, right] = sides(g, rule);
    EXPECT_FALSE(test::check_form(left, left, right, 1000).fine()) << rule.name;
  }
}

}  // namespace
}  // namespace nabla
