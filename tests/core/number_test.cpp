// Exact numbers: two words on the fast path, GMP beyond, one rounding on the way to double.

#include "lib/core/number.hpp"

#include <gmpxx.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>
#include <string>

namespace nabla {
namespace {

constexpr auto largest = std::numeric_limits<std::int64_t>::max();
constexpr auto smallest = std::numeric_limits<std::int64_t>::min();

mpq_class reference(std::int64_t n, std::int64_t d) {
  mpq_class q(mpz_class(std::to_string(n)), mpz_class(std::to_string(d)));
  q.canonicalize();
  return q;
}

TEST(Number, IsKeptInLowestTermsWithAPositiveDenominator) {
  EXPECT_EQ(Number::ratio(6, -4).to_string(), "-3/2");
  EXPECT_EQ(Number::ratio(0, -7).to_string(), "0");
  EXPECT_EQ(Number::ratio(8, 4).to_string(), "2");
  EXPECT_TRUE(Number::ratio(8, 4).is_integer());
}

TEST(Number, LeavesTheFastPathWithoutLosingADigit) {
  EXPECT_EQ((Number(largest) + Number(1)).to_string(), "9223372036854775808");
  EXPECT_EQ((Number(largest) * Number(largest)).to_string(),
            "85070591730234615847396907784232501249");
  EXPECT_EQ((-Number(smallest)).to_string(), "9223372036854775808");
  EXPECT_EQ((Number(smallest) + Number(-1)).to_string(), "-9223372036854775809");
  EXPECT_EQ(Number(smallest).inverse().to_string(), "-1/9223372036854775808");
}

TEST(Number, ComesBackToTheFastPath) {
  const Number big = Number(largest) * Number(largest);
  EXPECT_EQ(big * Number(largest).inverse(), Number(largest));
  EXPECT_EQ((big * Number(largest).inverse()).as_int64(), largest);
}

TEST(Number, TheSmallestIntegerIsOneNumberHoweverItIsMade) {
  const Number direct = smallest, computed = Number(smallest + 1) + Number(-1);
  EXPECT_EQ(direct, computed);
  EXPECT_EQ(direct.as_int64(), smallest);
  EXPECT_EQ(computed.as_int64(), smallest);
}

TEST(Number, ReadsDigitsOfAnyLength) {
  EXPECT_EQ(Number::from_digits("0"), Number(0));
  EXPECT_EQ(Number::from_digits("007"), Number(7));
  const std::string long_digits(400, '7');
  EXPECT_EQ(Number::from_digits(long_digits).to_string(), long_digits);
}

TEST(Number, PowersAndRootsAreExact) {
  EXPECT_EQ(power(Number(2), 200).to_string(),
            "1606938044258990275541962092341162602522202993782792835301376");
  EXPECT_EQ(power(Number::ratio(2, 3), -3), Number::ratio(27, 8));
  EXPECT_EQ(power(Number(-1), 1'000'000'001), Number(-1));
  EXPECT_EQ(root(Number::ratio(8, 27), 3), Number::ratio(2, 3));
  EXPECT_EQ(root(Number(2), 2), std::nullopt);
  EXPECT_EQ(root(Number(-8), 3), std::nullopt);
}

TEST(Number, FloorGoesDown) {
  EXPECT_EQ(Number::ratio(7, 2).floor(), Number(3));
  EXPECT_EQ(Number::ratio(-7, 2).floor(), Number(-4));
  EXPECT_EQ((power(Number(10), 40) * Number::ratio(-1, 3)).floor().to_string(),
            "-3333333333333333333333333333333333333334");
}

TEST(Number, PredictsSizesBeforeTheyAreComputed) {
  const Number a = power(Number(3), 500), b = power(Number(7), 300);
  Limits limits;
  const auto fits = [&](std::size_t bits, auto predicted, auto... operands) {
    limits.number_bits = bits;
    return predicted(operands..., limits);
  };
  EXPECT_TRUE(fits((a * b).bits(), product_fits, a, b));
  EXPECT_FALSE(fits((a * b).bits() - 2, product_fits, a, b));
  EXPECT_TRUE(fits((a + b).bits(), sum_fits, a, b));
  EXPECT_FALSE(fits((a + b).bits() - 2, sum_fits, a, b));
  EXPECT_TRUE(fits(a.bits(), power_fits, Number(3), Number(500)));
  EXPECT_FALSE(fits(a.bits() - 1, power_fits, Number(3), Number(500)));
  EXPECT_FALSE(fits(1'000'000'000, power_fits, Number(9), power(Number(9), 9)));
}

TEST(Number, LongNumbersReadBackAsTheyArePrinted) {
  const Number a = power(Number(7), 1'000'000);
  EXPECT_EQ(Number::from_digits(a.to_string()), a);
  const Number b = a * power(Number(10), 2'000'000);
  EXPECT_EQ(Number::from_digits(b.to_string()), b);
  EXPECT_EQ((-a).to_string(), "-" + a.to_string());
}

TEST(Number, LongDenominatorsAreNotBroughtToLowestTerms) {
  const Number a = power(Number(3), -1'000'000), b = power(Number(2), -1'500'000);
  EXPECT_FALSE(sum_fits(a, b, {}));
  EXPECT_FALSE(product_fits(a, b.inverse(), {}));
  EXPECT_TRUE(product_fits(a, b, {}));
}

TEST(Number, RoundsToTheNearestDoubleOnce) {
  EXPECT_EQ(Number::ratio(1, 3).to_double(), 1.0 / 3.0);
  EXPECT_EQ(Number(largest).to_double(), 9223372036854775807.0);
  // 2^53 + 1 is a tie and goes to the even neighbour; one more bit breaks the tie upwards.
  EXPECT_EQ((power(Number(2), 53) + Number(1)).to_double(), 9007199254740992.0);
  EXPECT_EQ(((power(Number(2), 53) + Number(1)) + power(Number(2), -80)).to_double(),
            9007199254740994.0);
  EXPECT_EQ(power(Number(10), 400).to_double(), std::numeric_limits<double>::infinity());
  EXPECT_EQ(power(Number(10), -400).to_double(), 0.0);
  EXPECT_EQ((-power(Number(10), 400)).to_double(), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(power(Number(2), -1074).to_double(), std::numeric_limits<double>::denorm_min());
  EXPECT_EQ((power(Number(2), -1075)).to_double(), 0.0);  // tie to even
  EXPECT_EQ((power(Number(2), -1075) * Number(3)).to_double(),
            2 * std::numeric_limits<double>::denorm_min());
}

RC_GTEST_PROP(NumberProperty, ArithmeticAgreesWithGmp, (std::int64_t a, std::int64_t c)) {
  const auto b = *rc::gen::nonZero<std::int64_t>(), d = *rc::gen::nonZero<std::int64_t>();
  const Number x = Number::ratio(a, b), y = Number::ratio(c, d);
  const mpq_class p = reference(a, b), q = reference(c, d);
  RC_ASSERT((x + y).to_string() == mpq_class(p + q).get_str());
  RC_ASSERT((x - y).to_string() == mpq_class(p - q).get_str());
  RC_ASSERT((x * y).to_string() == mpq_class(p * q).get_str());
  if (c != 0) RC_ASSERT((x / y).to_string() == mpq_class(p / q).get_str());
  RC_ASSERT((x < y) == (p < q));
  RC_ASSERT((x == y) == (p == q));
  if (x == y) RC_ASSERT(x.hash() == y.hash());
}

RC_GTEST_PROP(NumberProperty, ADoubleSurvivesTheWayThroughARational, (std::int64_t bits)) {
  double value = 0;
  std::memcpy(&value, &bits, sizeof value);
  RC_PRE(std::isfinite(value));
  RC_ASSERT(Number::from_double(value).to_double() == value);
}

RC_GTEST_PROP(NumberProperty, TheNearestDoubleIsNearest, (std::int64_t a)) {
  const auto b = *rc::gen::nonZero<std::int64_t>();
  const Number exact = Number::ratio(a, b);
  const double value = exact.to_double();
  const auto distance = [&](double v) {
    const Number gap = Number::from_double(v) - exact;
    return gap.sign() < 0 ? -gap : gap;
  };
  RC_ASSERT(!(distance(std::nextafter(value, INFINITY)) < distance(value)));
  RC_ASSERT(!(distance(std::nextafter(value, -INFINITY)) < distance(value)));
}

}  // namespace
}  // namespace nabla
