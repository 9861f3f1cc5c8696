// Rules that are identities of rational functions over kernels, proved exactly: the difference of
// their sides is the polynomial 0, by the relations of field.hpp. The others are sampled
// (rules_slow_test.cpp).

#include <gtest/gtest.h>

#include "lib/core/build.hpp"
#include "lib/core/functions.hpp"
#include "parser/parse.hpp"
#include "simplify/field.hpp"
#include "simplify/rule.hpp"
#include "tests/simplify/corpus.hpp"

namespace nabla {
namespace {

// Whether left - right is 0 over the kernels of both, where the assumptions hold.
bool is_proved(Graph& g, NodeId left, NodeId right, std::span<const Assumption> conditions) {
  Facts facts(g);
  for (const Assumption& c : conditions) {
    const NodeId name = g.insert_name(Op::symbol, c.name);
    facts.assume(name, c.range);
    if (c.integer) facts.assume_integer(name);
  }
  const NodeId difference = subtract(g, left, right);
  for (const bool keep_sines : {false, true}) {
    try {
      fractions::Meter meter(100'000);
      fractions::Field field(g, facts, meter, {&difference, 1}, keep_sines);
      if (field.read(difference).coefficient.is_zero()) return true;
    } catch (const fractions::TooLarge&) {
    }
  }
  return false;
}

bool is_proved(const std::string& text, std::span<const Assumption> conditions = {}) {
  Graph g;
  const std::size_t arrow = text.find("->");
  const Expr left = test::read(g, text.substr(0, arrow));
  const Expr right = test::read(g, text.substr(arrow + 2));
  return is_proved(g, left.id, right.id, conditions);
}

TEST(RuleProofs, IdentitiesOverKernelsAreProved) {
  std::vector<std::string> proved;
  for (const Rule& rule : RuleBook::built_in().rules()) {
    if (is_proved(rule.text, rule.conditions)) proved.push_back(rule.name);
  }
  const std::vector<std::string> rational{"half angle",
                                          "half angle, below",
                                          "tangent",
                                          "exp from cosh, sinh",
                                          "exp of minus",
                                          "hyperbolic half",
                                          "hyperbolic half below",
                                          "hyperbolic tangent",
                                          "sigmoid",
                                          "sigmoid, above"};
  EXPECT_EQ(proved, rational);
}

TEST(RuleProofs, NothingFalseIsProved) {
  for (const char* text :
       {"sin(a)^2 + cos(a)^2 -> 2", "sqrt(a^2) -> a", "sqrt(1 - sin(a)^2) -> cos(a)",
        "tan(a)^2 - 1/cos(a)^2 -> 1", "exp(a + b) -> exp(a) + exp(b)", "log(a^2) -> 2*log(a)",
        "1/(1 + a/b) -> a/(a + b)"}) {
    EXPECT_FALSE(is_proved(text)) << text;
  }
}

TEST(RuleProofs, CheckedIdentitiesAreProvedAndUnsoundOnesAreNot) {
  CORPUS_OR_SKIP(lines, "simplify_rules_checked.txt", '|');
  int proved = 0;
  for (const auto& fields : lines) {
    const bool now = is_proved(fields[2]);
    proved += now;
    EXPECT_FALSE(now && fields[0] == "U") << fields[2];
  }
  EXPECT_GE(proved, 98);  // of 145; the others are no identities of kernels, and are sampled
}

}  // namespace
}  // namespace nabla
