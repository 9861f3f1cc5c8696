#include "lib/eval/polynomials.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "lib/calculus/gradient.hpp"
#include "lib/core/build.hpp"
#include "lib/core/graph.hpp"
#include "lib/eval/function.hpp"
#include "parser/parse.hpp"

namespace nabla::test {
namespace {

struct Texts {
  Graph g;
  std::vector<Expr> inputs, outputs;

  explicit Texts(const std::vector<const char*>& texts) {
    for (const char* name : {"x", "y", "z"}) inputs.push_back(symbol(g, name));
    for (const char* text : texts) outputs.push_back(parse(g, text)->value.entries[0]);
  }
  Tape tape() const { return *record(inputs, outputs); }
};

Tape nested(const Tape& tape) {
  Tape result = with_nested_polynomials(tape);
  EXPECT_EQ(find_fault(result), std::nullopt) << to_text(result);
  return result;
}

const char* const degree_six = "1 - 0.5*x + 0.25*x^2 - 0.125*x^3 + 0.6*x^4 - 0.3*x^5 + 0.15*x^6";

TEST(Polynomials, APairOfTermsIsOneStepOfHornersRuleInTheSquare) {
  EXPECT_EQ(to_text(nested(Texts({"1 + 2*x + 3*x^2 + 4*x^3"}).tape())),
            "t0 = multiply x x\n"
            "t1 = multiply 4 x\nt2 = add 3 t1\n"
            "t3 = multiply 2 x\nt4 = add 1 t3\n"
            "t5 = multiply t0 t2\nt6 = add t4 t5\nreturn t6\n");
}

TEST(Polynomials, TakeFewerOperations) {
  const Tape tape = Texts({degree_six}).tape();
  EXPECT_EQ(tape.operations(), 17u);
  EXPECT_EQ(nested(tape).operations(), 13u);
}

TEST(Polynomials, ValueAndDerivativeThatShareTheirPowersAreNestedTogether) {
  Texts problem({degree_six});
  const Expr f = problem.outputs[0];
  problem.outputs.push_back((*gradient(f, std::span(problem.inputs).first(1)))[0]);
  const Tape tape = problem.tape();
  EXPECT_LT(nested(tape).operations() + 3, tape.operations());
}

TEST(Polynomials, WhatWouldNotGetShorterStays) {
  for (const char* text : {"1 + x^8", "x + y + z", "x^2 + y^2 + z^2", "x^3 + y^3 + z^3 + 1"}) {
    const Tape tape = Texts({text}).tape();
    EXPECT_EQ(to_text(nested(tape)), to_text(tape));
  }
}

TEST(Polynomials, ValuesMoveByRoundingOnly) {
  const std::vector<const char*> texts{
      degree_six,
      "x^2 - 3*x^4 + 0.2*x^6 - x^8/8 + x^10",                       // even
      "x - x^3/6 + x^5/120 - x^7/5040 + x^9",                       // odd
      "2*x^3 + 3*x^4 - x^5 + x^6 + 7*x^7",                          // a common factor
      "sin(y) - x^3 + 2*x^2 - (4*x - x^4*2.5) - z + 5",             // other terms, signs
      "1 + (x-y) + 2*(x-y)^2 + 3*(x-y)^3 + 4*(x-y)^4 - 5*(x-y)^5",  // of an expression
  };
  const Texts problem(texts);
  const auto plain = *Function::compile(problem.inputs, problem.outputs);
  for (const bool contract : {false, true}) {
    const auto fast = *Function::compile(problem.inputs, problem.outputs,
                                         {.contract = contract, .polynomials = true});
    EXPECT_LT(fast.operations(), plain.operations());
    std::vector<double> in{0.3, 0.7, 0.9}, expected(texts.size()), got(texts.size());
    for (int k = 0; k < 1000; ++k) {
      for (double& x : in) x = std::fmod(x * 7.1 + 0.37, 3) - 1.5;
      plain(in, expected);
      fast(in, got);
      const double x = std::max({std::fabs(in[0]), std::fabs(in[0] - in[1]), 1.0});
      for (std::size_t i = 0; i < texts.size(); ++i) {
        EXPECT_NEAR(got[i], expected[i], 1e-14 * std::pow(x, 10)) << texts[i];
      }
    }
  }
}

TEST(Polynomials, ALoopOverRowsKeepsItsOwn) {
  Graph g;
  const Expr a = symbol(g, "a"), x = column(g, "x");
  const Expr f = data_sum(1 + x + 2 * pow(x, 2) + 3 * pow(x, 3) + 4 * pow(x, 4)) + a +
                 2 * pow(a, 2) + 3 * pow(a, 3) + 4 * pow(a, 4);
  const Tape tape = *record(std::vector{a}, std::vector{f});
  EXPECT_LT(nested(tape).operations(), tape.operations());
}

}  // namespace
}  // namespace nabla::test
