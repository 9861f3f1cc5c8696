// Rolled sums as C and C++: a loop that computes what RolledFunction computes, bit for bit.

#include "lib/emit/rolled_source.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "lib/calculus/roll.hpp"
#include "lib/core/functions.hpp"
#include "lib/core/graph.hpp"
#include "lib/eval/rolled.hpp"
#include "tests/support/foreign.hpp"
#include "tests/support/many_variables.hpp"

namespace nabla::test {
namespace {

class RolledSource : public testing::Test {
 protected:
  // Terms in which indices advance evenly, by 1 and by -2, and a rest.
  Expr even(std::span<const Expr> v) {
    Expr f = pow(v[3], 3) + 2 * v[0];
    for (std::size_t i = 0; i + 1 < v.size(); ++i) f = f + call("sin"_fn, v[i] * v[i + 1]) * v[i];
    for (std::size_t i = 0; 2 * i < v.size(); ++i) {
      f = f + pow(v[v.size() - 1 - 2 * i], 2) * call("cos"_fn, v[2]);
    }
    return f;
  }
  Expr uneven(std::span<const Expr> v) {
    Expr f = number(g, 0);
    for (std::size_t i = 0; i < v.size(); ++i) {
      f = f + call("exp"_fn, v[i] * v[i * i % v.size()]) / (2 + v[(7 * i + i / 3) % v.size()]);
    }
    return f;
  }

  std::string code(std::string_view language, Expr f, std::span<const Expr> v,
                   std::span<const Expr> parameters = {}) {
    const auto rolled = roll(f, v);
    const auto slopes = gradient(*rolled, v);
    const auto text = generate({.language = language,
                                .name = "f",
                                .sum = &*rolled,
                                .variables = v,
                                .parameters = parameters,
                                .slopes = &*slopes});
    EXPECT_TRUE(text) << text.error().message;
    return text ? *text : "";
  }

  void expect_same_bits(std::string_view language, Expr f, std::span<const Expr> v) {
    const bool cpp = language == "cpp";
    std::string text = code(language, f, v);
    text += cpp ? "extern \"C\" double entry(const double* x, double* g) { return f(x, g); }\n"
                : "double entry(const double* x, double* g);\n"
                  "double entry(const double* x, double* g) { return f(x, g); }\n";
    const Library library(cpp ? std::vector<std::string>{"c++", "-std=c++17", "-Wconversion"}
                              : std::vector<std::string>{"cc", "-std=c99", "-Wconversion"},
                          cpp ? "code.cpp" : "code.c", text);
    ASSERT_TRUE(library) << library.messages() << text;
    const auto entry = library.find<double(const double*, double*)>("entry");
    const auto at = point(v.size());
    std::vector<double> expected(v.size()), got(v.size());
    const auto rolled = roll(f, v);
    const auto slopes = gradient(*rolled, v);
    const auto run = RolledFunction::compile(*rolled, v, {}, &*slopes);
    EXPECT_TRUE(same_bits(entry(at.data(), got.data()), (*run)(at, {}, expected))) << text;
    for (std::size_t i = 0; i < got.size(); ++i) EXPECT_TRUE(same_bits(got[i], expected[i])) << i;
  }

  Graph g;
};

TEST_F(RolledSource, LoopsHaveTheBitsOfTheRolledFunction) {
  const auto v = names(g, 60);
  for (const std::string_view language : {"c", "cpp"}) {
    expect_same_bits(language, even(v), v);
    expect_same_bits(language, uneven(v), v);
  }
}

TEST_F(RolledSource, EvenIndicesAreComputedAndUnevenOnesStandInATable) {
  const auto v = names(g, 60);
  const std::string computed = code("c", even(v), v), tabled = code("c", uneven(v), v);
  EXPECT_EQ(computed.find("static const unsigned"), std::string::npos) << computed;
  EXPECT_NE(computed.find("x[i + 1]"), std::string::npos) << computed;
  EXPECT_NE(computed.find("x[59 - 2 * i]"), std::string::npos) << computed;
  EXPECT_NE(tabled.find("static const unsigned f_index1["), std::string::npos) << tabled;
}

TEST_F(RolledSource, TheCodeIsAsLongForTenThousandTermsAsForAHundred) {
  std::size_t lines[2];
  for (const std::size_t k : {0u, 1u}) {
    const auto v = names(g, k == 0 ? 100 : 10'000);
    Expr f = number(g, 0);
    for (std::size_t i = 0; i + 1 < v.size(); ++i) f = f + pow(v[i + 1] - v[i] * v[i], 2);
    const std::string text = code("c", f, v);
    lines[k] = static_cast<std::size_t>(std::ranges::count(text, '\n'));
  }
  EXPECT_EQ(lines[0], lines[1]);
}

TEST_F(RolledSource, ParametersFollowTheArrayAndTakeNoName) {
  const auto v = names(g, 20);
  const Expr x = symbol(g, "x"), term = symbol(g, "f_term1");
  Expr f = number(g, 0);
  for (const Expr e : v) f = f + call("exp"_fn, x * e) * term;
  const std::vector<Expr> parameters{x, term};
  const std::string text = code("c", f, v, parameters);
  EXPECT_NE(text.find("double f(const double* x_, double x, double f_term1, double* gradient)"),
            std::string::npos)
      << text;
  const Library library({"cc", "-std=c99", "-Wshadow"}, "code.c", text);
  EXPECT_TRUE(library) << library.messages();
}

TEST_F(RolledSource, LanguagesWithoutArraysBehindPointersAreRefused) {
  const auto v = names(g, 20);
  const auto rolled = roll(even(v), v);
  const auto ask = [&](std::string_view language, std::string name, bool value) {
    const auto text = generate(
        {.language = language, .name = name, .sum = &*rolled, .variables = v, .value = value});
    return text ? std::string() : text.error().code;
  };
  EXPECT_EQ(ask("python", "f", true), "G405");
  EXPECT_EQ(ask("klingon", "f", true), "G401");
  EXPECT_EQ(ask("c", "while", true), "G402");
  EXPECT_EQ(ask("c", "a b", true), "G402");
  EXPECT_EQ(ask("c", "f", false), "G404");
}

}  // namespace
}  // namespace nabla::test
