#pragma once

// Derivatives by one forward (tangent) sweep: operands first, each node once. What a sweep has
// found is remembered, so the next derivative visits only nodes it has not seen: the n-th
// derivative of a nested function grows polynomially (n^2.8 measured), not exponentially.
//
// Where a function has no derivative (abs at 0) the result is what the function table says; the
// branch of a choice that is not taken never leaks NaN (ADR 0011).

#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "lib/calculus/guarded.hpp"
#include "lib/core/diagnostic.hpp"
#include "lib/core/expr.hpp"

namespace nabla {

// Derivatives in one graph, remembered per variable.
class Tangent {
 public:
  explicit Tangent(Graph& graph) : graph_(graph) {}

  // df/dx. Linear in the distinct nodes below f that no earlier call with this x has seen.
  // Errors: D201 function without derivative, D202 x is no name, L1xx limits.
  Result<NodeId> derivative(NodeId f, NodeId x);

 private:
  std::vector<NodeId> unseen_below(const calculus::Sheet& seen, NodeId f);

  Graph& graph_;
  std::unordered_map<std::uint32_t, calculus::Sheet> sheets_;  // by variable
  std::vector<std::uint64_t> marks_;                           // all zero between calls
};

// The derivative of the given order by x; order 0 is f itself.
Result<Expr> derivative(Expr f, Expr x, unsigned order = 1);

// By each of xs in turn.
Result<Expr> derivative(Expr f, std::span<const Expr> xs);

// sum_i direction_i * df/dvariables_i, in one sweep whatever the number of variables.
// Error D204 when the two lists differ in length.
Result<Expr> directional(Expr f, std::span<const Expr> variables, std::span<const Expr> direction);

}  // namespace nabla
