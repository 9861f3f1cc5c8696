// Products of powers by their logarithmic derivative.

#include <cmath>

#include "lib/calculus/operations.hpp"
#include "tests/calculus/support.hpp"

namespace nabla::test {
namespace {

class LogarithmicGradient : public Calculus {
 protected:
  void expect_same_as_gradient(Expr f) {
    const auto plain = grad(f);
    const auto logarithmic = logarithmic_gradient(f, xyz);
    ASSERT_TRUE(logarithmic);
    for (std::size_t i = 0; i < 3; ++i) {
      const double a = at(plain[i], 0.9, 0.5, 0.75, 256),
                   b = at((*logarithmic)[i], 0.9, 0.5, 0.75, 256);
      EXPECT_NEAR(a, b, 1e-15 * std::max(1.0, std::fabs(a))) << i;
    }
  }
};

TEST_F(LogarithmicGradient, EqualsTheGradientOnProductsOfPowers) {
  expect_same_as_gradient(7 * pow(x, 2 * y) * pow(y, 3 * z) * pow(z, x));
  expect_same_as_gradient(pow(x, y) * pow(x, z) + pow(pow(y, z), x));
}

TEST_F(LogarithmicGradient, LeavesOtherProductsToTheProductRule) {
  expect_same_as_gradient(x * y * z + x * pow(y, z));
  EXPECT_EQ(*logarithmic_gradient(x * y * z, xyz), grad(x * y * z));
}

TEST_F(LogarithmicGradient, MixesWithEverythingAround) {
  const Expr p = pow(x, y) * pow(y, z);
  expect_same_as_gradient(call("sin"_fn, p) * p + pow(p, 2) + call("exp"_fn, x) * p);
  expect_same_as_gradient(select(less(x, y), num(0), p) * p);
}

TEST_F(LogarithmicGradient, TakesHalfTheOperationsOfALongExpandedPower) {
  Expr f = num(0);
  for (int i = 0; i <= 12; ++i) {
    for (int j = 0; i + j <= 12; ++j) {
      f = f + (i + 2) * (pow(x, i * y) * pow(y, j * z) * pow(z, (12 - i - j) * x));
    }
  }
  expect_same_as_gradient(f);
  const auto logarithmic = *logarithmic_gradient(f, {&x, 1});
  const std::vector plain{d(f, x)};
  EXPECT_LT(nabla::operations(logarithmic).count, nabla::operations(plain).count * 3 / 4);
}

}  // namespace
}  // namespace nabla::test
