// Cases of our own of every kind that the public corpora have, so that each is tested everywhere.

#include <gtest/gtest.h>

#include "tests/support/process.hpp"
#include "tests/support/replies.hpp"

namespace nabla::test {
namespace {

using nlohmann::json;

// expression, bindings, value
const std::vector<Row> values = {
    {"-3^2 + 2^-2", "-", "-8.75"},
    {"2^2^3/4", "-", "64"},
    {"1 - 2 - 3 - -4", "-", "0"},
    {"48/4/3*2", "-", "8"},
    {".5*4. + 1e-1", "-", "2.1"},
    {"((((x))))*+2", "x=1.5", "3"},
    {" x\t* ( y - 1 ) ", "x=2,y=4", "6"},
    {"2x(x+1)", "x=3", "24"},
    {"|x - 5| + |−2|", "x=1", "6"},
    {"sin^2 x + cos^2 x", "x=0.7", "1"},
    {"√(x) + x²", "x=4", "18"},
    {"log(8, 2) + ln(e^2) + log10(1000)", "-", "8"},
    {"x > 1 ? 10 : 20", "x=0", "20"},
    {"if(0 < x <= 1, x, -x)", "x=2", "-2"},
    {"\\frac{a}{b} + \\sqrt[3]{8}", "a=1,b=4", "2.25"},
    {"np.exp(0) + math.sqrt(9) + 2**3", "-", "12"},
    {"5!", "-", "120"},
    {"max(1, 7, 3) - min(4, 2)", "-", "5"},
};

const std::vector<Row> malformed = {
    {"3 +"},  {")("},    {"2 ** "}, {"x y )"},    {"sin"},       {"cos(,1)"}, {"1..2"},
    {"a = "}, {"[1, 2"}, {"#"},     {"hypot(1)"}, {"nosuch(3)"}, {"4 5"},     {"if(x, 1)"},
};

// antiderivative, point, its derivative by x there
const std::vector<Row> derivatives = {
    {"x^5/5", "x=2", "16"},
    {"log(abs(x))", "x=-4", "-0.25"},
    {"x*log(x) - x", "x=2.5", "0.91629073187415506"},
    {"atan(x/2)/2", "x=2", "0.125"},
    {"asin(x)", "x=0.6", "1.25"},
    {"exp(-x^2/2)", "x=1", "-0.60653065971263342"},
    {"(2*x + 1)^(3/2)/3", "x=4", "3"},
    {"sinh(x)*cosh(x)", "x=0", "1"},
    {"x^x", "x=1", "1"},
    {"2^x", "x=0", "0.69314718055994531"},
    {"1/(1 + exp(-x))", "x=0", "0.25"},
    {"sqrt(x^2 + 9)", "x=4", "0.8"},
    {"if(x > 0, sqrt(x), 0)", "x=-3", "0"},
    {"cbrt(x)", "x=-8", "0.083333333333333333"},
};

// formula, variables, point, gradient
const std::vector<Row> gradients = {
    {"x*y*z", "x,y,z", "x=2,y=3,z=5", "15,10,6"},
    {"m*c^2", "m,c", "m=2,c=3", "9,12"},
    {"G*m1*m2/r^2", "G,m1,m2,r", "G=1,m1=4,m2=9,r=6",
     "1,0.25,0.11111111111111111,-0.33333333333333333"},
    {"e*I + gamma", "e,I,gamma", "e=2,I=3,gamma=5", "3,2,1"},
    {"sqrt(x^2 + y^2)", "x,y", "x=3,y=4", "0.6,0.8"},
    {"x/y", "x,y", "x=1,y=4", "0.25,-0.0625"},
    {"x^y", "x,y", "x=1,y=3", "3,0"},
    {"a*exp(b*t)", "a,b,t", "a=2,b=0,t=7", "1,14,0"},
    {"atan2(y, x)", "y,x", "y=1,x=1", "0.5,-0.5"},
    {"log(x*y)", "x,y", "x=2,y=8", "0.5,0.125"},
    {"(1 - x)^2 + 100*(y - x^2)^2", "x,y", "x=-1.2,y=1", "-215.6,-88"},
    {"max(x, y)", "x,y", "x=1,y=2", "0,1"},
    {"x1^2 + 2*x2^2 + 3*x3^2", "x1,x2,x3", "x1=1,x2=1,x3=1", "2,4,6"},
};

void expect_near(const json& got, const std::string& known, const std::string& what) {
  EXPECT_LE(relative_error(value_of(got), number(known)), 1e-14) << what << "\n" << got;
}

TEST(OwnCases, ValuesAreRight) {
  const auto replies = ask(values, [](const Row& row) {
    return json{{"op", "eval"}, {"expr", row[0]}, {"at", {point(row[1])}}};
  });
  for (std::size_t i = 0; i < values.size(); ++i) {
    ASSERT_TRUE(replies[i].value("ok", false)) << values[i][0] << "\n" << replies[i];
    expect_near(replies[i]["values"][0], values[i][2], values[i][0]);
  }
}

TEST(OwnCases, MalformedTextIsRefusedWithItsPlace) {
  const auto replies = ask(malformed, [](const Row& row) {
    return json{{"op", "parse"}, {"expr", row[0]}};
  });
  for (std::size_t i = 0; i < malformed.size(); ++i) {
    ASSERT_FALSE(replies[i].value("ok", true)) << malformed[i][0] << "\n" << replies[i];
    EXPECT_LE(replies[i]["error"]["span"][1], malformed[i][0].size()) << malformed[i][0];
  }
}

TEST(OwnCases, DerivativesAreRight) {
  const auto replies = ask(derivatives, [](const Row& row) {
    return json{{"op", "diff"}, {"expr", row[0]}, {"wrt", {"x"}}, {"at", {point(row[1])}}};
  });
  for (std::size_t i = 0; i < derivatives.size(); ++i) {
    ASSERT_TRUE(replies[i].value("ok", false)) << derivatives[i][0] << "\n" << replies[i];
    expect_near(replies[i]["values"][0], derivatives[i][2], derivatives[i][0]);
  }
}

TEST(OwnCases, GradientsAreRightAndAgreeWithTheirOwnText) {
  const auto replies = ask(gradients, [](const Row& row) {
    return json{{"op", "grad"},
                {"expr", row[0]},
                {"variables", split(row[1])},
                {"wrt", split(row[1])},
                {"at", {point(row[2])}}};
  });
  for (std::size_t i = 0; i < gradients.size(); ++i) {
    ASSERT_TRUE(replies[i].value("ok", false)) << gradients[i][0] << "\n" << replies[i];
    const auto known = split(gradients[i][3]);
    for (std::size_t j = 0; j < known.size(); ++j) {
      expect_near(replies[i]["values"][0][j], known[j], gradients[i][0]);
      const json again = ask(json{{"op", "eval"},
                                  {"expr", replies[i]["result"][j]},
                                  {"variables", split(gradients[i][1])},
                                  {"at", {point(gradients[i][2])}}});
      EXPECT_EQ(again["values"][0], replies[i]["values"][0][j]) << replies[i]["result"][j];
    }
  }
}

}  // namespace
}  // namespace nabla::test
