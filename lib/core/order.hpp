#pragma once

// Order by structure. What is printed or generated never depends on the ids, hashes or addresses of
// nodes, so the same expression reads the same in every run and from every compiler (ADR 0001).

#include <compare>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/core/graph.hpp"
#include "lib/core/stop.hpp"

namespace nabla {

// Ranks of everything below some roots: by height first (leaves are lowest), then by kind, number,
// name, and operands; those of commutative nodes as a sorted pair. Equal ranks mean equal nodes.
// O(n log n), after Aho, Hopcroft and Ullman's comparison of trees (1974, example 3.2).
class Order {
 public:
  Order(const Graph& g, std::span<const NodeId> roots);

  std::uint32_t rank(NodeId id) const { return ranks_[index(id)]; }

 private:
  std::vector<std::uint32_t> ranks_;
};

// The same order, without ranks, for nodes that come into being as one goes; and on top of it the
// order people expect to read. A node is examined once; comparing two nodes follows at most one
// path down, to the first place where they differ.
class ReadingOrder {
 public:
  explicit ReadingOrder(const Graph& g) : g_(g), stop_(g.limits) {}

  std::strong_ordering compare(NodeId a, NodeId b);

  // Terms of a sum: by total degree, highest first, then x^2*y before x*y^2; constants last.
  bool term_before(NodeId a, NodeId b);

  // Factors of a product: numbers, constants, symbols, columns, powers, sums, calls, the rest.
  bool factor_before(NodeId a, NodeId b);

  // The operands of a node with two commutative operands, the lower one in the order first.
  std::pair<NodeId, NodeId> ascending(NodeId id);

 private:
  struct Trait {
    double degree = 0;
    std::uint32_t height = 0;  // 1 for leaves; 0 while not examined
    std::uint16_t length = 0;  // factors of a product, saturated
    bool swapped = false;      // commutative, and operand b comes before a
  };

  const Trait& trait(NodeId id);
  Trait examine(const Node& n);
  std::strong_ordering compare_examined(NodeId a, NodeId b) const;
  std::strong_ordering compare_factors(NodeId a, NodeId b);
  void factors(NodeId term, std::vector<NodeId>& into);

  const Graph& g_;
  mutable StopCheck stop_;
  std::vector<Trait> traits_;
  std::vector<NodeId> stack_, left_, right_;
};

// x2 before x10: runs of digits compare as numbers.
std::strong_ordering compare_names(std::string_view a, std::string_view b);

// A term one subtracts: a negative number, or a product with a negative coefficient.
bool is_negative_term(const Graph& g, NodeId id);

// A power with a negative exact exponent, which is written as a denominator.
bool is_inverse(const Graph& g, NodeId id);

}  // namespace nabla
