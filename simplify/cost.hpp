#pragma once

// What expressions and their derivatives cost: written out as a tree, written once with every
// shared part named, and as operations of a machine. The first may be astronomic where the last is
// small.

#include <optional>
#include <span>

#include "lib/calculus/gradient.hpp"

namespace nabla {

struct Size {
  std::size_t tree = 0;        // of all entries written out (metric.hpp); saturates at 2^32 - 1
  std::size_t shared = 0;      // the same, every distinct part once
  std::size_t operations = 0;  // of a machine, after sharing (operations.hpp, share.hpp)

  friend bool operator==(const Size&, const Size&) = default;
};

// Derivatives, and the operations each sweep alone leaves before anything is shared across them.
struct DerivativeSize : Size {
  std::size_t tangent = 0, adjoint = 0;
};

struct Cost {
  Size function;
  DerivativeSize gradient;                // of several functions: their Jacobian
  std::optional<DerivativeSize> hessian;  // of one function
  std::size_t value_and_gradient = 0;     // operations of both as one program
  std::size_t everything = 0;             // and of all three
};

// Linear in the sizes of the graphs that differentiation builds. Errors as for jacobian.
Result<Cost> cost(std::span<const Expr> functions, std::span<const Expr> variables);

}  // namespace nabla
