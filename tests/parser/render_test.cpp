#include "parser/render.hpp"

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
