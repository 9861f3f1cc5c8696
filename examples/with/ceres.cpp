// Ceres takes residuals and their exact Jacobian from Residuals: no Jets, no differences.

#include <ceres/ceres.h>
#include <nabla/nabla.hpp>

#include <cstdio>

int main() {
  const double t[] = {0, 1, 2, 3}, c[] = {10, 6.1, 3.7, 2.2};
  const nabla::Data data{.names = {"t", "c"}, .columns = {t, c}, .rows = 4};
  nabla::Graph graph;
  nabla::ReadOptions columns;
  columns.columns = data.names;
  const auto residual = nabla::parse(graph, "c0*exp(-k*t) - c", columns);
  if (!residual) return 1;
  const nabla::Expr parameters[] = {nabla::symbol(graph, "c0"), nabla::symbol(graph, "k")};
  const auto rows = nabla::Residuals::compile(residual->value.scalar(), parameters, data);
  if (!rows) return 1;

  ceres::Problem problem;
  double at[] = {8, 1};
  problem.AddResidualBlock(new nabla::CeresResiduals<ceres::CostFunction>(*rows), nullptr, at);
  ceres::Solver::Options options;
  options.logging_type = ceres::SILENT;
  options.function_tolerance = 1e-15;
  ceres::Solver::Summary summary;
  ceres::Solve(options, &problem, &summary);
  std::printf("c0 = %.6f, k = %.6f\n", at[0], at[1]);
  return summary.IsSolutionUsable() ? 0 : 1;
}
