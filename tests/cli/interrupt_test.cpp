// Ctrl-C where nobody is at a prompt, and descriptors that are closed, full or odd.

#include <gtest/gtest.h>

#include "tests/support/process.hpp"

namespace nabla {
namespace {

using test::Ran;
using test::shell;

constexpr const char* endless = "'sin(x*exp(x^2)/(1 + x^4))' -n 100000";

Ran interrupted(const std::string& command, const char* after = "0.7") {
  return shell("timeout --preserve-status -k 20 -s INT " + std::string(after) + " " + command);
}

TEST(Interrupt, EndsACommandWith130) {
  for (const std::string options : {"", " --json", " --timeout 100"}) {
    const Ran ran = interrupted(std::string("nabla diff ") + endless + options);
    EXPECT_EQ(ran.code, 130) << options;
    EXPECT_NE((ran.out + ran.err).find("L110"), std::string::npos) << ran.out << ran.err;
    EXPECT_NE((ran.out + ran.err).find("interrupted"), std::string::npos) << ran.out << ran.err;
  }
}

TEST(Interrupt, EndsAScriptWith130AndKeepsWhatItSaid) {
  const Ran waiting = shell("(echo 1+1; sleep 2) | timeout --preserve-status -s INT 0.7 nabla");
  EXPECT_EQ(waiting.code, 130);
  EXPECT_EQ(waiting.out, "2\n");
  const Ran working = shell(
      "printf '1+1\\ndiff(sin(x*exp(x^2)/(1 + x^4)), x, 1000)\\n3+4\\n' | "
      "timeout --preserve-status -s INT 0.7 nabla");
  EXPECT_EQ(working.code, 130);
  EXPECT_EQ(working.out, "2\n");
}

TEST(Interrupt, EndsABatchWith130AndKeepsWhatItSaid) {
  const std::string
      first = R"~({"id":1,"op":"eval","expr":"1+1"})~",
      second = R"~({"id":2,"op":"diff","order":100000,"expr":"sin(x*exp(x^2)/(1 + x^4))"})~",
      third = R"~({"id":3,"op":"eval","expr":"1+1"})~";
  const Ran waiting =
      shell("(echo '" + first + "'; sleep 2) | timeout --preserve-status -s INT 0.7 nabla batch");
  EXPECT_EQ(waiting.code, 130);
  EXPECT_EQ(test::lines_of(waiting.out).size(), 1u);
  const Ran working = shell("printf '%s\\n' '" + first + "' '" + second + "' '" + third +
                            "' | timeout --preserve-status -s INT 0.7 nabla batch");
  EXPECT_EQ(working.code, 130);
  const auto replies = test::lines_of(working.out);
  ASSERT_EQ(replies.size(), 2u);
  EXPECT_NE(replies[1].find("\"L110\""), std::string::npos);
}

TEST(Interrupt, EndsASearchWithTheBestParametersSoFar) {
  const std::string rows =
      "awk 'BEGIN { print \"x,y\"; for (i = 0; i < 100000; ++i) print i % 9 \",\" "
      "3*(i % 9) + 2 }' > search.csv; ";
  const std::string slow = " --method gd --rate 1e-9 --iterations 1000000000 --json";
  const Ran fit =
      shell(rows +
            "timeout --preserve-status -k 20 -s INT 1 nabla fit 'y ~ w*x + b' search.csv "
            "--from w=0,b=0 --step-by-step" +
            slow + "; code=$?; rm search.csv; exit $code");
  const Ran minimize = interrupted("nabla minimize '(x - 3)^2' --from x=0" + slow, "1");
  for (const Ran& ran : {fit, minimize}) {
    EXPECT_EQ(ran.code, 130) << ran.err;
    EXPECT_NE(ran.out.find("\"reason\":\"not converged: stopped after "), std::string::npos)
        << ran.out << ran.err;
  }
  EXPECT_NE(fit.out.find("\"parameters\":{\"w\":"), std::string::npos) << fit.out;
  EXPECT_NE(minimize.out.find("\"minimizer\":{\"x\":"), std::string::npos) << minimize.out;
}

TEST(Interrupt, IsLeftAloneWhereItIsIgnored) {
  const Ran ran = shell(
      "(sleep 1; echo 1+1) | (exec 3<&0; trap '' INT; nabla <&3 & p=$!; sleep 0.4; "
      "kill -INT $p; wait $p)");
  EXPECT_EQ(ran.out, "2\n");
  EXPECT_EQ(ran.code, 0);
}

TEST(Descriptors, ThatAreClosedAreErrorsWithCode5) {
  EXPECT_EQ(shell("nabla eval 1+1 >&-").code, 5);
  EXPECT_NE(shell("nabla eval 1+1 >&-").err, "");
  EXPECT_EQ(shell("nabla <&-").code, 5);
  EXPECT_EQ(shell("nabla batch <&-").code, 5);
  EXPECT_EQ(shell("nabla eval 1+1 2>&-").out, "2\n");
  EXPECT_EQ(shell("nabla eval 1+1 <&- 2>&-").out, "2\n");
  EXPECT_EQ(shell("nabla eval 1+1 > /dev/full").code, 5);
  EXPECT_EQ(shell("nabla < /").code, 5);  // a folder cannot be read
}

TEST(Descriptors, TakeAnyBytes) {
  const Ran nul = shell("printf '1+1\\0+5\\n2+2\\n' | nabla");
  EXPECT_EQ(nul.code, 3);
  EXPECT_EQ(nul.out, "4\n");
  EXPECT_NE(nul.err.find("P005"), std::string::npos) << nul.err;
  EXPECT_EQ(nul.err.find('\0'), std::string::npos);
  EXPECT_EQ(shell("printf '\\xEF\\xBB\\xBF1+1\\n' | nabla").out, "2\n");
  EXPECT_EQ(shell("printf '1+1' | nabla").out, "2\n");
  EXPECT_EQ(shell("printf '1+1\\r\\n2+2\\r\\n' | nabla").out, "2\n4\n");
  EXPECT_EQ(shell("printf '\\xff\\xfe1+1\\n' | nabla").code, 3);
  EXPECT_EQ(shell("HOME=/proc nabla <<< '1+1'").out, "2\n");
}

TEST(Results, TooLongToPrintAreLimitErrors) {
  for (const char* options : {"", "--json", "--format latex", "--format sexpr", "--format dot"}) {
    const Ran ran =
        shell("nabla expand '(x+1)^100' --limit output_bytes=100 " + std::string(options));
    EXPECT_EQ(ran.code, 4) << options << ran.err;
    EXPECT_NE((ran.out + ran.err).find("L106"), std::string::npos) << options;
  }
}

}  // namespace
}  // namespace nabla
