#include <nabla/nabla.hpp>

#include <cmath>
#include <iostream>

int main() {
  nabla::Graph graph;
  const auto f = nabla::parse(graph, "x^2*sin(x)");
  if (!f) return 1;
  const auto slope = nabla::derivative(f->value.entries[0], nabla::symbol(graph, "x"));
  if (!slope) return 1;
  const std::string text = nabla::print(nabla::canonical(*slope));
  std::cout << text << "\n";
  const nabla::Binding at[] = {{"x", 1.5}};
  const auto value = nabla::evaluate(*slope, at);
  return text == "x^2*cos(x) + 2*x*sin(x)" && value && std::fabs(*value - 3.151643663564495) < 1e-14
             ? 0
             : 1;
}
