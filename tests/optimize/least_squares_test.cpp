// Least squares: known solutions, honest endings, standard errors.

#include "lib/optimize/least_squares.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "lib/core/graph.hpp"
#include "lib/core/substitute.hpp"
#include "lib/optimize/student.hpp"
#include "lib/optimize/table.hpp"
#include "lib/optimize/triangle.hpp"
#include "parser/parse.hpp"

namespace nabla {
namespace {

class LeastSquares : public testing::Test {
 protected:
  // A residual in which names of the table are columns; every other name is a parameter.
  LeastSquaresFit fit(std::string_view residual, const Table& table, std::vector<double> start,
                      const LeastSquaresOptions& options = {}) {
    ReadOptions reading;
    reading.variables = table.names;
    const auto read = parse(graph, residual, reading);
    EXPECT_TRUE(read) << residual;
    std::vector<Replacement> replacements;
    std::vector<Expr> parameters;
    for (const std::string& name : read->variables) {
      const bool is_column = std::ranges::find(table.names, name) != table.names.end();
      if (is_column)
        replacements.push_back({symbol(graph, name), column(graph, name)});
      else
        parameters.push_back(symbol(graph, name));
    }
    data = table.view();
    const auto residuals =
        Residuals::compile(substitute(read->value.scalar(), replacements), parameters, data);
    EXPECT_TRUE(residuals) << (residuals ? "" : residuals.error().message);
    return least_squares(*residuals, start, options);
  }

  Graph graph;
  Data data;
};

const Table line{.names = {"x", "y"}, .columns = {{1, 2, 3, 4, 5}, {2, 4, 5, 4, 5}}, .rows = 5};

TEST_F(LeastSquares, OfALineAreThoseOfTheTextbook) {
  const auto found = fit("w*x + b - y", line, {0, 0});
  EXPECT_EQ(found.reason, Reason::converged);
  EXPECT_NEAR(found.at[0], 0.6, 1e-15);
  EXPECT_NEAR(found.at[1], 2.2, 1e-14);
  EXPECT_NEAR(found.rss, 2.4, 1e-14);
  EXPECT_EQ(found.iterations, 1u);
  EXPECT_NEAR(found.standard_errors[0], std::sqrt(0.08), 1e-15);  // sqrt(rss/3 / 10)
  EXPECT_NEAR(found.standard_errors[1], std::sqrt(0.88), 1e-15);  // sqrt(rss/3 * (1/5 + 9/10))
  EXPECT_NEAR(found.covariance[1], -0.24, 1e-15);                 // -rss/3 * 3/10
}

// Five observations, x = 0..4, of 2 exp(-x/3): no residual is left.
TEST_F(LeastSquares, FindAnExponentialFromFar) {
  Table t{.names = {"x", "y"}, .columns = {{}, {}}, .rows = 5};
  for (int i = 0; i < 5; ++i) {
    t.columns[0].push_back(i);
    t.columns[1].push_back(2 * std::exp(-i / 3.0));
  }
  const auto found = fit("a*exp(-k*x) - y", t, {100, 5});
  EXPECT_EQ(found.reason, Reason::converged);
  EXPECT_NEAR(found.at[0], 2, 1e-14);
  EXPECT_NEAR(found.at[1], 1 / 3.0, 1e-14);
}

// NIST StRD BoxBOD: plain Gauss-Newton leaves for a plateau from here.
TEST_F(LeastSquares, ReachTheCertifiedValuesOfBoxBOD) {
  const Table t{.names = {"x", "y"},
                .columns = {{1, 2, 3, 5, 7, 10}, {109, 149, 149, 191, 213, 224}},
                .rows = 6};
  for (const double start : {1.0, 100.0}) {
    const auto found = fit("b1*(1 - exp(-b2*x)) - y", t, {start, start == 1 ? 1 : 0.75});
    EXPECT_EQ(found.reason, Reason::converged) << start;
    EXPECT_NEAR(found.at[0], 2.1380940889e+02, 1e-8) << start;
    EXPECT_NEAR(found.at[1], 5.4723748542e-01, 1e-10) << start;
    EXPECT_NEAR(found.standard_errors[0], 1.2354515176e+01, 1e-8) << start;
    EXPECT_NEAR(found.rss, 1.1680088766e+03, 1e-6) << start;
  }
}

// NIST StRD Wampler1: y = 1 + x + ... + x^5 without any error, x = 0..20.
TEST_F(LeastSquares, KeepTheirDigitsWhereTheNormalEquationsLoseThem) {
  Table t{.names = {"x", "y"}, .columns = {{}, {}}, .rows = 21};
  for (int x = 0; x <= 20; ++x) {
    double y = 0;
    for (int k = 0; k <= 5; ++k) y += std::pow(x, k);
    t.columns[0].push_back(x);
    t.columns[1].push_back(y);
  }
  const auto found =
      fit("b0 + b1*x + b2*x^2 + b3*x^3 + b4*x^4 + b5*x^5 - y", t, {0, 0, 0, 0, 0, 0});
  for (const double b : found.at) EXPECT_NEAR(b, 1, 1e-11);
}

TEST_F(LeastSquares, SayWhichParametersTheDataLeaveOpen) {
  const Table t{.names = {"x", "z", "y"}, .columns = {{1, 1, 1}, {1, 2, 4}, {2, 3, 4}}, .rows = 3};
  const auto found = fit("w*x + b + c*z - y", t, {0, 0, 0});
  EXPECT_EQ(found.reason, Reason::flat);
  EXPECT_EQ(found.rank, 2u);
  EXPECT_THAT(found.undetermined, testing::ElementsAre(0, 1));
  EXPECT_TRUE(found.standard_errors.empty());
}

TEST_F(LeastSquares, StopWhenTheStepsAreUsedUpAndSayThatTheyDidNotConverge) {
  const auto found = fit("b1*exp(b2/(x + b3)) - y", line, {2, 400, 25}, {.iterations = 2});
  EXPECT_EQ(found.reason, Reason::step_limit);
  EXPECT_EQ(found.iterations, 2u);
}

TEST_F(LeastSquares, SayWhenTheStartHasNoValue) {
  EXPECT_EQ(fit("log(a*x) - y", line, {-1}).reason, Reason::not_finite);
}

TEST_F(LeastSquares, StayInsideTheirBox) {
  LeastSquaresOptions options;
  options.box = {.lower = {-10, 2.5}, .upper = {10, 3}};
  const auto found = fit("w*x + b - y", line, {0, 0}, options);
  EXPECT_EQ(found.reason, Reason::converged);
  EXPECT_EQ(found.at[1], 2.5);
  // With b held, w is the regression through the origin of y - 2.5.
  EXPECT_NEAR(found.at[0], (66.0 - 2.5 * 15) / 55, 1e-12);
  EXPECT_EQ(found.standard_errors[1], 0);
}

TEST_F(LeastSquares, SumsOverTheDataInsideARowAreComputedOnce) {
  const auto found = fit("w*(x - mean(x_i)) + c - y", line, {0, 0});
  EXPECT_NEAR(found.at[0], 0.6, 1e-15);
  EXPECT_NEAR(found.at[1], 4, 1e-14);
}

TEST_F(LeastSquares, TellTheirObserverEveryStep) {
  std::vector<double> values;
  LeastSquaresOptions options;
  options.radii = {100};
  options.observe = [&](const Progress& p) { values.push_back(p.value); };
  const auto found = fit("a*exp(-k*x) - y", line, {1, 1}, options);
  // The start as well; a last try that gains nothing is no step.
  ASSERT_GE(values.size(), found.iterations);
  ASSERT_LE(values.size(), found.iterations + 1);
  EXPECT_TRUE(std::ranges::is_sorted(values, std::greater<>()));
}

TEST(TriangleTest, FoldedBlockByBlockHasTheSameSquares) {
  const double a[] = {1, 2, 3, 4, 5, 6, 7, 9}, last[] = {1, 0, 2, -1};  // 4 x 2, column by column
  Triangle<double> whole(3), pieces(3);
  whole.add(a, last, 4);
  for (int i = 0; i < 4; ++i) {
    const double row[] = {a[i], a[i + 4]};
    pieces.add(row, last + i, 1);
  }
  // RᵀR = AᵀA
  const double expected[3][3] = {{30, 74, 3}, {74, 191, 10}, {3, 10, 6}};
  for (const auto* t : {&whole, &pieces}) {
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t j = 0; j < 3; ++j) {
        double sum = 0;
        for (std::size_t k = 0; k <= std::min(i, j); ++k) sum += (*t)(k, i) * (*t)(k, j);
        EXPECT_NEAR(sum, expected[i][j], 1e-12) << i << j;
      }
    }
  }
}

TEST(TriangleTest, OfTwoHalvesIsThatOfAllRows) {
  const double a[] = {1, 2, 3, 4, 5, 6, 7, 9}, last[] = {1, 0, 2, -1};
  const double top[] = {1, 2, 5, 6}, bottom[] = {3, 4, 7, 9};  // rows of a, column by column
  Triangle<double> whole(3), half(3), other(3);
  whole.add(a, last, 4);
  half.add(top, last, 2);
  other.add(bottom, last + 2, 2);
  half.add(other);
  for (std::size_t j = 0; j < 3; ++j) {
    for (std::size_t i = 0; i <= j; ++i)
      EXPECT_NEAR(std::abs(half(i, j)), std::abs(whole(i, j)), 1e-13) << i << j;
  }
}

// More rows than one span holds, so that spans are folded into one another.
TEST_F(LeastSquares, OfManyRowsAreThoseOfTheNormalEquationsForAnyThreads) {
  Table t{.names = {"x", "y"}, .columns = {{}, {}}, .rows = 50'001};
  double sx = 0, sy = 0, sxx = 0, sxy = 0;
  const auto n = static_cast<double>(t.rows);
  for (std::size_t i = 0; i < t.rows; ++i) {
    const double x = static_cast<double>(i % 101) / 100, y = 3 * x + 2 + static_cast<double>(i % 7);
    t.columns[0].push_back(x);
    t.columns[1].push_back(y);
    sx += x;
    sy += y;
    sxx += x * x;
    sxy += x * y;
  }
  const double w = (n * sxy - sx * sy) / (n * sxx - sx * sx);
  std::vector<LeastSquaresFit> found;
  for (const unsigned threads : {1u, 2u, 5u})
    found.push_back(fit("w*x + b - y", t, {0, 0}, {.workers = std::make_shared<Workers>(threads)}));
  EXPECT_EQ(found[0].reason, Reason::converged);
  EXPECT_NEAR(found[0].at[0], w, 1e-10);
  EXPECT_NEAR(found[0].at[1], (sy - w * sx) / n, 1e-10);
  EXPECT_EQ(found[1].at, found[0].at);
  EXPECT_EQ(found[2].at, found[0].at);
  EXPECT_EQ(found[2].rss, found[0].rss);
}

// Closed forms for 1 and 2 degrees of freedom; tables for the others.
TEST(Student, QuantilesAreThoseOfTheTables) {
  for (const double p : {0.5, 0.9, 0.95, 0.99}) {
    EXPECT_NEAR(student_quantile(p, 1), std::tan(M_PI / 2 * p), 1e-11);
    EXPECT_NEAR(student_quantile(p, 2), p * std::sqrt(2 / (1 - p * p)), 1e-12);
  }
  EXPECT_NEAR(student_quantile(0.95, 10), 2.2281388519862739, 1e-13);
  EXPECT_NEAR(student_quantile(0.95, 1e9), 1.959963987, 1e-8);
}

}  // namespace
}  // namespace nabla
