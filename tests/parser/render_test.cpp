#include "parser/render.hpp"

#include <random>

#include "tests/parser/reading.hpp"

namespace nabla {
namespace {

class Rendering : public Text {
 protected:
  std::string shown(std::string_view text, const RenderOptions& how = {}) {
    return render(error(text), text, how);
  }
};

TEST_F(Rendering, PutsACaretUnderThePlace) {
  EXPECT_EQ(shown("x^2 * sinn(x)"),
            "error[N102]: unknown function 'sinn'\n"
            "  x^2 * sinn(x)\n"
            "        ^^^^ did you mean 'sin'?  (for a product write s*i*n*n*(...))\n");
  EXPECT_EQ(shown("1+"),
            "error[P001]: the expression ends where a value is expected\n"
            "  1+\n"
            "    ^ something has to follow '+'\n");
}

TEST_F(Rendering, LabelsWhatExplainsIt) {
  EXPECT_EQ(shown("((1+2)"),
            "error[P002]: '(' is never closed\n"
            "  ((1+2)\n"
            "        ^ add ')'\n"
            "  - opened here\n");
}

TEST_F(Rendering, ShowsTheLineOfALongText) {
  EXPECT_EQ(shown("a = 2\n  b = (a\n\n +\t~c)"),
            "error[P005]: the character '~' has no meaning here (line 4, column 4)\n"
            "   +  ~c)\n"
            "      ^ write 'not' for the negation of a condition\n");
  EXPECT_EQ(shown("(a +\nb"),
            "error[P002]: '(' is never closed (line 2, column 2)\n"
            "  b\n"
            "   ^ add ')'\n"
            "  (a +\n"
            "  - opened here\n");
}

TEST_F(Rendering, CountsColumnsAsATerminalDoes) {
  EXPECT_EQ(shown("ŷ + x\u0302² + ~"),
            "error[P005]: the character '~' has no meaning here\n"
            "  ŷ + x\u0302² + ~\n"
            "           ^ write 'not' for the negation of a condition\n");
  EXPECT_EQ(render({.code = "P005", .message = "m", .span = {6, 7}}, "漢字~"),
            "error[P005]: m\n  漢字~\n      ^\n");
  EXPECT_EQ(render({.code = "P005", .message = "m", .span = {0, 3}}, "漢字~"),
            "error[P005]: m\n  漢字~\n  ^^\n");
}

// Signs with what a terminal makes of them, told here once more and by hand.
struct Sign {
  std::string_view bytes;
  std::size_t columns;
};
constexpr Sign signs[] = {{"a", 1},      {"+", 1},    {"(", 1},          {" ", 1},
                          {"\t", 0},     {"é", 1},    {"ŷ", 1},          {"∞", 1},
                          {"漢", 2},     {"ｘ", 2},   {"\U0001F600", 2}, {"\u0302", 0},
                          {"\u200B", 0}, {"\x1b", 4}, {"\xff", 4},       {"\u202E", 12}};

// The column behind a sign that begins in `column`.
std::size_t behind(const Sign& s, std::size_t column) {
  return s.bytes == "\t" ? (column / 4 + 1) * 4 : column + s.columns;
}

// Texts of several lines, a place and a label in one of them: both marks begin under the first
// character of their span and are as long as it is wide.
TEST_F(Rendering, MarksBeginUnderTheirSpanAndAreAsWide) {
  std::mt19937_64 random(7);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  struct Mark {
    Span span;
    std::size_t column = 0, columns = 0;
  };
  for (int round = 0; round < 4000; ++round) {
    const std::size_t lines = 1 + below(3), wanted = below(lines);
    std::string text;
    Mark marks[2];
    std::size_t width = 0;  // of the line the marks are in
    for (std::size_t l = 0; l < lines; ++l) {
      if (l != 0) text += '\n';
      std::vector<std::size_t> starts, columns;
      std::size_t column = 0;
      const std::size_t count = 1 + below(12);
      for (std::size_t i = 0; i < count; ++i) {
        const Sign& s = signs[below(std::size(signs))];
        starts.push_back(text.size());
        columns.push_back(column);
        text += s.bytes;
        column = behind(s, column);
      }
      starts.push_back(text.size());
      columns.push_back(column);
      if (l != wanted) continue;
      width = column;
      for (Mark& m : marks) {
        const std::size_t first = below(count + 1), last = first + below(count + 1 - first);
        m = {.span = {static_cast<std::uint32_t>(starts[first]),
                      static_cast<std::uint32_t>(starts[last])},
             .column = columns[first],
             .columns = std::max<std::size_t>(columns[last] - columns[first], 1)};
        if (first == last && first < count)  // nothing wide: the sign there
          m.columns = std::max<std::size_t>(columns[first + 1] - columns[first], 1);
      }
    }
    const std::string out = render(
        {.code = "P001", .message = "m", .span = marks[0].span, .labels = {{marks[1].span, ""}}},
        text, {.width = 1000});
    std::vector<std::string> shown;
    for (std::size_t at = 0; at < out.size(); at = out.find('\n', at) + 1)
      shown.push_back(out.substr(at, out.find('\n', at) - at));
    ASSERT_EQ(shown.size(), 4u) << out;
    for (std::size_t i = 0; i < 2; ++i) {
      EXPECT_EQ(shown[2 + i], std::string(2 + marks[i].column, ' ') +
                                  std::string(marks[i].columns, i == 0 ? '^' : '-'))
          << out << " of a line " << width << " wide";
    }
  }
}

TEST_F(Rendering, MarksOfSeveralLinesEndWithTheFirst) {
  EXPECT_EQ(render({.code = "P001", .message = "m", .span = {1, 7}}, "a(b,\nc)"),
            "error[P001]: m (line 1, column 2)\n  a(b,\n   ^^^\n");
}

TEST_F(Rendering, NeverEchoesControlBytes) {
  const std::string text = shown("a + \x1b[31m");
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_NE(text.find("\\x1b[31m"), std::string::npos);
  EXPECT_NE(shown("\xff").find("\\xff"), std::string::npos);
  EXPECT_EQ(printable("a\nb\x7f\u202e"), "a\\x0ab\\x7f\\xe2\\x80\\xae");
}

TEST_F(Rendering, CutsLongLinesAroundThePlace) {
  std::string text = "x";
  for (int i = 0; i < 2000; ++i) text += i == 1000 ? "+*" : "+y";
  const std::string out = shown(text, {.width = 60});
  std::size_t begin = 0, caret = 0, star = 0;
  for (int line = 0; begin < out.size(); ++line) {
    const std::size_t end = out.find('\n', begin);
    if (line < 2) {
      EXPECT_LE(end - begin, 60u);
    }
    const std::string one = out.substr(begin, end - begin);
    if (line == 1) star = one.find('*');
    if (line == 2) caret = one.find('^');
    begin = end + 1;
  }
  EXPECT_EQ(star, caret);
}

TEST_F(Rendering, ColoursOnlyWhenAsked) {
  EXPECT_EQ(shown("1+", {.color = true}).find("\x1b[1;31merror[P001]\x1b[0m"), 0u);
  EXPECT_EQ(shown("1+").find('\x1b'), std::string::npos);
}

TEST_F(Rendering, WorksWithoutAPlace) {
  EXPECT_EQ(render({.code = "L110", .message = "stopped", .span = {}, .hint = "why"}, ""),
            "error[L110]: stopped\n  why\n");
  EXPECT_EQ(render({.code = "E301", .severity = Severity::note, .message = "m", .span = {}}, "x"),
            "note[E301]: m\n");
}

TEST_F(Rendering, CountsLinesAndColumns) {
  EXPECT_EQ(place_of(0, "ab"), (Place{1, 1}));
  EXPECT_EQ(place_of(4, "a\nŷb"), (Place{2, 2}));
}

}  // namespace
}  // namespace nabla
