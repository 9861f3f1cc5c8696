#pragma once

// Replaces functions that are defined by other functions (mod, sigmoid, max, ...) by their
// definition, so that every back end computes the same operations.

#include <memory>
#include <span>
#include <vector>

#include "lib/core/graph.hpp"

namespace nabla {

// What is left holds machine functions only. The graph given is never touched: the replacement
// lives in a graph of its own.
struct Plain {
  std::unique_ptr<Graph> own;
  std::vector<NodeId> roots;
};

// `order` is what is below the roots, operands first. Linear in its length, before and after.
// Throws LimitError. Functions that are `kept` stay as they are.
Plain lower(const Graph&, std::span<const NodeId> roots, std::span<const NodeId> order,
            std::span<const Fn> kept = {});

}  // namespace nabla
