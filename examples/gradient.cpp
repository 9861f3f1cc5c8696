// A formula from text, its gradient as text, and both as one compiled function.

#include <nabla/nabla.hpp>

#include <iostream>

int main() {
  nabla::Graph graph;
  const char* text = "x^2*y + 3*x*y^2 + 7";
  const auto reading = nabla::parse(graph, text);
  if (!reading) {
    std::cerr << nabla::render(reading.error(), text);
    return 1;
  }
  const nabla::Expr f = reading->value.entries[0];
  const nabla::Expr variables[] = {nabla::symbol(graph, "x"), nabla::symbol(graph, "y")};
  const auto slopes = nabla::gradient(f, variables);
  if (!slopes) return 1;

  std::vector<nabla::Expr> outputs{f};
  for (const nabla::Expr& slope : nabla::canonical(*slopes)) {
    std::cout << nabla::print(slope) << "\n";
    outputs.push_back(slope);
  }

  // Value and gradient share their work: one call computes all three numbers.
  const auto function = nabla::Function::compile(variables, outputs);
  if (!function) return 1;
  const double at[] = {2, 3};
  double result[3];
  (*function)(at, result);
  std::cout << result[0] << "  [" << result[1] << ", " << result[2] << "]\n";
}
