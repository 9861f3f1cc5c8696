// Fits and minima from the command line and at the prompt: what they say, and what they end with.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/chart.hpp"
#include "cli/contour.hpp"
#include "cli/session.hpp"
#include "tests/support/process.hpp"
#include "tests/support/replies.hpp"

namespace nabla {
namespace {

using nlohmann::json;
using test::Ran;
using test::shell;
using testing::HasSubstr;

constexpr std::string_view line = "x,y\n1,5\n2,8\n3,11\n4,14\n5,17\n";
constexpr std::string_view scattered = "x,y\n1,2\n2,4\n3,5\n4,4\n5,5\n";

Ran fit(std::string_view arguments, std::string_view data) {
  return shell("nabla fit " + std::string(arguments), data);
}

json fitted(std::string_view arguments, std::string_view data) {
  const Ran ran = fit(std::string(arguments) + " --json", data);
  const json reply = json::parse(ran.out, nullptr, false);
  EXPECT_TRUE(!reply.is_discarded() && reply.value("ok", false)) << ran.out << ran.err;
  return reply;
}

json minimized(std::string_view arguments) {
  const Ran ran = shell("nabla minimize " + std::string(arguments) + " --json");
  const json reply = json::parse(ran.out, nullptr, false);
  EXPECT_TRUE(!reply.is_discarded() && reply.value("ok", false)) << ran.out << ran.err;
  return reply;
}

TEST(Fit, SaysThatTheTextbookHasNotConvergedAfterFiveHundredSteps) {
  for (const std::string more : {"", " --step-by-step"}) {
    const Ran ran = fit(
        "'y ~ w*x + b' - --method gd --rate 0.01 --iterations 500 --from w=0,b=0 --digits 5" + more,
        line);
    EXPECT_EQ(ran.code, 1);
    EXPECT_THAT(ran.out, HasSubstr("w=3.0553\n"));
    EXPECT_THAT(ran.out, HasSubstr("b=1.8003\n"));
    EXPECT_THAT(ran.out, HasSubstr("not converged: step limit of 500"));
  }
}

TEST(Fit, OfAnyMethodIsTheRegressionLine) {
  for (const std::string method :
       {"lm", "newton", "lbfgs", "bfgs", "gd", "momentum", "nesterov", "adam", "exact"}) {
    const json reply = fitted("'y ~ w*x + b' - --method " + method, scattered);
    EXPECT_TRUE(reply["converged"]) << method << reply;
    EXPECT_NEAR(reply["parameters"]["w"].get<double>(), 0.6, 1e-6) << method;
    EXPECT_NEAR(reply["parameters"]["b"].get<double>(), 2.2, 1e-6) << method;
    EXPECT_NEAR(reply["standard_errors"]["w"].get<double>(), std::sqrt(0.08), 1e-6) << method;
    EXPECT_NEAR(reply["rss"].get<double>(), 2.4, 1e-10) << method;
    EXPECT_NEAR(reply["loss"].get<double>(), 0.48, 1e-10) << method;
    EXPECT_NEAR(reply["r_squared"].get<double>(), 0.6, 1e-10) << method;
  }
}

TEST(Fit, NamesTheLargestStableRateOfARunThatDiverges) {
  const Ran ran = fit("'y ~ w*x + b' - --method gd --rate 0.2 --from w=0,b=0", line);
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.out, HasSubstr("diverging"));
  EXPECT_THAT(ran.out, HasSubstr("2/lambda_max = 0.084524"));
}

// The median minimises the mean absolute error; one far point does not move it.
TEST(Fit, WithTheMeanAbsoluteErrorIsTheMedian) {
  const json reply = fitted("'y ~ m + 0*x' - --loss mae", "x,y\n1,1\n2,2\n3,3\n4,4\n5,1000\n");
  EXPECT_TRUE(reply["converged"]) << reply;
  EXPECT_NEAR(reply["parameters"]["m"].get<double>(), 3, 1e-6);
  EXPECT_NEAR(reply["loss"].get<double>(), 1001 / 5.0, 1e-6);
}

TEST(Fit, WithHubersLossHardlyFollowsOneFarPoint) {
  const json reply = fitted("'y ~ w*x' - --loss huber --delta 0.1", "x,y\n1,2\n2,4\n3,6\n4,80\n");
  EXPECT_NEAR(reply["parameters"]["w"].get<double>(), 2, 0.1);
}

TEST(Fit, TakesAnyExpressionAsALoss) {
  const json reply = fitted("'y ~ w*x + b' - --loss 'residual^2'", scattered);
  EXPECT_NEAR(reply["parameters"]["w"].get<double>(), 0.6, 1e-9);
  EXPECT_EQ(fit("'y ~ w*x' - --loss 'nonsens(residual)'", scattered).code, 3);
}

// With z = b0 + b1 x and these counts the logits are log(1/3) and log(3).
TEST(Fit, OfTwoClassesGivesProbabilitiesAndTheirStandardErrors) {
  const std::string data = "x,y\n0,0\n0,0\n0,0\n0,1\n1,1\n1,1\n1,1\n1,0\n";
  for (const std::string model :
       {"1/(1 + exp(-(b0 + b1*x)))", "sigmoid(b0 + b1*x)", "exp(b0 + b1*x)/(1 + exp(b0 + b1*x))"}) {
    const json reply = fitted("'y ~ " + model + "' - --loss logloss", data);
    EXPECT_TRUE(reply["converged"]) << reply;
    EXPECT_NEAR(reply["parameters"]["b0"].get<double>(), std::log(1 / 3.0), 1e-9) << model;
    EXPECT_NEAR(reply["parameters"]["b1"].get<double>(), 2 * std::log(3.0), 1e-9) << model;
    EXPECT_NEAR(reply["standard_errors"]["b0"].get<double>(), std::sqrt(4 / 3.0), 1e-9) << model;
  }
}

TEST(Fit, KnowsTheNamesOfLossesAndRefusesOthers) {
  const std::string data = "x,y\n0,0\n0,1\n1,1\n1,1\n1,0\n";
  const std::string first = fit("'y ~ sigmoid(a + b*x)' - --loss logistic", data).out;
  EXPECT_THAT(first, HasSubstr("converged"));
  for (const char* name : {"logloss", "cross-entropy", "cross_entropy", "sigmoid"})
    EXPECT_EQ(fit(std::string("'y ~ sigmoid(a + b*x)' - --loss ") + name, data).out, first) << name;
  const Ran unknown = fit("'y ~ a*x' - --loss hubert", data);
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("did you mean 'huber'?"));
}

TEST(Fit, WithTheLogisticLossNeedsProbabilities) {
  const Ran ran = fit("'y ~ sigmoid(a*x)' - --loss logistic", "x,y\n1,0\n2,1\n3,1.5\n");
  EXPECT_THAT(ran.err, AllOf(HasSubstr("F908"), HasSubstr("y is 1.5 in row 3")));
  EXPECT_EQ(fit("'y ~ sigmoid(a + b*x)' - --loss logistic", "x,y\n0,0.4\n0,0.5\n1,1\n1,0\n").code,
            0);
}

TEST(Fit, DoesNotDependOnTheThreads) {
  std::string data = "x,y\n";
  for (int i = 0; i < 40'000; ++i) {
    const double x = i % 997 * 0.01;
    data += fmt::format("{},{}\n", x, 2 * std::exp(-0.3 * x) + 0.01 * (i % 13));
  }
  for (const char* method : {"lm", "newton", "gd --iterations 20"}) {
    const std::string command =
        std::string("'y ~ a*exp(-k*x)' - --from a=1,k=1 --method ") + method;
    const std::string one = fit(command + " --threads 1", data).out;
    EXPECT_THAT(one, HasSubstr("a=")) << method;
    EXPECT_EQ(fit(command + " --threads 3", data).out, one) << method;
    EXPECT_EQ(fit(command, data).out, one) << method;
  }
}

TEST(Fit, OfClassesThatAreSeparatedSaysSo) {
  const Ran ran = fit("'y ~ sigmoid(a + b*x)' - --loss logloss", "x,y\n1,0\n2,0\n3,1\n4,1\n");
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.out, HasSubstr("separated"));
}

TEST(Fit, PenaltiesPullParametersIn) {
  const double free = 0.6;
  const json ridge = fitted("'y ~ w*x + b' - --l2 1", scattered);
  EXPECT_LT(std::abs(ridge["parameters"]["w"].get<double>()), free + 0.5);
  EXPECT_TRUE(ridge["converged"]) << ridge;
  // y = 2 x1, and x2 explains nothing: an L1 penalty sets its coefficient to 0 exactly.
  const json lasso = fitted("'y ~ a*x1 + c*x2' - --l1 0.5",
                            "x1,x2,y\n1,1,2\n2,-1,4\n3,1,6\n4,-1,8\n-1,1,-2\n-2,-1,-4\n");
  EXPECT_EQ(lasso["parameters"]["c"].get<double>(), 0) << lasso;
  EXPECT_NEAR(lasso["parameters"]["a"].get<double>(), 2 - 0.5 / 2 * 6 / 35, 1e-5);
}

TEST(Fit, TransformedResponsesAndWeights) {
  const json logged =
      fitted("'log(y) ~ a + k*t' -", "t,y\n0,1\n1,2.718281828459045\n2,7.38905609893065\n");
  EXPECT_NEAR(logged["parameters"]["k"].get<double>(), 1, 1e-12);
  const json weighted = fitted("'y ~ m + 0*x' - --weights v", "x,y,v\n1,1,3\n1,5,1\n");
  EXPECT_NEAR(weighted["parameters"]["m"].get<double>(), 2, 1e-12);
}

TEST(Fit, StandardizedColumnsAndRowsHeldOut) {
  std::string data = "x,y\n";
  for (int i = 0; i < 40; ++i)
    data += std::to_string(1000 + i) + "," + std::to_string(3 * i) + "\n";
  const json reply = fitted("'y ~ w*x + b' - --standardize --holdout 0.25 --seed 3", data);
  EXPECT_EQ(reply["rows"], 30);
  EXPECT_EQ(reply["held_out"]["rows"], 10);
  EXPECT_NEAR(reply["held_out"]["r_squared"].get<double>(), 1, 1e-12);
  EXPECT_LT(std::abs(reply["parameters"]["w"].get<double>()), 40);  // of a column with deviation 1
  EXPECT_EQ(reply, fitted("'y ~ w*x + b' - --standardize --holdout 0.25 --seed 3", data));
}

TEST(Fit, GuessesAStartWhenNoneIsGiven) {
  std::string data = "x,y\n";
  for (int i = 0; i < 30; ++i) {
    data += fmt::format("{},{}\n", i, 40 / (1 + std::exp(3 - 0.4 * i)));
  }
  const json reply = fitted("'y ~ top/(1 + exp(c - k*x))' -", data);
  EXPECT_TRUE(reply["converged"]) << reply;
  EXPECT_NEAR(reply["parameters"]["top"].get<double>(), 40, 1e-6) << reply;
  EXPECT_NEAR(reply["parameters"]["k"].get<double>(), 0.4, 1e-8) << reply;
}

TEST(Fit, BrokenDataAreRefusedWithTheirPlaceAndExitCode) {
  struct Case {
    std::string_view data, words;
    int code;
  };
  for (const Case& c :
       {Case{"x,y\n1,2\n3\n", "line 3", 3}, Case{"", "empty", 3}, Case{"x,y\n", "no rows", 3},
        Case{"x,y\n1,two\n", "line 2, column 2", 3}, Case{"x,y\n1,NaN\n", "missing", 3},
        Case{"x,y\n1,2\n", "1 row", 3}, Case{"x,y\n1,2\n1,3\n1,4\n", "do not determine w, b", 1}}) {
    const Ran ran = fit("'y ~ w*x + b' -", c.data);
    EXPECT_EQ(ran.code, c.code) << c.data << ran.err;
    EXPECT_THAT(ran.out + ran.err, HasSubstr(std::string(c.words))) << c.data;
  }
  EXPECT_EQ(fit("'y ~ w*x' /nonexistent/data.csv", "").code, 5);
  EXPECT_EQ(shell("head -c 10000000 /dev/zero | tr '\\0' ',' | nabla fit 'y ~ w*x' -").code, 4);
}

TEST(Fit, WritesEveryStepToTheTrace) {
  const Ran ran = shell(
      "t=$(mktemp) && nabla fit 'y ~ w*x + b' - --method gd --rate 0.01 --iterations 20 --from "
      "w=0,b=0 --trace $t >/dev/null; cat $t; rm $t",
      line);
  const auto lines = test::lines_of(ran.out);
  ASSERT_EQ(lines.size(), 22u) << ran.out;
  EXPECT_EQ(lines[0], "step,value,gradient_norm,rate,w,b");
  EXPECT_TRUE(lines[1].starts_with("0,139,")) << lines[1];
  EXPECT_TRUE(lines[21].starts_with("20,")) << lines[21];
  EXPECT_EQ(fit("'y ~ w*x' - --trace /nonexistent/t.csv", line).code, 5);
}

TEST(Minimize, FindsTheTextbookMinimum) {
  const json reply = minimized("'x^2 - 4x + 5'");
  EXPECT_EQ(reply["minimizer"]["x"], 2);
  EXPECT_EQ(reply["value"], 1);
  EXPECT_EQ(reply["kind"], "minimum");
  EXPECT_EQ(reply["converged"], true);
}

TEST(Minimize, SaysWhatKindOfPointItFound) {
  const Ran saddle = shell("nabla minimize 'x^2 - y^2' --method gd --rate 0.1 --from x=0,y=0");
  EXPECT_EQ(saddle.code, 1);
  EXPECT_THAT(saddle.out, HasSubstr("saddle"));
  const Ran endless = shell("nabla minimize 'x - exp(x)'");
  EXPECT_EQ(endless.code, 1);
  EXPECT_THAT(endless.out, HasSubstr("diverging"));
  EXPECT_EQ(shell("nabla minimize 'log(x)' --from x=-1").code, 1);
}

TEST(Minimize, TakesDataAsListsFilesAndDefinitions) {
  const json lists = minimized("'mean((w*x_i + b - y_i)^2)' --at 'x=[1,2,3,4,5],y=[2,4,5,4,5]'");
  const json text = minimized(
      "'x = [1,2,3,4,5]; y = [2,4,5,4,5]; (1/n)*sum((w*x_i + b - y_i)^2)' --from w=0,b=0");
  for (const json& reply : {lists, text}) {
    EXPECT_NEAR(reply["minimizer"]["w"].get<double>(), 0.6, 1e-12) << reply;
    EXPECT_NEAR(reply["minimizer"]["b"].get<double>(), 2.2, 1e-12) << reply;
  }
  const Ran file = shell("nabla minimize 'mean((w*x + b - y)^2)' --data - --json", scattered);
  EXPECT_NEAR(json::parse(file.out)["minimizer"]["w"].get<double>(), 0.6, 1e-12);
}

TEST(Minimize, KeepsToBoundsAndConstants) {
  const json reply = minimized("'(x - a)^2' --at a=5 --bounds x=0:2");
  EXPECT_EQ(reply["minimizer"]["x"], 2);
  EXPECT_EQ(shell("nabla minimize x^2 --bounds x=2:1").code, 2);
}

TEST(Check, ComparesAnAnswerWithTheDerivative) {
  EXPECT_EQ(shell("nabla check 'x^2 sin x' --answer '2x sin x + x^2 cos x'").code, 0);
  const Ran wrong = shell("nabla check 'sin(x^2)' --answer 'cos(x^2)' --json");
  EXPECT_EQ(wrong.code, 1);
  const json reply = json::parse(wrong.out);
  EXPECT_EQ(reply["equal"], false);
  EXPECT_TRUE(reply["counterexample"].contains("x"));
  EXPECT_GT(reply["max_relative_error"].get<double>(), 0.1);
  EXPECT_EQ(reply["points"], 100);
}

TEST(Check, ShowsTruncationAndRoundingOverStepSizes) {
  const Ran ran = shell("nabla check 'exp(x)*sin(3*x)'");
  EXPECT_EQ(ran.code, 0);
  EXPECT_THAT(ran.out, HasSubstr("truncation"));
  EXPECT_THAT(ran.out, HasSubstr("agrees with differences at 100 points"));
}

TEST(Check, LooksAtThePointThatIsGiven) {
  EXPECT_THAT(
      shell("nabla check 'x^2*y' --at x=1.5,y=2 -x x").out,
      AllOf(HasSubstr("at x=1.5, y=2, over"), HasSubstr("agrees with differences at 1 point")));
  EXPECT_EQ(shell("nabla check 'sin(x)' --at x=0 --answer '1'").code, 0);
  EXPECT_EQ(shell("nabla check 'sin(x)' --at x=0 --at x=1 --answer '1'").code, 1);
  EXPECT_THAT(shell("nabla check 'x^2*y' --at x=1").err, HasSubstr("no value for 'y'"));
}

TEST(Plot, DrawsCurvesAndTheirTangent) {
  const Ran ran =
      shell("nabla plot 'f(x) = x^3 - 3x; f(x), diff(f(x), x)' --on -2:2 --tangent-at 1");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("⠁"));
  EXPECT_THAT(ran.out, HasSubstr("x^3 - 3*x"));
  EXPECT_THAT(ran.out, HasSubstr("3*x^2 - 3"));
  EXPECT_THAT(ran.out, HasSubstr("tangent at 1, slope 0"));
  EXPECT_EQ(ran.out.find('\x1b'), std::string::npos);
  EXPECT_EQ(shell("nabla plot 'x*y'").code, 3);
  EXPECT_EQ(shell("nabla plot x --on 3:1").code, 2);
}

TEST(Plot, WritesSvgOfFits) {
  const Ran ran = shell(
      "d=$(mktemp -d) && nabla fit 'y ~ w*x + b' - --method gd --rate 0.01 --iterations 50 --from "
      "w=0,b=0 --svg $d/a.svg >/dev/null; head -c 4 $d/a.svg $d/a-2.svg $d/a-3.svg; rm -r $d",
      line);
  EXPECT_THAT(ran.out, HasSubstr("a.svg"));
  EXPECT_THAT(ran.out, HasSubstr("a-3.svg"));
  EXPECT_THAT(ran.err, HasSubstr("a-3.svg: lines of equal loss"));
}

TEST(Charts, TicksAreRound) {
  EXPECT_THAT(ticks(0, 10, 5), testing::ElementsAre(0, 2, 4, 6, 8, 10));
  EXPECT_THAT(ticks(-1, 1, 4), testing::ElementsAre(-1, -0.5, 0, 0.5, 1));
  EXPECT_THAT(ticks(1, 1, 4), testing::ElementsAre());
}

TEST(Charts, TextInSvgIsEscapedAndGapsStayGaps) {
  Chart chart{.title = "a < b & c", .x_name = "x", .y_name = "y", .series = {}, .log_y = false};
  chart.series.push_back({.kind = Series::Kind::line,
                          .name = "\"q\"",
                          .at = {{0, 0}, {1, 1}, {2, NAN}, {3, 1}, {4, 0}},
                          .color = 0,
                          .faint = false});
  const std::string svg = to_svg(chart);
  EXPECT_THAT(svg, HasSubstr("a &lt; b &amp; c"));
  EXPECT_THAT(svg, HasSubstr("&quot;q&quot;"));
  const std::size_t path = svg.find("<path d=\"");
  const std::string d = svg.substr(path, svg.find("/>", path) - path);
  EXPECT_EQ(std::ranges::count(d, 'M'), 2);
}

// Lines of x^2 + y^2 are circles: every end of a segment lies on one.
TEST(Charts, ContoursLieOnTheirLevels) {
  const auto lines = contours([](double x, double y) { return x * x + y * y; },
                              {.left = -1, .right = 1, .bottom = -1, .top = 1}, 64, 5);
  ASSERT_EQ(lines.size(), 5u);
  for (const Series& s : lines) {
    const double radius = std::hypot(s.at[0].first, s.at[0].second);
    for (const auto& [x, y] : s.at) EXPECT_NEAR(std::hypot(x, y), radius, 2e-3);
  }
}

TEST(PromptCommands, KnowTheDefinitionsOfTheSession) {
  Output nowhere(-1);
  Session session(Console{.out = nowhere, .err = nowhere}, true);
  session.enter("f(x) = (x - 3)^2 + 1");
  const auto minimum = session.enter(":minimize f(x)");
  EXPECT_THAT(minimum.text, HasSubstr("x=3\nvalue=1"));
  EXPECT_THAT(session.enter(":plot f(x), f'(x) --on 0:6").text, HasSubstr("2*(x - 3)"));
  EXPECT_THAT(session.enter(":check f(x) --answer 2*(x-3)").text, HasSubstr("right"));
  EXPECT_THAT(session.enter(":fit y ~ w*x /nonexistent.csv").text, HasSubstr("I601"));
  EXPECT_THAT(session.enter(":help").text, HasSubstr(":minimize"));
}

}  // namespace
}  // namespace nabla
