// What people type wrong, and what is said about it: the code, words of the hint, and for every fix
// that it mends the text.

#include <algorithm>

#include "parser/render.hpp"
#include "tests/parser/reading.hpp"

namespace nabla {
namespace {

struct Mistake {
  const char* text;
  const char* code;
  const char* says;    // in the message or the hint
  const char* mended;  // by the fix; null: none is offered
};

constexpr Mistake mistakes[] = {
    // brackets
    {"3*(1 + 2", "P002", "add ')'", "3*(1 + 2)"},
    {"[1, 2", "P002", "add ']'", "[1, 2]"},
    {"|x + 1", "P002", "add '|'", "|x + 1|"},
    {"1 + 2)", "P003", "closes nothing", "1 + 2"},
    {"[1, 2)", "P010", "close it by ']'", "[1, 2]"},
    {"sin(x]", "P010", "close it by ')'", "sin(x)"},
    {"(1, 2)", "P007", "[a, b]", "[1, 2]"},
    {"jacobian((a*b, a))", "P007", "[a, b]", "jacobian([a*b, a])"},
    {"{x>0: 1; 2}", "P002", "commas", "{x>0: 1}; 2}"},
    {"a | b", "P002", "'or' write ||", "a | b|"},
    {"()", "P001", "nothing between", nullptr},
    {"max(1, 2,)", "P001", "one too many", "max(1, 2)"},
    {"max(1,,2)", "P001", "before the comma", nullptr},
    // values and signs
    {"x^", "P001", "follow '^'", nullptr},
    {"1+*2", "P001", "between two values", nullptr},
    {"2 3", "P004", "operator between", "2 *3"},
    {"x 2", "P004", "operator between", "x *2"},
    {"x => 3", "P001", "'>='", "x >= 3"},
    {"x =< 3", "P001", "'<='", "x <= 3"},
    {"x <> 3", "P001", "'!='", "x != 3"},
    {"a = = 2", "P001", "'=='", "a == 2"},
    {"x//2", "P001", "floor(a/b)", "x/2"},
    {"x -> 3", "P008", "arrow", nullptr},
    {"3!!", "P011", "(x!)!", nullptr},
    // characters
    {"~(x > 0)", "P005", "'not'", "not (x > 0)"},
    {"x > 0 & x < 1", "P005", "'and'", "x > 0  and  x < 1"},
    {"5%2", "P005", "mod(a, b)", nullptr},
    {"$x^2$", "P005", "dollar", "x^2"},
    {"\\(x^2\\)", "P005", "leave out", "x^2"},
    {"x^2 \\\\", "P005", "line break", "x^2 "},
    {"“x”", "P005", "quotation", "x"},
    {"\"x\" + 1", "P005", "strings", "x + 1"},
    {"‘x’", "P005", "quotation", "x"},
    {"3 – x", "P005", "minus", "3 - x"},
    {"ｘ", "P005", "full-width", "x"},
    {"a.b", "P005", "no parts", "a*b"},
    {"x # half", "P005", "comments", nullptr},
    {"∫ x", "P005", "integrals", nullptr},
    // numbers
    {"1,5", "P007", "decimal point", "1.5"},
    {"1.2.3", "P006", "one decimal point", nullptr},
    {"1_000", "P006", "without '_'", "1000"},
    {"2e", "P006", "exponent needs digits", "2*e"},
    {"0x", "P006", "0*x", "0*x"},
    // functions
    {"sinn(x)", "N102", "'sin'", "sin(x)"},
    {"Sin(x)", "N102", "'sin'", "sin(x)"},
    {"SIN(x)", "N102", "'sin'", "sin(x)"},
    {"sinn x", "N102", "'sin'", "sin x"},
    {"arcsine(x)", "N102", "'asin'", "asin(x)"},
    {"tg(x)", "N102", "'tan'", "tan(x)"},
    {"cosine(x)", "N102", "'cos'", "cos(x)"},
    {"σ(x)", "N102", "'sigmoid'", "sigmoid(x)"},
    {"xsin(x)", "N102", "x*sin", "x*sin(x)"},
    {"f(x)", "N102", "define it first", nullptr},
    {"print(x)", "N102", "", nullptr},
    {"sin", "N103", "sin(x)", nullptr},
    {"sin + 1", "N103", "needs an argument", nullptr},
    {"gamma + 1", "N103", "needs an argument", nullptr},
    {"sin(1, 2)", "N103", "takes 1 argument, not 2", nullptr},
    {"atan2(x)", "N103", "takes 2 arguments, not 1", nullptr},
    {"grad q", "N103", "grad(f)", "grad(q)"},
    {"log(x, base=2)", "P008", "by their order", "log(x, 2)"},
    {"\\sine x", "N101", "'sin'", "sin  x"},
    {"\\alhpa", "N101", "", nullptr},
    {"\\binom{2}{1}", "N101", "not understood", nullptr},
    {"\\frac{1}", "P012", "\\frac{a}{b}", nullptr},
    // definitions and words
    {"a = b = c", "P009", "'=='", "a = b == c"},
    {"g(2) = 3", "P009", "parameter is a name", nullptr},
    {"g(x, y=2) = x", "P009", "has no value", nullptr},
    {"g(x) → x^2", "P009", "f(x) = x^2", "g(x) = x^2"},
    {"let g = 3", "P008", "leave it out", "g = 3"},
    {"import numpy", "P008", "nothing has to be imported", nullptr},
    {"q'", "N101", "define it first", nullptr},
    {"dq/dt", "N101", "'q' is not defined", nullptr},
    {"sum(k, 1, n, k)", "N108", "integers", nullptr},
    {"v = [1, 2]; v_7", "N109", "1 to 2", nullptr},
    {"f(\n  x", "N102", "define it first", nullptr},
    {"sin(\n  x", "P002", "add ')'", "sin(\n  x)"},
};

using Mistakes = Text;

TEST_F(Mistakes, AreAnsweredWithAWayOut) {
  for (const Mistake& m : mistakes) {
    Scope nothing;
    const auto result = parse(g, nothing, m.text);
    ASSERT_FALSE(result) << m.text;
    const Diagnostic& d = result.error();
    EXPECT_EQ(d.code, m.code) << m.text << ": " << d.message;
    EXPECT_NE((d.message + " " + d.hint).find(m.says), std::string::npos)
        << m.text << ": " << d.message << " " << d.hint;
    EXPECT_EQ(d.fix.has_value(), m.mended != nullptr)
        << m.text << ": " << (d.fix ? d.fix->replacement : d.message);
    if (!d.fix || m.mended == nullptr) continue;
    std::string mended(m.text);
    mended.replace(d.fix->span.begin, d.fix->span.end - d.fix->span.begin, d.fix->replacement);
    EXPECT_EQ(mended, m.mended);
  }
}

// One fix may uncover the next mistake, but the text gets better: after a few it is read.
TEST_F(Mistakes, AreMendedByTheirFixes) {
  for (const Mistake& m : mistakes) {
    if (m.mended == nullptr) continue;
    std::string text(m.text);
    bool read = false;
    for (int round = 0; round < 3 && !read; ++round) {
      Scope nothing;
      const auto result = parse(g, nothing, text);
      read = static_cast<bool>(result);
      if (read) break;
      ASSERT_TRUE(result.error().fix) << m.text << " became " << text;
      const Fix& fix = *result.error().fix;
      text.replace(fix.span.begin, fix.span.end - fix.span.begin, fix.replacement);
    }
    EXPECT_TRUE(read) << m.text << " became " << text;
  }
}

// Whatever is done to a text, what is said about it stays inside, and can be shown.
TEST_F(Mistakes, OfAnyKindAreShownInsideTheText) {
  const std::string texts[] = {"f(x, y) = \\frac{x^{2}}{y} + |sin² x|! - {x>0: 1, y}; f'(θ₁)",
                               "sum(i, (y[i] - (w*x[i]+b))^2) + d/dx np.exp(-x) ? [1, 2] : a_1",
                               "2x y + 1/2x - sin 2x/3 + e^2x; d(x^2 y)/dx; ⌊x⌋ + ‖[x, y]‖ + ½",
                               "lim_{h→0} (g(x+h)-g(x))/h; \\begin{cases} x & x > 0 \\\\ 0 & "
                               "\\text{otherwise} \\end{cases}"};
  const std::string_view pieces[] = {"(", ")",        "[",  "]",    "{",    "}",      "|",     ",",
                                     ";", "\n",       "\t", "x",    "sin",  "^",      "*",     "=",
                                     "'", "²",        "漢", "\x1b", "\xff", "\\frac", "d/dx ", "2",
                                     " ", "\xcc\x82", "&",  "\\\\", "if",   "_"};
  std::uint32_t state = 12345;
  const auto next = [&](std::size_t n) {
    state = state * 1664525u + 1013904223u;
    return static_cast<std::size_t>(state >> 8) % n;
  };
  int refused = 0;
  for (int round = 0; round < 4000; ++round) {
    std::string text = texts[next(std::size(texts))];
    for (std::size_t i = 0, edits = 1 + next(3); i < edits; ++i) {
      const std::size_t at = next(text.size() + 1);
      if (next(2) == 0)
        text.erase(at, 1 + next(3));
      else
        text.insert(at, pieces[next(std::size(pieces))]);
    }
    Graph fresh;
    const auto result = parse(fresh, text);
    std::vector<Diagnostic> found;
    if (result)
      found = result->notes;
    else
      found = {result.error()};
    refused += !result;
    for (const Diagnostic& d : found) {
      const auto inside = [&](Span s) { return s.begin <= s.end && s.end <= text.size(); };
      ASSERT_TRUE(inside(d.span)) << text << "\n" << d.code << " " << d.message;
      for (const Label& label : d.labels) ASSERT_TRUE(inside(label.span)) << text;
      if (d.fix) {
        ASSERT_TRUE(inside(d.fix->span)) << text;
      }
      const std::string shown = render(d, text, {.color = false, .width = 20 + next(100)});
      ASSERT_TRUE(shown.ends_with('\n'));
      for (const char c : shown)
        ASSERT_TRUE(c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f))
            << text << "\n"
            << shown;
    }
  }
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace nabla
