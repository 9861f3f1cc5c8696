#pragma once

// How large an expression is to a reader, and to a machine: operations of what is printed. Sums and
// products count as flat lists, so that the figure does not depend on how they are nested.

#include <cstddef>
#include <memory>
#include <span>

#include "lib/core/expr.hpp"

namespace nabla {

// Operators in the smallest tree of binary operators that writes e as it stands, rational literals
// free: n - 1 for a sum of n terms, signs absorbed; one for a power with a constant exponent or a
// call; one for a fraction bar. Saturates. O(n).
std::size_t tree_operations(Expr e);

// The same, every distinct part of the roots counted once. O(n); parts are told apart by a 64-bit
// hash of their structure.
std::size_t shared_operations(std::span<const Expr> roots);
inline std::size_t shared_operations(Expr e) { return shared_operations({&e, 1}); }

// The same counts for many expressions of one graph that grows meanwhile: a node is looked at once.
class OperationCounter {
 public:
  explicit OperationCounter(const Graph&);
  OperationCounter(OperationCounter&&) noexcept;
  ~OperationCounter();

  std::size_t tree(NodeId id);
  std::size_t shared(std::span<const NodeId> roots);
  std::size_t shared(NodeId id) { return shared({&id, 1}); }

 private:
  class Metric;
  friend std::size_t tree_operations(Expr e);
  friend std::size_t shared_operations(std::span<const Expr> roots);
  std::unique_ptr<Metric> metric_;
};

}  // namespace nabla
