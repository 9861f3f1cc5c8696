#include "tests/parser/reading.hpp"
#include "tests/support/process.hpp"

namespace nabla {
namespace {

using Errors = Text;

TEST_F(Errors, StandAtTheByteWhereReadingStops) {
  struct Case {
    std::string_view text;
    const char* code;
    std::size_t begin;
  };
  for (const Case& c : std::vector<Case>{{"", "P013", 0},
                                         {"1+", "P001", 2},
                                         {"*1", "P001", 0},
                                         {"1+*2", "P001", 2},
                                         {"(1", "P002", 2},
                                         {"1)", "P003", 1},
                                         {"()", "P001", 1},
                                         {"2 3", "P004", 2},
                                         {"1.2.3", "P006", 0},
                                         {"1e", "P006", 0},
                                         {"1,5", "P007", 1},
                                         {"sin()", "N103", 0},
                                         {"sin(1,2)", "N103", 0},
                                         {"foo(2)", "N102", 0},
                                         {"~x", "P005", 0},
                                         {{"1+x\0+5", 6}, "P005", 3},
                                         {"__import__('os').system('id')", "N102", 0},
                                         {"(1,2)", "P007", 2},
                                         {"[1,2)", "P010", 4},
                                         {"f(x", "N102", 0},
                                         {"sin(x", "P002", 5},
                                         {"x^", "P001", 2},
                                         {"|x", "P002", 2},
                                         {"x?1", "P008", 1},
                                         {"3!!", "P011", 1},
                                         {"x:2", "P008", 1},
                                         {",3", "P001", 0},
                                         {"pi)", "P003", 2},
                                         {"max(,1)", "P001", 4},
                                         {"max(1,)", "P001", 6},
                                         {"sin", "N103", 0},
                                         {"a = ", "P001", 4},
                                         {"é", "P005", 0},
                                         {"x + ü", "P005", 4},
                                         {"[]", "P001", 1},
                                         {"{x>0: 1", "P002", 7},
                                         {"\\frac{1}", "P012", 8},
                                         {"if(x>0, 1)", "N103", 0},
                                         {"x := ", "P001", 5},
                                         {"2 := x", "P009", 2},
                                         {"1;;2)", "P003", 4}}) {
    const Diagnostic d = error(c.text);
    EXPECT_EQ(d.code, c.code) << c.text << ": " << d.message;
    EXPECT_EQ(d.span.begin, c.begin) << c.text << ": " << d.message;
    EXPECT_LE(d.span.end, c.text.size()) << c.text;
    EXPECT_FALSE(d.message.empty());
  }
}

TEST_F(Errors, OfBracketsSayWhereTheyWereOpened) {
  const Diagnostic d = error("((1+2)*3");
  EXPECT_EQ(d.code, "P002");
  ASSERT_EQ(d.labels.size(), 1u);
  EXPECT_EQ(d.labels[0].span, (Span{0, 1}));
  ASSERT_TRUE(d.fix);
  EXPECT_EQ(d.fix->replacement, ")");
}

// Whatever misses its other half, or says a thing twice, shows the first one.
TEST_F(Errors, PointToWhatCameFirst) {
  struct Case {
    const char *text, *code, *label;
    Span span;
  };
  const Case cases[] = {{"((1+2)*3", "P002", "opened here", {0, 1}},
                        {"[1, 2", "P002", "opened here", {0, 1}},
                        {"2*[1, 2)", "P010", "opened here", {2, 3}},
                        {"(a + ]", "P001", "opened here", {0, 1}},
                        {"(a +", "P001", "opened here", {0, 1}},
                        {"x[1", "N109", "opened here", {1, 2}},
                        {"x[1)", "N109", "opened here", {1, 2}},
                        {"\\left. x", "P002", "opened here", {0, 6}},
                        {"x|_{3}", "P012", "opened here", {3, 4}},
                        {"\\sum_{i=1 x", "P012", "opened here", {5, 6}},
                        {"\\sum_{i=1}^{n x", "P012", "opened here", {11, 12}},
                        {"\\lim_{h \\to 0 x", "P012", "opened here", {5, 6}},
                        {"\\frac{a} + 1", "P012", "the first group", {5, 6}},
                        {"\\sqrt[3{x}", "P002", "opened here", {5, 6}},
                        {"def f(x, y: return x", "P001", "opened here", {5, 6}},
                        {"\\begin{cases} 1 & x > 0", "P002", "opened here", {0, 13}},
                        {"(a, b)", "P007", "opened here", {0, 1}},
                        {"f(x, y, x) = x", "P009", "first named here", {2, 3}},
                        {"lambda t, t: t", "P009", "first named here", {7, 8}},
                        {"subs(x*y, y = 1, y = 2)", "N108", "first replaced here", {10, 11}},
                        {"a = b = 2", "P009", "the definition begins here", {2, 3}},
                        {"q = p + q", "N106", "used here", {8, 9}}};
  for (const Case& c : cases) {
    const Diagnostic d = error(c.text);
    EXPECT_EQ(d.code, c.code) << c.text;
    ASSERT_EQ(d.labels.size(), 1u) << c.text;
    EXPECT_EQ(d.labels[0].text, c.label) << c.text;
    EXPECT_EQ(d.labels[0].span, c.span) << c.text;
  }
}

// A fix, applied, gives a text that is read.
TEST_F(Errors, HaveFixesThatWork) {
  for (const char* text : {"(1+2", "1+2)", "2 3", "[1, 2)", "sqrtt(4)", "max(1, (2)"}) {
    const Diagnostic d = error(text);
    ASSERT_TRUE(d.fix) << text;
    std::string mended(text);
    mended.replace(d.fix->span.begin, d.fix->span.end - d.fix->span.begin, d.fix->replacement);
    EXPECT_TRUE(parse(g, mended)) << mended;
  }
}

TEST_F(Errors, AreFoundInEveryMalformedTextOfTheCorpus) {
  const auto lines = test::corpus("parse_malformed_public.tsv");
  if (lines.empty()) GTEST_SKIP() << "the corpus is not here";
  for (const auto& line : lines) {
    const auto result = parse(g, line[0]);
    ASSERT_FALSE(result) << line[0];
    EXPECT_LE(result.error().span.end, line[0].size()) << line[0];
    EXPECT_LE(result.error().span.begin, result.error().span.end) << line[0];
  }
}

// Every prefix, every text with a byte removed, and every text with a byte doubled is read or
// refused inside its bounds.
TEST_F(Errors, NeverPointOutsideTheText) {
  const std::string texts[] = {
      "f(x, y) = \\frac{x^{2}}{y} + |sin² x|! - {x>0: 1, y}; f'(θ₁)",
      "sum(i, (y[i] - (w*x[i]+b))^2) + d/dx np.exp(-x) ? [1, 2] : a_1",
      "def g(t):\n k = t\n return k*t\nlim(h -> 0) (g(x+h)-g(x))/h; ∇g; \\sum_{i=1}^{n} x_i"};
  for (const std::string& text : texts) {
    for (std::size_t i = 0; i <= text.size(); ++i) {
      std::string without = text, twice = text;
      if (i < text.size()) without.erase(i, 1), twice.insert(i, 1, text[i]);
      for (const std::string& t : {text.substr(0, i), text.substr(i), without, twice}) {
        Graph fresh;
        const auto result = parse(fresh, t);
        if (result) continue;
        EXPECT_LE(result.error().span.begin, t.size()) << t;
        EXPECT_LE(result.error().span.end, t.size()) << t;
        EXPECT_FALSE(result.error().code.empty());
      }
    }
  }
}

}  // namespace
}  // namespace nabla
