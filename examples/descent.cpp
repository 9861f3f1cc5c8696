// Gradient descent on a mean squared error: the loss is a formula, the data are columns, the
// gradient is exact, and one compiled function gives loss and gradient in one pass over the rows.

#include <nabla/nabla.hpp>

#include <cstdio>

int main() {
  nabla::Graph graph;
  const auto loss = nabla::parse(graph, "mean((w*x_i + b - y_i)^2)");
  if (!loss) return 1;
  const nabla::Expr f = loss->value.entries[0];
  const nabla::Expr parameters[] = {nabla::symbol(graph, "w"), nabla::symbol(graph, "b")};
  const auto slopes = nabla::gradient(f, parameters);
  if (!slopes) return 1;
  const nabla::Expr outputs[] = {f, (*slopes)[0], (*slopes)[1]};
  const auto function = nabla::Function::compile(parameters, outputs);
  if (!function) return 1;

  const double x[] = {1, 2, 3, 4, 5}, y[] = {5, 8, 11, 14, 17};
  const nabla::Data data{.names = {"x", "y"}, .columns = {x, y}, .rows = 5};
  double at[] = {0, 0}, out[3];
  for (int step = 0; step < 500; ++step) {
    (*function)(at, out, data);
    at[0] -= 0.01 * out[1];
    at[1] -= 0.01 * out[2];
  }
  (*function)(at, out, data);
  std::printf("after 500 steps: w = %.4f, b = %.4f, loss = %.6f\n", at[0], at[1], out[0]);
  std::printf("gradient [%.4f, %.4f]: not converged yet\n", out[1], out[2]);
}
