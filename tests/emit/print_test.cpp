#include "lib/emit/print.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "lib/core/diagnostic.hpp"
#include "lib/core/graph.hpp"
#include "lib/core/special.hpp"
#include "parser/parse.hpp"

namespace nabla {
namespace {

struct Print : ::testing::Test {
  Graph g;
  Expr x = symbol(g, "x"), y = symbol(g, "y"), z = symbol(g, "z");

  Expr num(std::int64_t n) { return number(g, n); }
  Expr ratio(std::int64_t p, std::int64_t q) { return rational(g, p, q); }

  // Prints, and reads back to the same node in both orders of operands.
  std::string text(Expr e) {
    for (const bool as_written : {false, true}) {
      const std::string printed = print(e, {.as_written = as_written});
      const auto read = parse(g, printed, {.variables = {"x", "y", "z"}, .columns = {"c", "d"}});
      if (!read) {
        ADD_FAILURE() << printed << ": " << read.error().message;
      } else {
        EXPECT_EQ(read->value.entries.front(), e) << printed;
      }
    }
    return print(e);
  }
};

TEST_F(Print, SumsShowHowTheyAreNested) {
  EXPECT_EQ(text((x + y) + z), "x + y + z");
  EXPECT_EQ(text(x + (y + z)), "y + z + x");  // the same node as (y + z) + x
  EXPECT_EQ(text((x + y) + (x + z)), "x + y + (x + z)");
  EXPECT_EQ(text(x - (y + z)), "x - (y + z)");
  EXPECT_EQ(text(x - (y - z)), "x - (y - z)");
}

TEST_F(Print, APositiveTermComesFirst) {
  EXPECT_EQ(text(-x + y), "y - x");
  EXPECT_EQ(text(num(1) - pow(x, 2)), "1 - x^2");
  EXPECT_EQ(text(-x - 1), "-x - 1");
  EXPECT_EQ(text(x + real(g, -2.5) * y), "x - 2.5*y");
}

TEST_F(Print, ProductsShowSignsAndCoefficients) {
  EXPECT_EQ(text(2 * x * y), "2*x*y");
  EXPECT_EQ(text(2 * (x * y)), "2*(x*y)");
  EXPECT_EQ(text(-(x * y)), "-x*y");
  EXPECT_EQ(text((-x) * y), "(-x)*y");
  EXPECT_EQ(text(-(x + y)), "-(x + y)");
  EXPECT_EQ(text(2 * x / 3), "2*x/3");
  EXPECT_EQ(text(x / 3), "x/3");
  EXPECT_EQ(text(x * y / 3), "x*y/3");
  EXPECT_EQ(text(-(x * y / 3)), "-x*y/3");
  EXPECT_EQ(text(ratio(2, 3) * (x * y)), "2*(x*y)/3");
  EXPECT_EQ(text(x * y * (y * z)), "x*y*(y*z)");
}

TEST_F(Print, NegativePowersAreQuotients) {
  EXPECT_EQ(text(1 / x), "1/x");
  EXPECT_EQ(text(x / (y * z)), "x/(y*z)");
  EXPECT_EQ(text(x / y / z), "x/y/z");
  EXPECT_EQ(text(x / (y / z)), "x/(y/z)");
  EXPECT_EQ(text(1 / pow(x, 2)), "1/x^2");
  EXPECT_EQ(text(1 / call("sqrt", x)), "1/sqrt(x)");
  EXPECT_EQ(text(pow(x, ratio(-3, 2))), "1/x^(3/2)");
  EXPECT_EQ(text(1 / pow(x, y)), "1/x^y");
  EXPECT_EQ(text(pow(x, -y)), "x^(-y)");
  EXPECT_EQ(text(ratio(2, 3) / x), "2/x/3");
  EXPECT_EQ(text(num(1) / 0), "1/0");
  EXPECT_EQ(text(pow(num(0), ratio(-1, 2))), "0^(-1/2)");
}

TEST_F(Print, PowersBindAsTheParserReadsThem) {
  EXPECT_EQ(text(pow(pow(x, y), z)), "(x^y)^z");
  EXPECT_EQ(text(pow(x, pow(y, z))), "x^(y^z)");
  EXPECT_EQ(text(-pow(x, 2)), "-x^2");
  EXPECT_EQ(text(pow(-x, y)), "(-x)^y");
  EXPECT_EQ(text(pow(ratio(2, 3), x)), "(2/3)^x");
  EXPECT_EQ(text(pow(x, ratio(2, 3))), "x^(2/3)");
  EXPECT_EQ(text(call("sqrt", x + 1)), "sqrt(x + 1)");
  EXPECT_EQ(text(pow(call("sqrt", x), y)), "sqrt(x)^y");
  EXPECT_EQ(text(pow(num(-2), x)), "(-2)^x");
}

TEST_F(Print, DoublesStayDoubles) {
  EXPECT_EQ(text(real(g, 2)), "2.0");
  EXPECT_EQ(text(real(g, 0.1)), "0.1");
  EXPECT_EQ(text(real(g, 1e300)), "1e+300");
  EXPECT_EQ(text(real(g, -0.0)), "-0.0");
  EXPECT_EQ(text(real(g, std::numeric_limits<double>::infinity())), "inf");
  EXPECT_EQ(text(real(g, -std::numeric_limits<double>::infinity())), "-inf");
  EXPECT_EQ(text(real(g, std::numeric_limits<double>::quiet_NaN())), "nan");
  EXPECT_EQ(text(real(g, 5e-324) * x), "5e-324*x");
  EXPECT_EQ(text(real(g, -0.0) * x), "(-0.0)*x");
  EXPECT_EQ(text(real(g, 0.1) + real(g, 0.2)), "0.30000000000000004");
}

TEST_F(Print, ExactNumbersInFull) {
  EXPECT_EQ(text(pow(num(2), 70)), "1180591620717411303424");
  EXPECT_EQ(text(ratio(-2, 3)), "-2/3");
  EXPECT_EQ(text(x - ratio(2, 3)), "x - 2/3");
}

TEST_F(Print, ConditionsPutTheNumberOnTheRight) {
  EXPECT_EQ(text(less(num(0), x)), "x > 0");
  EXPECT_EQ(text(less(x, num(0))), "x < 0");
  EXPECT_EQ(text(less_equal(num(0), x)), "x >= 0");
  EXPECT_EQ(text(equal(num(0), x)), "x == 0");
  EXPECT_EQ(text(not_equal(y, x)), "x != y");
  const Expr a = less(x, y), b = less(y, z), c = less(x, z);
  EXPECT_EQ(text(either(both(a, b), c)), "x < z or x < y and y < z");
  EXPECT_EQ(text(both(either(a, b), c)), "x < z and (x < y or y < z)");
  EXPECT_EQ(text(negation(a)), "not x < y");
  EXPECT_EQ(text(equal(a, b)), "(x < y) == (y < z)");
  EXPECT_EQ(text(select(less(num(0), x), x, -x)), "if(x > 0, x, -x)");
}

TEST_F(Print, ChainsOfMinAndMaxAreOneCall) {
  EXPECT_EQ(text(call("max", call("max", y, x), num(0))), "max(x, y, 0)");
  EXPECT_EQ(text(call("max", call("min", y, x), num(0))), "max(min(x, y), 0)");
  EXPECT_EQ(text(call("max", call("max", x, y), call("max", x, z))), "max(x, y, max(x, z))");
  EXPECT_EQ(text(call("atan2", y, x)), "atan2(y, x)");
}

TEST_F(Print, SumsOverDataReadBackAsColumns) {
  const Expr c = column(g, "c"), d = column(g, "d"), rows = data_sum(num(1));
  EXPECT_EQ(text(data_sum(pow(d - x * c, 2))), "sum((d_i - x*c_i)^2)");
  EXPECT_EQ(text(rows), "sum(1)");
  EXPECT_EQ(text(data_sum(c) / rows), "mean(c_i)");
  EXPECT_EQ(text(x * (data_sum(c) / rows)), "x*mean(c_i)");
  EXPECT_EQ(text(1 / data_sum(c)), "1/sum(c_i)");
}

TEST_F(Print, AsWrittenKeepsTheOrderOfOperands) {
  EXPECT_EQ(print(z + x * y, {.as_written = true}), "z + x*y");
  EXPECT_EQ(print(z + x * y), "x*y + z");
  EXPECT_EQ(print(call("sin", z) * x, {.as_written = true}), "sin(z)*x");
  EXPECT_EQ(print(x + (y + z), {.as_written = true}), "x + (y + z)");
}

TEST_F(Print, DoesNotDependOnTheOrderOfCreation) {
  Graph other;
  const Expr c = symbol(other, "z"), b = symbol(other, "y"), a = symbol(other, "x");
  const Expr sine = call("sin", c) + b;
  EXPECT_EQ(print(c * (b + a) + sine), print(z * (x + y) + (y + call("sin", z))));
}

TEST_F(Print, TooLongATextIsALimitError) {
  Expr e = x;
  for (int i = 0; i < 100; ++i) e = e * call("sin", e);
  try {
    print(e);
    FAIL() << "a tree of 2^100 nodes was printed";
  } catch (const LimitError& error) {
    EXPECT_EQ(error.diagnostic().code, "L106");
  }
  EXPECT_THROW(print(x + y + z, {.max_bytes = 5}), LimitError);
  EXPECT_EQ(print(x + y, {.max_bytes = 5}), "x + y");
}

TEST_F(Print, SharedPartsAreWrittenOnce) {
  const Expr u = call("exp", -x);
  EXPECT_EQ(print_shared(u / pow(1 + u, 2)), "u1/(u1 + 1)^2 where u1 = exp(-x)");
  const Expr s = symbol(g, "u1");
  EXPECT_EQ(print_shared(u / pow(s + u, 2)), "t1/(u1 + t1)^2 where t1 = exp(-x)");
  EXPECT_EQ(print_shared(x + y), "x + y");
  Expr e = x;
  for (int i = 0; i < 1000; ++i) e = e * call("sin", e);
  EXPECT_LT(print_shared(e).size(), 40'000u);
  EXPECT_TRUE(print_shared(e).starts_with("sin(u1)*u1 where u1 = sin(u2)*u2; u2 = "));
}

}  // namespace
}  // namespace nabla
