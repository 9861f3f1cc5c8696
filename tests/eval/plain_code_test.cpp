// Tapes that are copied array by array are those that need no translation, and give the same bits.

#include "lib/eval/plain_code.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "lib/core/build.hpp"
#include "lib/core/graph.hpp"
#include "lib/eval/interpret.hpp"
#include "lib/eval/stages.hpp"

namespace nabla {
namespace {

class PlainCode : public testing::Test {
 protected:
  std::optional<Code> plain(Expr f, const CompileOptions& options = {}, bool columns = false) {
    return plain_code(*record(std::vector{x, y}, std::vector{f}), options, columns);
  }
  double value(const Code& code, double at, double and_at) {
    EXPECT_FALSE(find_fault(code)) << *find_fault(code);
    const double in[] = {at, and_at};
    double out = 0;
    PointInterpreter(code).run(in, &out);
    return out;
  }

  Graph g;
  Expr x = symbol(g, "x"), y = symbol(g, "y");
};

TEST_F(PlainCode, ComputesWhatTheTapeSays) {
  const Expr f = call("sin"_fn, -x) * call("abs"_fn, y) + pow(x, y) / 3 - call("atan2"_fn, x, y);
  const auto code = plain(f);
  ASSERT_TRUE(code);
  const double a = 0.7, b = -2.0;
  EXPECT_EQ(value(*code, a, b),
            std::sin(-a) * std::fabs(b) + std::pow(a, b) / 3 - std::atan2(a, b));
}

TEST_F(PlainCode, TakesConditionsThatAreReadAsSuch) {
  const auto code = plain(select(both(less(x, y), negation(equal(x, number(g, 0)))), x / y, y));
  ASSERT_TRUE(code);
  EXPECT_EQ(value(*code, 1, 2), 0.5);
  EXPECT_EQ(value(*code, 0, 2), 2.0);
  EXPECT_EQ(value(*code, 3, 2), 2.0);
}

TEST_F(PlainCode, LeavesConditionsThatAreNumbersToTheTranslation) {
  EXPECT_FALSE(plain(less(x, y) * x));
  EXPECT_FALSE(plain(less(x, y)));
  EXPECT_EQ(value(point_stages(*record(std::vector{x, y}, std::vector{less(x, y) * x}), {})
                      .stages.front()
                      .code,
                  3, 4),
            3.0);
}

TEST_F(PlainCode, LeavesWhatBecomesOtherStepsToTheTranslation) {
  EXPECT_FALSE(plain(x * y + x, {.contract = true}));
  EXPECT_FALSE(plain(call("sin"_fn, x), {.math = Math::fast}));
  EXPECT_TRUE(plain(x * y + x, {.math = Math::fast}));
  EXPECT_FALSE(
      plain_code(*record(std::vector{x}, std::vector{data_sum(x * column(g, "d"))}), {}, false));
}

TEST_F(PlainCode, HasEveryConstantOnce) {
  const auto code = plain(-x * literal(g, -0.0) + -y);
  ASSERT_TRUE(code);
  EXPECT_EQ(code->constants.size(), 1u) << "the sign that negation flips is there already";
}

TEST_F(PlainCode, ReadsInputsAsColumnsOrUniforms) {
  EXPECT_EQ(plain(x + y)->uniforms, 2u);
  EXPECT_EQ(plain(x + y)->columns, 0u);
  EXPECT_EQ(plain(x + y, {}, true)->columns, 2u);
  EXPECT_EQ(plain(x + y, {}, true)->uniforms, 0u);
}

}  // namespace
}  // namespace nabla
