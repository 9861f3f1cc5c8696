#pragma once

// What makes one form better than another: the reader's time, the graph's size, or the machine's.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "simplify/metric.hpp"

namespace nabla {

enum class CostProfile : std::uint8_t {
  display,   // operations of the printed tree
  shared,    // operations of the graph, each part once
  run,       // what the machine does, each part once: see running_time()
  accuracy,  // the bound on the rounding error, then operations of the tree
};

// The profile of that name, as options spell it.
std::optional<CostProfile> find_profile(std::string_view name);

// Estimated time of evaluating the roots, every distinct node once, in additions: + and * 1, a
// division 4, a square root 5, x^n the multiplications of its binary chain, another power 25,
// functions as their table says. Saturates. O(distinct nodes).
std::size_t running_time(const Graph& g, std::span<const NodeId> roots);

// Sizes in a profile's unit, of expressions of one graph.
class Price {
 public:
  Price(const Graph& g, OperationCounter& count, CostProfile profile)
      : g_(g), count_(count), profile_(profile) {}

  CostProfile profile() const { return profile_; }
  void set(CostProfile profile) { profile_ = profile; }

  std::size_t of(NodeId root) { return of(std::span(&root, 1)); }
  std::size_t of(std::span<const NodeId> roots);

 private:
  const Graph& g_;
  OperationCounter& count_;
  CostProfile profile_;
};

}  // namespace nabla
