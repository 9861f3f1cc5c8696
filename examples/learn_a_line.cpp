// Learning from data in ten lines: parse a loss, bind columns, minimise.

#include <nabla/nabla.hpp>

#include <cstdio>

int main() {
  const double x[] = {1, 2, 3, 4, 5}, y[] = {2, 4, 5, 4, 5};
  const nabla::Data data{.names = {"x", "y"}, .columns = {x, y}, .rows = 5};

  nabla::Graph graph;
  const auto loss = nabla::parse(graph, "mean((w*x_i + b - y_i)^2)");
  if (!loss) return 1;
  const nabla::Expr parameters[] = {nabla::symbol(graph, "w"), nabla::symbol(graph, "b")};
  const auto f = nabla::Objective::compile(loss->value.scalar(), parameters, data);
  if (!f) return 1;
  const nabla::Minimum found = nabla::minimize(*f, std::vector{0.0, 0.0});
  std::printf("w = %.4f, b = %.4f, loss = %.4f\n", found.at[0], found.at[1], found.value);
  std::printf("%s, a %s\n", name_of(found.reason).data(), name_of(found.kind).data());
}
