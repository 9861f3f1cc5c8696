#include "lib/eval/reciprocals.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "lib/core/build.hpp"
#include "lib/core/graph.hpp"
#include "lib/eval/function.hpp"
#include "parser/parse.hpp"

namespace nabla::test {
namespace {

struct Texts {
  Graph g;
  std::vector<Expr> inputs, outputs;

  explicit Texts(std::initializer_list<const char*> texts) {
    for (const char* name : {"x", "y", "z"}) inputs.push_back(symbol(g, name));
    for (const char* text : texts) outputs.push_back(parse(g, text)->value.entries[0]);
  }
  Tape tape() const { return *record(inputs, outputs); }
};

std::string rewritten(std::initializer_list<const char*> texts) {
  const Tape tape = with_reciprocals(Texts(texts).tape());
  EXPECT_EQ(find_fault(tape), std::nullopt);
  return to_text(tape);
}

std::size_t divisions(const std::string& text) {
  std::size_t count = 0;
  for (std::size_t at = text.find("divide"); at != text.npos; at = text.find("divide", at + 1)) {
    ++count;
  }
  return count;
}

TEST(Reciprocals, WhatDividesTwiceIsInvertedOnce) {
  EXPECT_EQ(divisions(rewritten({"x/z", "y/z", "(x+y)/z"})), 1u);
}

TEST(Reciprocals, APowerOfADivisorIsInvertedByMultiplying) {
  EXPECT_EQ(divisions(rewritten({"x/z", "y/z^2", "x/z^3", "1/z^6"})), 1u);
  EXPECT_EQ(divisions(rewritten({"x/y", "x/z", "1/(y*z)"})), 2u);
}

TEST(Reciprocals, WhatDividesOnceAndConstantsStayDivisors) {
  for (const auto& texts : {"x/y + y/z", "x/3 + y/3", "1/(y*z)", "exp(x)/(1+z)"}) {
    EXPECT_EQ(rewritten({texts}), to_text(Texts({texts}).tape()));
  }
}

TEST(Reciprocals, ALoopOverRowsHasItsOwn) {
  Graph g;
  const Expr a = symbol(g, "a"), x = column(g, "x"), y = column(g, "y");
  const Expr f = data_sum(x / y + 1 / y + x / (1 + y * a)) + 1 / a + call("exp", a) / a;
  const Tape tape = with_reciprocals(*record(std::vector{a}, std::vector{f}));
  EXPECT_EQ(find_fault(tape), std::nullopt);
  EXPECT_EQ(divisions(to_text(tape)), 3u);
}

TEST(Reciprocals, ValuesMoveByRoundingOnly) {
  const Texts problem{"x/z - y/z", "x/z^2 + y/(z*x)", "exp(x)/(1+z^2) + x/(1+z^2)^2", "1/z"};
  const auto plain = *Function::compile(problem.inputs, problem.outputs);
  const auto fast = *Function::compile(problem.inputs, problem.outputs, {.reciprocals = true});
  double in[3] = {0.3, 0.7, 0.9}, expected[4], got[4];
  for (int k = 0; k < 1000; ++k) {
    for (double& x : in) x = std::fmod(x * 7.1 + 0.37, 3) + 0.01;
    plain(in, expected);
    fast(in, got);
    for (int i = 0; i < 4; ++i) {
      // Against what is added up: the first is a difference.
      const double scale = i == 0 ? (in[0] + in[1]) / in[2] : std::fabs(expected[i]);
      EXPECT_NEAR(got[i], expected[i], 8e-16 * scale);
    }
  }
}

TEST(Reciprocals, DividingByZeroAndByInfinityStaysAsItIs) {
  const Texts problem{"x/z", "y/z", "x/z^2"};
  const auto plain = *Function::compile(problem.inputs, problem.outputs);
  const auto fast = *Function::compile(problem.inputs, problem.outputs, {.reciprocals = true});
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (const double x : {0.0, 1.5, -2.0, infinity}) {
    for (const double z : {0.0, -0.0, infinity, -infinity}) {
      const double in[3] = {x, 1, z};
      double expected[3], got[3];
      plain(in, expected);
      fast(in, got);
      for (int i = 0; i < 3; ++i) {
        if (std::isnan(expected[i])) {
          EXPECT_TRUE(std::isnan(got[i]));
        } else {
          EXPECT_EQ(got[i], expected[i]) << x << " " << z;
        }
      }
    }
  }
}

}  // namespace
}  // namespace nabla::test
