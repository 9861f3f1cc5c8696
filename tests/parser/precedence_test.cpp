#include "lib/core/operators.hpp"
#include "tests/parser/reading.hpp"

namespace nabla {
namespace {

using Precedences = Text;

struct Case {
  const char *text, *meaning;
};

TEST_F(Precedences, AreReadAsOnPaper) {
  for (const Case& c :
       std::vector<Case>{{"a+b*c", "a+(b*c)"},
                         {"a*b+c", "(a*b)+c"},
                         {"a-b-c", "(a-b)-c"},
                         {"a/b*c", "(a/b)*c"},
                         {"a/b/c", "(a/b)/c"},
                         {"a*b/c", "(a*b)/c"},
                         {"a^b^c", "a^(b^c)"},
                         {"-a^b", "-(a^b)"},
                         {"-a*b", "-(a*b)"},
                         {"a^-b", "a^(-b)"},
                         {"a^-b^c", "a^(-(b^c))"},
                         {"a^-b*c", "(a^(-b))*c"},
                         {"a*-b^c", "a*(-(b^c))"},
                         {"a--b", "a-(-b)"},
                         {"a-+b", "a-b"},
                         {"a!^b", "(a!)^b"},
                         {"a^b!", "a^(b!)"},
                         {"-a!", "-(a!)"},
                         {"2a^b", "2*(a^b)"},
                         {"a/b c", "(a/b)*c"},
                         {"a^b c", "(a^b)*c"},
                         {"a<b+c", "a<(b+c)"},
                         {"not a<b", "not (a<b)"},
                         {"a<b and c<d1", "(a<b) and (c<d1)"},
                         {"a<b or c<d1 and p<q", "(a<b) or ((c<d1) and (p<q))"},
                         {"not a<b and c<d1", "(not a<b) and c<d1"},
                         {"a<b ? c : p", "if(a<b, c, p)"},
                         {"c if a<b else p", "if(a<b, c, p)"},
                         {"c if a<b else r if p<q else s", "if(a<b, c, if(p<q, r, s))"},
                         {"a<b ? c : p<q ? r : s", "if(a<b, c, if(p<q, r, s))"},
                         {"a<b ? p<q ? r : s : t", "if(a<b, if(p<q, r, s), t)"},
                         {"a<b<c", "a<b and b<c"},
                         {"a<b<=c!=p", "a<b and b<=c and c!=p"},
                         {"a>b", "b<a"},
                         {"(a=b)", "(a==b)"},
                         {"sin a^b", "sin(a^b)"},
                         {"2^sin a", "2^(sin(a))"},
                         {"sin -a", "sin(-a)"},
                         {"-sin a", "-(sin(a))"},
                         {"sin a + b", "sin(a) + b"},
                         {"sin a * b", "sin(a) * b"},
                         {"sin a!", "sin(a!)"},
                         {"√a+b", "sqrt(a)+b"},
                         {"√a^b", "sqrt(a^b)"},
                         {"2√a", "2*sqrt(a)"},
                         {"√2a", "sqrt(2)*a"},
                         {"|a|b", "abs(a)*b"},
                         {"a|b|", "a*abs(b)"},
                         {"||a|-b|", "abs(abs(a)-b)"},
                         {"|a-|b||", "abs(a-abs(b))"},
                         {"|a||b|", "abs(a)*abs(b)"},
                         {"2|a|^b", "2*abs(a)^b"},
                         {"{a<b: c, p}", "if(a<b, c, p)"},
                         {"{a<b: c, p<q: r, s}", "if(a<b, c, if(p<q, r, s))"}}) {
    EXPECT_SAME(c.text, c.meaning);
  }
}

TEST_F(Precedences, GiveTheUsualNumbers) {
  for (const auto& [text, number] : std::vector<std::pair<const char*, double>>{
           {"-2^2", -4},   {"2^3^2", 512},      {"2^-3^2", 0.001953125},
           {"8/4/2", 1},   {"12/2*3", 18},      {"2---3", -1},
           {"1/3*3-1", 0}, {"2-3-4", -5},       {"10/-1", -10},
           {"-+-2", 2},    {"5---3", 2},        {"1++2", 3},
           {"2^+3", 8},    {"6/2(1+2)", 9},     {"3!", 6},
           {"2^3!", 64},   {"-3!", -6},         {"(3!)!", 720},
           {"2**3", 8},    {"-3**2", -9},       {"0^0", 1},
           {"(-3)^2", 9},  {"100^---.5+1", 1.1}}) {
    EXPECT_EQ(value(text), number) << text;
  }
}

// One pair of infix operators at a time, against the table.
TEST_F(Precedences, FollowTheOperatorTable) {
  for (const Operator& f : operators) {
    for (const Operator& s : operators) {
      if (f.fixity != Fixity::infix || s.fixity != Fixity::infix) continue;
      const std::string first(f.spelling), second(s.spelling);
      // in parentheses, since a = b alone is a definition
      const std::string text = "(a " + first + " b " + second + " c)";
      const std::string left = "((a " + first + " b) " + second + " c)",
                        right = "(a " + first + " (b " + second + " c))";
      if (f.precedence == s.precedence && f.associativity == Associativity::chain) {
        EXPECT_SAME(text, "(a " + first + " b and b " + second + " c)");
      } else if (f.precedence < s.precedence ||
                 (f.precedence == s.precedence && f.associativity == Associativity::right)) {
        EXPECT_SAME(text, right);
      } else {
        EXPECT_SAME(text, left);
      }
    }
  }
}

TEST_F(Precedences, ReadEveryAliasOfAnOperator) {
  for (const Operator& row : operators) {
    for (std::string_view rest = row.aliases; !rest.empty();) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      const std::string alias(rest.substr(0, end)), spelling(row.spelling);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      if (row.fixity == Fixity::prefix) {
        EXPECT_SAME(alias + " a<b", spelling + " a<b");
      } else
        EXPECT_SAME("a<b " + alias + " c<p", "a<b " + spelling + " c<p");
    }
    if (row.fixity == Fixity::infix && row.latex.starts_with("\\")) {
      EXPECT_SAME("a " + std::string(row.latex) + " b", "a " + std::string(row.spelling) + " b");
    }
  }
}

}  // namespace
}  // namespace nabla
