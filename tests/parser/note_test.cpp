// Notes: what they say, and that the reading they report is the one that was taken.

#include <algorithm>
#include <array>

#include "tests/parser/reading.hpp"

namespace nabla {
namespace {

struct Noted {
  const char* text;
  const char* code;
  const char* about;  // the text at its span
  const char* reading;
  const char* alternative;
};

constexpr Noted noted[] = {
    {"2x + 1", "S710", "2x", "2*x", ""},
    {"1 - 2(x+1) y", "S710", "2(x+1) y", "2*(x+1)*y", ""},
    {"sin 2x", "S710", "2x", "(2*x)", ""},
    {"\\frac{1}{2}x", "S710", "\\frac{1}{2}x", "\\frac{1}{2}*x", ""},
    {"1/2x", "S711", "1/2x", "(1/2)*x", "1/(2*x)"},
    {"6/2(1+2)", "S711", "6/2(1+2)", "(6/2)*(1+2)", "6/(2*(1+2))"},
    {"x + y + xy", "S712", "xy", "x*y", "\\mathrm{xy}"},
    {"sum((y_i - (wx_i + b))^2)", "S712", "wx_i", "w*x_i", "\\mathrm{wx}_{i}"},
    {"price + 1", "S713", "price", "price", "p*r*i*c*e"},
    {"cos2x + 1", "S713", "cos2x", "cos2x", "cos(2x)"},
    {"sinx + 1", "S713", "sinx", "sinx", "sin(x)"},
    {"n + n3", "S713", "n3", "n3", "n*3"},
    {"wx_i + 1", "S713", "wx_i", "wx_i", "w*x_i"},
    {"temperature", "S713", "temperature", "temperature", "t*e*m*p*e*r*a*t*u*r*e"},
    {"e = 3", "S714", "e", "your name e", "the constant e"},
    {"gamma = 3", "S714", "gamma", "your name gamma", "the function gamma"},
    {"x(x+1)", "S715", "x(x+1)", "x*(x+1)", "call of x"},
    {"x - x (y + z)", "S715", "x (y + z)", "x*(y + z)", "call of x"},
    {"sin x/2", "S716", "sin x", "sin(x)", "sin(x/...)"},
    {"sin^2 2x*y", "S716", "sin^2 2x", "sin^2(2x)", "sin^2(2x*...)"},
    {"1e400", "S717", "1e400", "inf", "a number of any size"},
    {"sum(a*b)", "S718", "sum(a*b)", "rows times the same value", "a sum over entries of data"},
    {"sin^-1 x", "S719", "sin^-1", "asin", "1/sin(...)"},
    {"tan⁻¹(x)", "S719", "tan⁻¹", "atan", "1/tan(...)"},
    {"d/dx (x+1)*x", "S721", "d/dx (x+1)", "derivative of the whole term", "(d/dx (x+1))"},
    {"0x10", "S722", "0x10", "16", "0*x10"},
    {"e^2x", "S723", "e^2x", "e^2*x", "e^(2*x)"},
    {"x^-2y", "S723", "x^-2y", "x^-2*y", "x^(-2*y)"},
    {"x + 1 = 2", "S724", "=", "==", "a definition"},
    {"x <- 3", "S724", "<-", "< -", "="},
    {"f(x) = x^3; f^{(2)}(x)", "S725", "f^{(2)}", "f''", "f(...)^2"},
    {"f(x, y) = x*y; f_x", "S725", "f_x", "diff(f, x)", "the name f_x"},
    {"diff(a*b, c)", "S726", "diff(a*b, c)", "0", "a dependence on c"},
    {"x + x^2|_{x=3}", "S727", "x + x^2|_{x=3}", "x + (x^2)|_{x=3}", "(x + x^2)|_{x=3}"},
    {"\\alpha^12", "S728", "^12", "^{12}", "^{1}*2"},
    {"z = x + 1; subs(z^2, z = 3)", "S729", "z", "its definition", "a name of its own"},
    {"sum(x_i)/n", "S701", "n", "number of rows", "variable n"},
};

using Notes = Text;

TEST_F(Notes, SayWhereHowAndHowElse) {
  for (const Noted& n : noted) {
    Graph fresh;
    const auto result = parse(fresh, n.text);
    ASSERT_TRUE(result) << n.text;
    const auto found = std::ranges::find(result->notes, n.code, &Diagnostic::code);
    ASSERT_NE(found, result->notes.end()) << n.text;
    EXPECT_EQ(found->severity, Severity::note);
    EXPECT_EQ(
        std::string_view(n.text).substr(found->span.begin, found->span.end - found->span.begin),
        n.about)
        << n.text;
    EXPECT_EQ(found->reading, n.reading) << n.text;
    EXPECT_EQ(found->alternative, n.alternative) << n.text;
  }
}

// The fix of a note says the same without a doubt.
TEST_F(Notes, AreSettledByTheirFixes) {
  int settled = 0;
  for (const Noted& n : noted) {
    const auto before = parse(g, n.text);
    ASSERT_TRUE(before);
    for (const Diagnostic& note : before->notes) {
      if (!note.fix) continue;
      std::string text(n.text);
      text.replace(note.fix->span.begin, note.fix->span.end - note.fix->span.begin,
                   note.fix->replacement);
      const auto after = parse(g, text);
      ASSERT_TRUE(after) << n.text << " became " << text << ": " << after.error().message;
      EXPECT_EQ(before->value.entries, after->value.entries) << n.text << " became " << text;
      EXPECT_EQ(std::ranges::count(after->notes, note.code, &Diagnostic::code),
                std::ranges::count(before->notes, note.code, &Diagnostic::code) - 1)
          << n.text << " became " << text;
      ++settled;
    }
  }
  EXPECT_GT(settled, 15);
}

// Where the alternative is a text, it means something else.
TEST_F(Notes, HaveAnAlternativeThatDiffers) {
  for (const Noted& n : noted) {
    const auto before = parse(g, n.text);
    ASSERT_TRUE(before);
    for (const Diagnostic& note : before->notes) {
      static constexpr std::array texts{"S711", "S712", "S713", "S721",
                                        "S722", "S723", "S727", "S728"};
      if (std::ranges::find(texts, note.code) == texts.end()) continue;
      std::string text(n.text);
      text.replace(note.span.begin, note.span.end - note.span.begin, note.alternative);
      const auto other = parse(g, text);
      ASSERT_TRUE(other) << text;
      EXPECT_NE(before->value.entries, other->value.entries) << text;
    }
  }
}

TEST_F(Notes, AreErrorsWhenStrict) {
  for (const Noted& n : noted) {
    Graph fresh;
    const auto strict = parse(fresh, n.text, {.variables = {}, .columns = {}, .strict = true});
    ASSERT_FALSE(strict) << n.text;
    EXPECT_EQ(strict.error().severity, Severity::error) << n.text;
    EXPECT_EQ(strict.error().code[0], 'S') << n.text;
  }
  for (const char* plain : {"2*x + 1", "f(x) = x^2; f'(3)", "sin(x)/2", "(x^2)'", "a == 2",
                            "f(x) = x^3; lim(h -> 0) (f(x + h) - f(x)) / h", "theta_1*x₂"}) {
    Graph fresh;
    const auto strict = parse(fresh, plain, {.variables = {}, .columns = {}, .strict = true});
    EXPECT_TRUE(strict) << plain << ": " << (strict ? "" : strict.error().message);
  }
}

TEST_F(Notes, OfDeclaredNamesSayWhatTheyHide) {
  options.variables = {"e", "gamma"};
  EXPECT_EQ(note_codes("e + gamma"), (std::vector<std::string>{"S714", "S714"}));
}

TEST_F(Notes, BeyondTheLimitAreCounted) {
  std::string text = "2x";
  for (int i = 0; i < 500; ++i) text += " + 3(y+" + std::to_string(i) + ")";
  const auto result = parse(g, text);
  ASSERT_TRUE(result);
  ASSERT_EQ(result->notes.size(), 101u);
  EXPECT_EQ(result->notes.back().code, "S700");
  EXPECT_EQ(result->notes.back().message, "401 more notes are not listed");
}

}  // namespace
}  // namespace nabla
