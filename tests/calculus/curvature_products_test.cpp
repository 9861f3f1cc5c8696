// Curvature times a vector is the matrix times the vector, for what one sweep more costs.

#include "lib/calculus/curvature_products.hpp"

#include "lib/eval/function.hpp"
#include "tests/calculus/support.hpp"

namespace nabla::test {
namespace {

using CurvatureProducts = Calculus;

const double us[] = {0.5, -1.25, 2, 3.5}, ws[] = {1, 0.25, -0.5, 2};
const Data rows{.names = {"u", "w"}, .columns = {us, ws}, .rows = 4};

double value(Expr e, const std::vector<Binding>& at) {
  const auto found = evaluate(e, at, rows);
  EXPECT_TRUE(found) << (found ? "" : found.error().message);
  return found ? *found : NAN;
}

TEST_F(CurvatureProducts, HessianProductIsTheHessianTimesTheDirection) {
  const Expr f = x * x * y * call("sin", z) + call("exp", x * y) / z;
  const std::vector<Expr> v{num(2), num(-1), num(3)};
  const auto product = hessian_product(f, xyz, v);
  ASSERT_TRUE(product);
  const auto matrix = hessian(f, xyz);
  ASSERT_TRUE(matrix);
  for (std::size_t i = 0; i < 3; ++i) {
    const Expr expected = v[0] * (*matrix)(i, 0) + v[1] * (*matrix)(i, 1) + v[2] * (*matrix)(i, 2);
    EXPECT_NEAR(at((*product)[i], 0.7, -1.3, 0.4), at(expected, 0.7, -1.3, 0.4), 1e-12) << i;
  }
}

// d/dx of (x^2 * v) by the product rule would bring in the derivative of v.
TEST_F(CurvatureProducts, DirectionIsConstantWhateverItsNames) {
  const auto product = hessian_product(x * x * y, std::vector{x, y}, std::vector{x, y});
  ASSERT_TRUE(product);
  EXPECT_EQ(at((*product)[0] - (2 * y * x + 2 * x * y), 3, 5), 0);
  EXPECT_EQ(at((*product)[1] - 2 * x * x, 3, 5), 0);
}

TEST_F(CurvatureProducts, GaussNewtonOfALineIsHalfTheHessian) {
  const Expr u = column(g, "u"), w = column(g, "w");
  const Expr r = x * u + y - w;
  const std::vector<Expr> parameters{x, y}, v{num(3), num(-2)};
  const auto product = gauss_newton_product(r, parameters, v);
  const auto half = hessian_product(data_sum(r * r), parameters, v);
  ASSERT_TRUE(product && half);
  for (std::size_t i = 0; i < 2; ++i)
    EXPECT_NEAR(value((*product)[i], {{"x", 1}, {"y", 2}}),
                value((*half)[i], {{"x", 1}, {"y", 2}}) / 2, 1e-13);
}

TEST_F(CurvatureProducts, GaussNewtonIsTheSumOverRowsOfGradientsTimesTangents) {
  const Expr u = column(g, "u"), w = column(g, "w");
  const Expr r = x * call("exp", -y * u) + z * w * w - u * w;
  const std::vector<Expr> v{num(1), num(-2), half()};
  const auto product = gauss_newton_product(r, xyz, v);
  ASSERT_TRUE(product);
  const std::vector<Binding> point{{"x", 1.5}, {"y", 0.3}, {"z", -0.8}};
  for (std::size_t i = 0; i < 3; ++i) {
    double expected = 0;
    for (std::size_t k = 0; k < rows.rows; ++k) {
      const double slope[] = {std::exp(-0.3 * us[k]), -1.5 * us[k] * std::exp(-0.3 * us[k]),
                              ws[k] * ws[k]};
      expected += slope[i] * (slope[0] - 2 * slope[1] + 0.5 * slope[2]);
    }
    EXPECT_NEAR(value((*product)[i], point), expected, 1e-13 * std::abs(expected)) << i;
  }
}

// One body for all parameters: the cost does not grow with parameters times operations.
TEST_F(CurvatureProducts, CostAFewTimesTheResidual) {
  std::vector<Expr> p, v;
  Expr r = num(0);
  for (int i = 0; i < 200; ++i) {
    p.push_back(symbol(g, "p" + std::to_string(i)));
    v.push_back(symbol(g, "v" + std::to_string(i)));
    r = call("tanh", r + p.back() * column(g, "u"));
  }
  const auto product = gauss_newton_product(r, p, v);
  ASSERT_TRUE(product);
  EXPECT_LT(operations(*product), 20 * operations(r));
  const auto curvature = hessian_product(data_sum(r * r), p, v);
  ASSERT_TRUE(curvature);
  EXPECT_LT(operations(*curvature), 40 * operations(r));
}

TEST_F(CurvatureProducts, NeedADirectionOfTheRightLength) {
  EXPECT_EQ(hessian_product(x * y, std::vector{x, y}, std::vector{x}).error().code, "D204");
  EXPECT_EQ(gauss_newton_product(x * y, std::vector{x, y}, std::vector{x}).error().code, "D204");
}

}  // namespace
}  // namespace nabla::test
