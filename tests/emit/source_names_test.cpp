#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include "lib/core/graph.hpp"
#include "lib/emit/names.hpp"
#include "lib/emit/source.hpp"
#include "tests/emit/run_source.hpp"

namespace nabla::test {
namespace {

// What people call their variables, and what languages call theirs.
const std::vector<std::string>& attacks() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all{
        "int",      "int_",  "int_2", "int__",       "lambda",  "lambda_", "gamma",    "beta",
        "y0",       "y1",    "j0",    "jn",          "I",       "NULL",    "NAN",      "M_PI",
        "self",     "end",   "im",    "e",           "E",       "pi",      "inf",      "nan",
        "sin",      "sinf",  "sinl",  "cos_",        "exp",     "log",     "pow",      "sqrt",
        "fabs",     "abs",   "math",  "std",         "main",    "double",  "float",    "True",
        "None",     "None_", "def",   "class",       "return",  "for",     "if",       "not",
        "and",      "or",    "xor",   "t1",          "t2",      "t1_",     "s1",       "n",
        "i",        "x",     "y",     "gradient",    "hessian", "f",       "value",    "_",
        "__",       "___",   "_x",    "_X",          "__x",     "a__b",    "a_b",      "x_",
        "__file__", "_1",    "linux", "unix",        "errno",   "signgam", "size_t",   "typeof",
        "bool",     "true",  "this",  "template",    "new",     "delete",  "operator", "nullptr",
        "print",    "range", "len",   "max",         "min",     "sum",     "co_await", "constexpr",
        "INFINITY", "near",  "asm",   "register",    "async",   "await",   "nonlocal", "match",
        "X",        "SIN",   "If",    "np",          "Math",    "None",    "let",      "function",
        "_pow",     "ieee",  "_ieee", "real_or_nan", "c_floor", "f64",     "merge",    "undefined"};
    std::ranges::sort(all);
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
  }();
  return names;
}

class Names : public testing::TestWithParam<std::string> {};

TEST_P(Names, NeverMeetAndNeverBelongToTheLanguage) {
  const Dialect& dialect = *std::ranges::find(dialects, GetParam(), &Dialect::name);
  Identifiers identifiers(dialect);
  const auto spelled = identifiers.take(attacks());
  std::set<std::string> distinct;
  for (std::size_t i = 0; i < spelled.size(); ++i) {
    EXPECT_TRUE(is_identifier(spelled[i])) << attacks()[i];
    EXPECT_FALSE(identifiers.is_reserved(spelled[i])) << spelled[i];
    EXPECT_TRUE(distinct.insert(spelled[i]).second) << spelled[i] << " twice";
    if (!dialect.folds_case && !Identifiers(dialect).is_reserved(attacks()[i])) {
      EXPECT_EQ(spelled[i], attacks()[i]) << "changed without need";
    }
  }
  EXPECT_TRUE(distinct.insert(identifiers.fresh("int")).second);
  EXPECT_TRUE(distinct.insert(identifiers.fresh("t1")).second);
}

TEST_P(Names, OfVariablesMayBeWordsOfTheLanguage) {
  // Few enough for a C compiler's least number of parameters, with a gradient and shared parts.
  for (std::size_t begin = 0; begin < attacks().size(); begin += 40) {
    Graph g;
    std::vector<Expr> inputs;
    std::vector<double> at;
    Expr f = number(g, 0), shared = number(g, 0);
    double expected = 0;
    const std::size_t end = std::min(begin + 40, attacks().size());
    for (std::size_t i = begin; i < end; ++i) {
      inputs.push_back(symbol(g, attacks()[i]));
      at.push_back(static_cast<double>(1 + i));
      f = f + (2 + static_cast<double>(i)) * inputs.back();
      shared = shared + call("sqrt", inputs.back()) * 0;
      expected += static_cast<double>((1 + i) * (2 + i));
    }
    const SourceRequest request{
        .language = GetParam(), .name = "f", .inputs = inputs, .function = f};
    const auto result = run_source(request, at);
    if (!result.available) GTEST_SKIP() << result.messages;
    ASSERT_EQ(result.values.size(), 1u) << result.messages;
    EXPECT_EQ(result.values[0], expected);
  }
}

TEST_P(Names, OfFunctionsAreRefusedWhenTheLanguageHasAnotherUseForThem) {
  Graph g;
  const Expr x = symbol(g, "x");
  for (const char* name : {"", "x+1", "a b", "f\n", "1f", "f;", "return", "while", "naïve"}) {
    const auto code =
        generate({.language = GetParam(), .name = name, .inputs = {x}, .function = x});
    ASSERT_FALSE(code) << name;
    EXPECT_EQ(code.error().code, "G402");
  }
}

INSTANTIATE_TEST_SUITE_P(Languages, Names, testing::ValuesIn(all_languages()),
                         [](const auto& info) { return info.param; });

TEST(NamesOfC, KeepIntAndIntUnderscoreApart) {
  Graph g;
  const Expr a = symbol(g, "int"), b = symbol(g, "int_");
  const auto result =
      run_source({.language = "c", .name = "f", .inputs = {a, b}, .function = a + b}, {1, 10});
  if (!result.available) GTEST_SKIP() << result.messages;
  ASSERT_EQ(result.values.size(), 1u) << result.messages;
  EXPECT_EQ(result.values[0], 11);
}

TEST(NamesOfPython, AllowLambda) {
  Graph g;
  const Expr lambda = symbol(g, "lambda");
  const auto result = run_source(
      {.language = "python", .name = "f", .inputs = {lambda}, .function = lambda * 2}, {3});
  if (!result.available) GTEST_SKIP() << result.messages;
  ASSERT_EQ(result.values.size(), 1u) << result.messages;
  EXPECT_EQ(result.values[0], 6);
}

TEST(NamesInTheGraph, AreIdentifiersBeforeAnyGeneratorSeesThem) {
  Graph g;
  for (const char* name : {"x+1", "a\nprint(1)", "x;", "x*/", "", "1x", "é", "x y", "\"\"\""}) {
    EXPECT_THROW(symbol(g, name), NameError) << name;
    EXPECT_THROW(column(g, name), NameError) << name;
  }
}

TEST(ColumnsAndInputs, MayHaveTheSameName) {
  Graph g;
  const Expr x = symbol(g, "x"), xs = column(g, "x");
  const auto code = generate(
      {.language = "c", .name = "f", .inputs = {x}, .function = data_sum(call("sin"_fn, x * xs))});
  ASSERT_TRUE(code);
  EXPECT_NE(code->find("double f(double x, const double* x_, size_t n) {"), std::string::npos)
      << *code;
}

}  // namespace
}  // namespace nabla::test
