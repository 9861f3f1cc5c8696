#include <clocale>
#include <cmath>

#include "tests/parser/reading.hpp"

namespace nabla {
namespace {

using Numbers = Text;

TEST_F(Numbers, StayExactWhenTheyAreIntegersOrFractions) {
  EXPECT_EQ(expr("2/3"), rational(g, 2, 3));
  EXPECT_EQ(value("(2^64+1)-2^64"), 1);
  EXPECT_EQ(value("10^400/10^399"), 10);
  EXPECT_EQ(expr("123456789012345678901234567890 - 123456789012345678901234567889"), number(g, 1));
  EXPECT_EQ(expr("0007"), number(g, 7));
}

TEST_F(Numbers, WithAPointOrAnExponentAreDoubles) {
  EXPECT_EQ(expr("0.1"), real(g, 0.1));
  EXPECT_EQ(expr("1e-3"), real(g, 0.001));
  EXPECT_EQ(expr(".5"), real(g, 0.5));
  EXPECT_EQ(expr("2."), real(g, 2));
  EXPECT_EQ(expr("2.5E+2"), real(g, 250));
  EXPECT_EQ(value("4.9e-324"), 4.9e-324);
  EXPECT_EQ(value("1.7976931348623157e308"), 1.7976931348623157e308);
}

TEST_F(Numbers, OutOfRangeBecomeInfinityOrZeroAtOnceWithANote) {
  EXPECT_EQ(value("1e400"), INFINITY);
  EXPECT_EQ(value("1e999999999999999999999"), INFINITY);
  EXPECT_EQ(value("1e-99999999999"), 0);
  EXPECT_EQ(value("0.0000001e-400"), 0);
  EXPECT_EQ(value("10000000000000000000000000.0e-400"), 0);
  EXPECT_EQ(value("0." + std::string(400, '0') + "1e10"), 0);
  EXPECT_EQ(value(std::string(400, '9') + ".0"), INFINITY);
  EXPECT_EQ(value("0e999999999"), 0);
  EXPECT_EQ(note_codes("1e400"), (std::vector<std::string>{"S717"}));
}

TEST_F(Numbers, AreNeverTruncatedInSilence) {
  for (const char* text : {"1.2.3", "1e", "1_000", "1e+", "1..2"}) {
    EXPECT_EQ(error(text).code, "P006") << text;
    EXPECT_EQ(error(text).span.begin, 0u) << text;
  }
  EXPECT_EQ(value("0x10"), 16);
  EXPECT_EQ(value("0xfF"), 255);
  EXPECT_EQ(error("2 3").code, "P004");
  EXPECT_EQ(error("x 3").code, "P004");
}

TEST_F(Numbers, DoNotDependOnTheLocale) {
  if (std::setlocale(LC_ALL, "de_DE.UTF-8") == nullptr)
    GTEST_SKIP() << "the locale de_DE.UTF-8 is not installed";
  EXPECT_EQ(value("1.5"), 1.5);
  EXPECT_EQ(error("1,5").code, "P007");
  std::setlocale(LC_ALL, "C");
}

TEST_F(Numbers, OfAbsurdSizeStaySymbolicOrAreRefused) {
  EXPECT_EQ(value("9^9^9^9"), INFINITY);
  g.limits.number_bits = 1000;
  EXPECT_EQ(error(std::string(400, '7')).code, "L108");
}

}  // namespace
}  // namespace nabla
