// nabla codegen --verify: generated code run by its own language and compared.

#include <gtest/gtest.h>

#include <string>

#include "tests/support/process.hpp"

namespace nabla::test {
namespace {

// Each with a folder $D of its own, whose programs are found first.
Ran in_folder(const std::string& command) {
  return shell("D=$(mktemp -d); export PATH=$D:$PATH; " + command + "; S=$?; rm -r $D; exit $S");
}

TEST(Verify, ComparesEveryLanguageThatIsHere) {
  int compared = 0;
  for (const char* language :
       {"c", "cpp", "cuda", "python", "numpy", "js", "rust", "julia", "fortran", "matlab"}) {
    for (const char* text : {"x*exp(-x^2)*sin(y) + if(x > 0, sqrt(x), 0) + max(x, y)",
                             "mean((w*x_i + b - y_i)^2)", "pi^2", "log(x)/x"}) {
      const Ran ran = shell("nabla codegen '" + std::string(text) + "' --what value,grad --lang " +
                            language + " --verify > /dev/null");
      if (ran.code == 6) break;
      EXPECT_EQ(ran.code, 0) << language << ": " << text << "\n" << ran.err;
      EXPECT_EQ(ran.err.find("verified with '"), 0u) << ran.err;
      ++compared;
    }
  }
  EXPECT_GE(compared, 8);  // C and C++, which built this test
}

TEST(Verify, OfCGivesTheSameBits) {
  const Ran ran = shell("nabla codegen 'exp(x)*cos(x)' --verify --json");
  ASSERT_EQ(ran.code, 0) << ran.err;
  EXPECT_NE(ran.out.find("\"verified\":{\"tool\":\"cc\",\"points\":38,\"results\":2,"
                         "\"exceptions\":0,\"max_ulps\":0}"),
            std::string::npos)
      << ran.out;
}

TEST(Verify, CountsPointsWherePythonRaises) {
  const Ran ran = shell("nabla codegen 'log(x)' --lang python --verify > /dev/null");
  if (ran.code == 6) GTEST_SKIP() << ran.err;
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_NE(ran.err.find("an exception at "), std::string::npos) << ran.err;
}

TEST(Verify, EndsWith6WhereTheToolIsMissing) {
  for (const char* language : {"c", "python", "numpy", "julia"}) {
    const Ran ran =
        shell("N=$(command -v nabla); PATH=/nonexistent $N codegen x^2 --verify --lang " +
              std::string(language));
    EXPECT_EQ(ran.code, 6);
    EXPECT_NE(ran.out.find("x * x"), std::string::npos) << "the code itself is there: " << ran.out;
    EXPECT_NE(ran.err.find("error[G406]"), std::string::npos) << ran.err;
  }
}

TEST(Verify, ShowsWhereTheCodeDiffers) {
  const Ran ran = in_folder(
      "printf '#!/bin/sh\\nfor i in $(seq 200); do echo 0000000000000000; done\\n' > $D/python3; "
      "chmod +x $D/python3; nabla codegen 'x + 1' --lang python --what value --verify > /dev/null");
  EXPECT_EQ(ran.code, 1);
  EXPECT_NE(ran.err.find("error[D206]: the code differs at x="), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("the value is 0 there, "), std::string::npos) << ran.err;
}

TEST(Verify, SaysWhatTheToolComplainsAbout) {
  const Ran ran = in_folder(
      "printf '#!/bin/sh\\necho line one\\necho an error in it\\nexit 1\\n' > $D/cc; chmod +x "
      "$D/cc; "
      "nabla codegen 'x + 1' --verify > /dev/null");
  EXPECT_EQ(ran.code, 1);
  EXPECT_NE(ran.err.find("refused by 'cc'"), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("an error in it"), std::string::npos) << ran.err;
}

TEST(Verify, LeavesNothingBehindAndNeedsNoQuotes) {
  const Ran ran = in_folder(
      "mkdir \"$D/a b'c\"; export TMPDIR=\"$D/a b'c\"; "
      "nabla codegen 'x + 1' --verify > /dev/null && ls -A \"$TMPDIR\"");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.out, "");
}

TEST(Verify, IsStoppedByTheTimeWithWhatItStarted) {
  const Ran ran = in_folder(
      "printf '#!/bin/sh\\nsleep 1000\\n' > $D/cc; chmod +x $D/cc; "
      "nabla codegen 'x + 1' --verify --timeout 0.2 > /dev/null");
  EXPECT_EQ(ran.code, 4) << ran.err;
  EXPECT_NE(ran.err.find("the time is up"), std::string::npos) << ran.err;
}

}  // namespace
}  // namespace nabla::test
