#pragma once

// A workload W1 to W12 is a Problem, written once over an algebra: whatever offers numbers, names
// and elementary functions. NablaAlgebra is ours; benchmarks bring those of other systems, so that
// all of them differentiate the same formulas, built in the same order.
//
// Unless a workload says otherwise the k-th variable is 1/2 + (k mod 97)/200 and the k-th parameter
// 1/10 + (k mod 89)/100.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "lib/core/functions.hpp"
#include "lib/core/graph.hpp"

namespace nabla::workloads {

inline double variable_value(std::size_t k) { return 0.5 + static_cast<double>(k % 97) / 200; }
inline double parameter_value(std::size_t k) { return 0.1 + static_cast<double>(k % 89) / 100; }

template <typename Algebra>
struct Problem {
  using Scalar = typename Algebra::Scalar;

  std::vector<Scalar> variables, parameters, outputs;
  std::vector<double> variable_values, parameter_values;

  // The next variable or parameter, with its usual value or the given one.
  Scalar variable(Algebra& a, const std::string& name) {
    return variable(a, name, variable_value(variables.size()));
  }
  Scalar variable(Algebra& a, const std::string& name, double value) {
    variables.push_back(a.variable(name));
    variable_values.push_back(value);
    return variables.back();
  }
  // The variables prefix0, prefix1, ..., all at once where the system can.
  void numbered_variables(Algebra& a, const std::string& prefix, std::size_t count) {
    variable_values.reserve(count);
    for (std::size_t k = 0; k < count; ++k) variable_values.push_back(variable_value(k));
    if constexpr (requires { a.variables(prefix, count); }) {
      variables = a.variables(prefix, count);
    } else {
      variables.reserve(count);
      for (std::size_t k = 0; k < count; ++k)
        variables.push_back(a.variable(prefix + std::to_string(k)));
    }
  }
  Scalar parameter(Algebra& a, const std::string& name) {
    return parameter(a, name, parameter_value(parameters.size()));
  }
  Scalar parameter(Algebra& a, const std::string& name, double value) {
    parameters.push_back(a.variable(name));
    parameter_values.push_back(value);
    return parameters.back();
  }
};

struct NablaAlgebra {
  using Scalar = Expr;

  Graph& graph;

  Expr variable(const std::string& name) { return symbol(graph, name); }
  std::vector<Expr> variables(const std::string& prefix, std::size_t count) {
    return symbols(graph, prefix, count);
  }
  Expr number(std::int64_t n) { return nabla::number(graph, n); }
  Expr ratio(std::int64_t p, std::int64_t q) { return rational(graph, p, q); }
  Expr real(double x) { return nabla::real(graph, x); }
  Expr exact(const Number& n) { return graph.expr(graph.insert(n)); }

  Expr sin(Expr u) { return call("sin"_fn, u); }
  Expr cos(Expr u) { return call("cos"_fn, u); }
  Expr exp(Expr u) { return call("exp"_fn, u); }
  Expr log(Expr u) { return call("log"_fn, u); }
  Expr tanh(Expr u) { return call("tanh"_fn, u); }
  Expr pow(Expr u, Expr v) { return nabla::pow(u, v); }
};

}  // namespace nabla::workloads
