#pragma once

// The workloads of one function whose size grows with n, as plain calls.

#include <string>
#include <vector>

#include "lib/core/expr.hpp"

namespace nabla::workloads {

struct Workload {
  Expr function;
  std::vector<Expr> variables;
};

// sum over i of x_i^2 x_{i+1} + sin(x_i x_{i+1}), n variables.
Workload chain_sum(Graph&, std::size_t n);

// (1 - x_i)^2 + 100 (x_{i+1} - x_i^2)^2 summed, n variables.
Workload rosenbrock(Graph&, std::size_t n);

// x_1 x_2 ... x_n.
Workload speelpenning(Graph&, std::size_t n);

// sin(sin(sin(sin x))) and exp(sin(exp(sin x))).
Workload four_sines(Graph&);
Workload exponential_sines(Graph&);

// e <- sin(e) e + 1, `steps` times: a graph of 3 nodes a step and a tree of 2^steps.
Workload shared_bomb(Graph&, std::size_t steps);

// (x^y + y^z + z^x)^n multiplied out: k x^{ay} y^{bz} z^{cx} over a + b + c = n.
Workload power_terms(Graph&, std::size_t n);

}  // namespace nabla::workloads
