// Command lines taken apart, and text for people and programs.

#include "cli/options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "cli/lines.hpp"
#include "cli/session.hpp"
#include "cli/text.hpp"

namespace nabla {
namespace {

using testing::ElementsAre;

constexpr std::string_view taken[] = {"wrt", "order", "at"};

Result<Arguments> read(std::vector<std::string> words) { return Arguments::read(words, taken); }

TEST(Options, AnExpressionMayBeginWithAMinus) {
  for (const std::string text : {"-x^2", "-2", "-(x)", "--x", "-sin(x)", "-", "-y", "-x*n"}) {
    const auto found = read({text, "--at", "x=1"});
    ASSERT_TRUE(found) << text;
    EXPECT_THAT(found->operands, ElementsAre(text));
    EXPECT_EQ(found->value("at"), "x=1");
  }
}

TEST(Options, AfterTwoDashesNothingIsAnOption) {
  EXPECT_THAT(read({"--", "-x", "--at"})->operands, ElementsAre("-x", "--at"));
}

TEST(Options, ValuesFollowOrStandBehindAnEqualsSign) {
  const auto found = read({"-x", "a,b", "f", "--order=2", "--at=x=1,y=2", "--at", "x=3", "--json"});
  ASSERT_TRUE(found);
  EXPECT_THAT(found->operands, ElementsAre("f"));
  EXPECT_EQ(found->value("wrt"), "a,b");
  EXPECT_EQ(found->value("order"), "2");
  EXPECT_THAT(found->values("at"), ElementsAre("x=1,y=2", "x=3"));
  EXPECT_TRUE(found->has("json"));
  EXPECT_FALSE(found->has("strict"));
}

TEST(Options, MistakesAreNamed) {
  EXPECT_EQ(read({"f", "--ordr", "2"}).error().code, "U502");
  EXPECT_EQ(read({"f", "--ordr", "2"}).error().hint, "did you mean '--order'?");
  EXPECT_EQ(read({"f", "-n"}).error().code, "U501");
  EXPECT_EQ(read({"f", "--json=1"}).error().code, "U501");
  EXPECT_EQ(read({"f", "--lang", "c"}).error().code, "U502");  // not taken here
  EXPECT_EQ(read({"f", "--l1", "2"}).error().code, "U502");    // nor this, short as it is
}

TEST(Options, ListsAreSplitOutsideBrackets) {
  EXPECT_THAT(split_list("x=[1, 2], y = f(a,b)"), ElementsAre("x=[1, 2]", "y = f(a,b)"));
  EXPECT_THAT(split_list(" "), ElementsAre());
}

TEST(Text, NumbersAreTheShortestThatReadBack) {
  const auto text = [](double x, int digits = 0) {
    std::string out;
    append_number(out, x, digits);
    return out;
  };
  EXPECT_EQ(text(0.1), "0.1");
  EXPECT_EQ(text(4), "4");
  EXPECT_EQ(text(1e300), "1e+300");
  EXPECT_EQ(text(2.0 / 3, 4), "0.6667");
  EXPECT_EQ(text(std::nan("")), "nan");
  EXPECT_EQ(text(-std::numeric_limits<double>::infinity()), "-inf");
}

TEST(Text, JsonStringsAreValidWhateverTheBytes) {
  std::string out;
  append_json(out, std::string_view("a\"\\\n\x01\x7f é \xff\xc3"));
  EXPECT_EQ(out, "\"a\\\"\\\\\\n\\u0001\\u007f é \\ufffd\\ufffd\"");
}

TEST(Session, KnowsWhetherALineGoesOn) {
  EXPECT_TRUE(is_unfinished("f(1, ["));
  EXPECT_FALSE(is_unfinished("f(1, [2])"));
  EXPECT_FALSE(is_unfinished("1)"));
}

struct Talk : testing::Test {
  Output nowhere{-1};
  Session session{Console{.out = nowhere, .err = nowhere}, false};
  std::string say(std::string_view line) {
    const auto reply = session.enter(line);
    return reply.error ? reply.error->code : reply.text;
  }
};

TEST_F(Talk, RemembersAndForgets) {
  EXPECT_EQ(say("a = 3; f(x) = a x^2"), "");
  EXPECT_EQ(say("f(2)"), "4*a\n= 12\n");
  EXPECT_EQ(say(":vars"), "a = 3\nf(x) = a*x^2\nans = 4*a\n");
  EXPECT_EQ(say(":clear a"), "");
  EXPECT_EQ(say("f(2)"), "4*a\n");
  EXPECT_EQ(say(":clear"), "");
  EXPECT_EQ(say("f(2)"), "N102");
  EXPECT_EQ(say(":vars"), "nothing is defined yet\n");
}

TEST_F(Talk, SurvivesEveryMistake) {
  say("a = 5");
  for (const std::string line :
       {"1 +", "f(", ":nonsense", ":format pdf", ":digits many", "g(1)", "\x01", "d/dx", "a = "}) {
    EXPECT_NE(say(line), "") << line;
    EXPECT_EQ(say("a"), "a\n= 5\n") << line;
  }
}

TEST_F(Talk, ShowsResultsAsAsked) {
  say(":format latex");
  EXPECT_EQ(say("x/2"), "\\frac{x}{2}\n");
  say(":format text");
  say(":digits 3");
  EXPECT_EQ(say("1/3"), "1/3\n= 0.333\n");
}

// The value stays that of what was asked for.
TEST_F(Talk, SimplifiesAsFarAsAsked) {
  EXPECT_EQ(say("sin(x)^2 + cos(x)^2"), "sin(x)^2 + cos(x)^2\n");
  say(":level 2");
  EXPECT_EQ(say("sin(x)^2 + cos(x)^2"), "1\n");
  EXPECT_EQ(say("w - 0.04*(b + 2*w - 5)"), "w - 0.04*(b + 2*w - 5)\n");
  say("z = 1");
  EXPECT_EQ(say("(z^2 - 1)/(z - 1)"), "z + 1\n= nan\n");
  say(":level 0");
  EXPECT_EQ(say("x + 1 + 2"), "x + 1 + 2\n");
  EXPECT_EQ(say(":level 4"), "U530");
}

TEST_F(Talk, ListsKinksOfWhatIsDefined) {
  say("f(t) = abs(t - 1)");
  EXPECT_EQ(say(":kinks f(2x)"), "2*x - 1 = 0 (at 1/2): kink of abs, derivative 0\n");
  EXPECT_EQ(say(":kinks x^2"), "no place where a function switches\n");
  EXPECT_EQ(say(":kinks abs("), "P001");
  EXPECT_EQ(session.enter(":kinks abs(x) + sinn(x)").error->span.begin, 16u);
  EXPECT_THAT(session.completions(":ki"), ElementsAre(":kinks"));
}

TEST_F(Talk, CompletesFromTablesAndSession) {
  say("width = 2");
  EXPECT_THAT(session.completions("wid"), ElementsAre("width"));
  EXPECT_THAT(session.completions("arcs"), testing::IsSupersetOf({"arcsin", "arcsinh"}));
  EXPECT_THAT(session.completions(":fo"), ElementsAre(":format"));
  EXPECT_THAT(session.completions("hess"), testing::Contains("hessian"));
}

}  // namespace
}  // namespace nabla
