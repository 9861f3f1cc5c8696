#include <cmath>

#include "lib/core/constants.hpp"
#include "lib/core/functions.hpp"
#include "tests/parser/reading.hpp"

namespace nabla {
namespace {

using Functions = Text;

TEST_F(Functions, NeedNoParentheses) {
  EXPECT_SAME("sin x", "sin(x)");
  EXPECT_SAME("sin 2x", "sin(2*x)");
  EXPECT_SAME("2 sin x cos x", "2*sin(x)*cos(x)");
  EXPECT_SAME("sin^2 x", "sin(x)^2");
  EXPECT_SAME("sin^2(x)", "sin(x)^2");
  EXPECT_SAME("sin² x", "sin(x)^2");
  EXPECT_SAME("sin^{2} x", "sin(x)^2");
  EXPECT_SAME("sin^2 x + cos^2 x", "sin(x)^2 + cos(x)^2");
  EXPECT_SAME("sin^-1 x", "asin(x)");
  EXPECT_SAME("sin^{-1} x", "asin(x)");
  EXPECT_SAME("sin⁻¹(x)", "asin(x)");
  EXPECT_SAME("sin^-2 x", "sin(x)^(-2)");
  EXPECT_SAME("log_2 x", "log2(x)");
  EXPECT_SAME("sin x/2", "sin(x)/2");
  EXPECT_SAME("sin 2(x+1)", "sin(2*(x+1))");
  EXPECT_SAME("sin x (x+1)", "sin(x)*(x+1)");
  EXPECT_SAME("sin cos x", "sin(cos(x))");
  EXPECT_SAME("x sin x", "x*sin(x)");
}

TEST_F(Functions, OfTheTableAreReadUnderEverySpelling) {
  for (const auto& row : functions) {
    const std::string arguments = row.value.arity == 1   ? "(a)"
                                  : row.value.arity == 2 ? "(a, b)"
                                                         : "(a, b, c)";
    for_each_spelling(row.name, row.aliases, [&](std::string_view spelling) {
      if (spelling == "√") return;
      EXPECT_SAME(std::string(spelling) + arguments, std::string(row.name) + arguments);
    });
  }
}

TEST_F(Functions, TakeAsManyArgumentsAsTheirRowSays) {
  for (const auto& row : functions) {
    if (row.variadic || find_function(row.name, 1) != find_function(row.name, 0)) continue;
    const std::string name(row.name);
    EXPECT_EQ(error(name + "()").code, "N103");
    EXPECT_EQ(error(name + "()").span, (Span{0, name.size()}));
    if (!find_function(row.name, 3)) {
      EXPECT_EQ(error(name + "(1, 2, 3)").code, "N103") << name;
    }
  }
  EXPECT_SAME("max(a, b, c)", "max(max(a, b), c)");
  EXPECT_SAME("max([a, b, c])", "max(a, b, c)");
  EXPECT_EQ(value("log(8, 2)"), 3);
  EXPECT_EQ(value("clamp(5, 0, 1)"), 1);
}

TEST_F(Functions, OfTheConstantTableHaveTheirValues) {
  for (const Constant& c : constants) {
    if (c.value == c.value) {
      EXPECT_EQ(value(c.name), c.value);
    }
    if (!c.aliases.empty()) {
      EXPECT_SAME(c.aliases, c.name);
    }
  }
  EXPECT_SAME("e^x", "exp(x)");
  EXPECT_SAME("2πr", "2*pi*r");
}

TEST_F(Functions, MayBeHiddenByDeclaredNames) {
  EXPECT_EQ(error("gamma*2").code, "N103");
  options.variables = {"gamma", "e", "I", "beta"};
  const Statement s = read("gamma*e + I + beta");
  EXPECT_EQ(s.variables, (std::vector<std::string>{"gamma", "e", "I", "beta"}));
  EXPECT_EQ(s.notes.at(0).code, "S714");
  EXPECT_EQ(expr("gamma"), symbol(g, "gamma"));
  EXPECT_EQ(expr("e"), symbol(g, "e"));
  EXPECT_SAME("gamma(2)", "gamma*2");
}

TEST_F(Functions, ThatAreUnknownAreNeverProducts) {
  const Diagnostic d = error("x^2 * sinn(x)");
  EXPECT_EQ(d.code, "N102");
  EXPECT_EQ(d.span, (Span{6, 10}));
  EXPECT_NE(d.hint.find("'sin'"), std::string::npos);
  ASSERT_TRUE(d.fix);
  EXPECT_EQ(d.fix->replacement, "sin");
  for (const char* text : {"foo(2)", "f(x)", "SIN(x)", "f1of1(1,2)", "1+ping(1,2)", "logg(x)"})
    EXPECT_EQ(error(text).code, "N102") << text;
  EXPECT_NE(error("SIN(x)").hint.find("'sin'"), std::string::npos);
  // a name known as a value is one, with a note
  EXPECT_SAME("x(x+1)", "x*(x+1)");
  EXPECT_EQ(note_codes("x(x+1)"), (std::vector<std::string>{"S715"}));
}

TEST_F(Functions, OfVectorsWorkByEntry) {
  const Quantity q = read("sin([x, y])").value;
  ASSERT_EQ(q.entries.size(), 2u);
  EXPECT_EQ(q.entries[1], expr("sin(y)"));
  EXPECT_EQ(value("norm([3, 4])"), 5);
  EXPECT_EQ(value("dot([1, 2], [3, 4])"), 11);
  EXPECT_EQ(read("2*[x, y] - [1, x]").value.entries[0], expr("2*x - 1"));
}

}  // namespace
}  // namespace nabla
