// Nothing that is printed depends on where things lie in memory: the same questions in processes
// with other addresses, other allocators' habits and another environment have the same answers.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/process.hpp"

namespace nabla::test {
namespace {

std::string x(std::size_t i) { return "x_" + std::to_string(i); }

// W3, W6, W7, W8, W10 and W12 as text, smaller.
std::vector<std::string> workloads() {
  std::string rosenbrock, product = "1", chain, reactions;
  for (std::size_t i = 1; i < 12; ++i) {
    rosenbrock +=
        (i == 1 ? "(1 - " : " + (1 - ") + x(i) + ")^2 + 100*(" + x(i + 1) + " - " + x(i) + "^2)^2";
    product += "*" + x(i);
    chain +=
        (i == 1 ? "" : " + ") + x(i) + "^2*" + x(i + 1) + " + sin(" + x(i) + "*" + x(i + 1) + ")";
    reactions += (i == 1 ? "" : " - ") + std::to_string(i) + "/7*" + x(i) + "*" + x(13 - i);
  }
  return {rosenbrock,
          product,
          chain,
          reactions,
          "sin(sin(sin(sin(x))))",
          "exp(sin(exp(sin(x*y))))/(1 + exp(-x))",
          "a*(t*p - q*s) - b*(d*p - q*c) + r*(d*s - t*c)",
          "log(exp(a) + exp(b) + exp(c))*atan2(a, b) + max(a*b, c)^2"};
}

std::string answers(const std::string& before) {
  std::string script;
  for (const std::string& f : workloads()) {
    for (const char* question :
         {"grad", "hessian", "cost", "codegen --what value,grad,hessian",
          "codegen --faithful --what grad", "codegen --roll --lang cpp", "simplify"}) {
      script += before + " nabla " + question + " '" + f + "' 2>&1\n";
    }
  }
  return shell(script).out;
}

TEST(Steady, AnswersDoNotDependOnAddresses) {
  const std::string usual = answers("");
  EXPECT_GT(usual.size(), 10'000u);
  EXPECT_EQ(usual.find("error["), std::string::npos) << usual;
  EXPECT_EQ(usual, answers(""));
  EXPECT_EQ(usual, answers("MALLOC_PERTURB_=165 MALLOC_MMAP_THRESHOLD_=65536 MALLOC_TOP_PAD_=1"));
  EXPECT_EQ(usual, answers("PADDING=" + std::string(1000, 'x')));
  if (shell("setarch -R true").code == 0) {
    EXPECT_EQ(usual, answers("setarch -R"));
  }
}

}  // namespace
}  // namespace nabla::test
