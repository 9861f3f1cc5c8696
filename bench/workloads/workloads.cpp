#include "bench/workloads/workloads.hpp"

#include "lib/core/functions.hpp"
#include "lib/core/graph.hpp"

namespace nabla::workloads {

namespace {

std::vector<Expr> variables(Graph& g, std::size_t n) {
  std::vector<Expr> x;
  x.reserve(n);
  for (std::size_t i = 0; i < n; ++i) x.push_back(symbol(g, "x" + std::to_string(i)));
  return x;
}

}  // namespace

double variable_value(std::size_t k) { return 0.5 + static_cast<double>(k % 97) / 200; }

Workload chain_sum(Graph& g, std::size_t n) {
  const std::vector<Expr> x = variables(g, n);
  Expr total = number(g, 0);
  for (std::size_t i = 0; i + 1 < n; ++i) {
    const Expr u = x[i] * x[i + 1];
    const Expr square_part = x[i] * u;
    total = total + (square_part + call("sin"_fn, u));
  }
  return {total, x};
}

Workload rosenbrock(Graph& g, std::size_t n) {
  const std::vector<Expr> x = variables(g, n);
  Expr total = number(g, 0);
  for (std::size_t i = 0; i + 1 < n; ++i) {
    const Expr a = 1 - x[i], b = x[i + 1] - x[i] * x[i];
    const Expr squares = a * a, valley = 100 * (b * b);
    total = total + (squares + valley);
  }
  return {total, x};
}

Workload speelpenning(Graph& g, std::size_t n) {
  const std::vector<Expr> x = variables(g, n);
  Expr product = x[0];
  for (std::size_t i = 1; i < n; ++i) product = product * x[i];
  return {product, x};
}

Workload four_sines(Graph& g) {
  const Expr x = symbol(g, "x");
  Expr f = x;
  for (int i = 0; i < 4; ++i) f = call("sin"_fn, f);
  return {f, {x}};
}

Workload exponential_sines(Graph& g) {
  const Expr x = symbol(g, "x");
  Expr f = x;
  for (int i = 0; i < 2; ++i) f = call("exp"_fn, call("sin"_fn, f));
  return {f, {x}};
}

Workload shared_bomb(Graph& g, std::size_t steps) {
  const Expr x = symbol(g, "x");
  Expr e = x;
  for (std::size_t i = 0; i < steps; ++i) e = call("sin"_fn, e) * e + 1;
  return {e, {x}};
}

Workload power_terms(Graph& g, std::size_t n) {
  const Expr x = symbol(g, "x"), y = symbol(g, "y"), z = symbol(g, "z");
  Expr total = number(g, 0);
  for (std::size_t a = 0; a <= n; ++a) {
    for (std::size_t b = 0; a + b <= n; ++b) {
      const std::size_t c = n - a - b;
      const Expr first = pow(x, a * y), second = pow(y, b * z), third = pow(z, c * x);
      total = total + (1 + a % 7) * (first * second * third);
    }
  }
  return {total, {x, y, z}};
}

}  // namespace nabla::workloads
