#pragma once

// The rules of differentiation, one operation at a time; both sweeps (tangent and adjoint) are
// loops over these, so there is one set of rules and nothing to keep in step.

#include <new>
#include <stdexcept>

#include "lib/calculus/guarded.hpp"
#include "lib/core/diagnostic.hpp"

namespace nabla::calculus {

// Thrown inside a sweep, returned as a Diagnostic at its boundary.
class NoDerivative : public std::runtime_error {
 public:
  explicit NoDerivative(Diagnostic d) : std::runtime_error(d.message), diagnostic(std::move(d)) {}
  Diagnostic diagnostic;
};

// How a node changes with one of its operands: by `factor`, wherever `guard` holds; elsewhere not.
struct Partial {
  NodeId factor = Graph::zero;
  NodeId guard = Graph::one;
};

// Throws NoDerivative (D201) where the function table says `undefined`.
Partial partial(Graph&, NodeId y, int operand);

// The tangent of a node from those of its operands.
Guarded tangent(Graph&, NodeId y, const Sheet& tangents);

// Runs a computation and turns what it throws about limits and missing derivatives into a Result.
template <typename T, typename Computation>
Result<T> attempt(Computation compute) {
  try {
    return compute();
  } catch (const LimitError& e) {
    return e.diagnostic();
  } catch (const NoDerivative& e) {
    return e.diagnostic;
  } catch (const std::bad_alloc&) {
    return out_of_memory();
  }
}

// Throws NoDerivative: D202 unless x is a symbol or a column, D203 when it is of another graph.
void check_variable(const Graph&, Expr x);

}  // namespace nabla::calculus
