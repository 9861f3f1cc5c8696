#pragma once

// Workloads with known answers: expressions whose size grows with n, built the way a user's loop
// builds them. Values are the shared ones of the benchmark rules: the k-th variable is
// 1/2 + (k mod 97)/200.

#include <string>
#include <vector>

#include "lib/core/expr.hpp"

namespace nabla::workloads {

struct Workload {
  Expr function;
  std::vector<Expr> variables;
};

double variable_value(std::size_t k);

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

// The binomial-like sum k x^{ay} y^{bz} z^{cx} over a + b + c = n: (x^y + y^z + z^x)^n multiplied
// out, with all coefficients taken as 1 + (a mod 7).
Workload power_terms(Graph&, std::size_t n);

}  // namespace nabla::workloads
