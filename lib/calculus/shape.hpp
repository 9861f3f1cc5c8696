#pragma once

// Shape: a term as a sequence, in which variables are slots. Two terms have one shape when they
// become one another by exchanging variables, each for another one.

#include <cstdint>
#include <vector>

#include "lib/calculus/guarded.hpp"
#include "lib/core/graph.hpp"

namespace nabla::calculus {

// Nodes in the order in which they are met from the top: a variable is a slot, a node met before
// its number, everything else what it is.
using Shape = std::vector<std::uint32_t>;

class ShapeReader {
 public:
  // For terms with ids below `ids`, of at most `largest` nodes.
  ShapeReader(const Graph& g, std::size_t ids, std::size_t largest)
      : g_(g), largest_(largest), place_(ids), met_(ids) {}

  // The variable stands at this place of the list; a slot then holds the place.
  void add_variable(NodeId id, std::uint32_t place) {
    if (index(id) < place_.size()) place_[index(id)] = place + 1;
  }

  // Leaves the shape of the term and the variables in its slots; false when it is too large.
  // O(term).
  bool read(NodeId term);
  const Shape& shape() const { return shape_; }
  const std::vector<std::uint32_t>& slots() const { return slots_; }

  // Has the term that shape? If so, leaves the variables in its slots; several times as fast as
  // read.
  bool matches(const Shape&, NodeId term);

  // The names in a shape that are no variables: visit(node).
  static void each_name(const Shape& shape, auto visit) {
    for (std::size_t at = 0; at < shape.size(); ++at) {
      if (shape[at] & (again | slot) || !is_leaf(shape[at])) continue;
      const Op op = static_cast<Op>(shape[at] >> 8 & 255);
      if (op == Op::symbol || op == Op::column) visit(Node{.op = op, .a = NodeId{shape[at + 1]}});
      at += 3;
    }
  }

 private:
  // A word: a number met before, a slot, or operands, op and detail of a node; leaves are followed
  // by their payload.
  static constexpr std::uint32_t again = 1u << 31, slot = 1u << 30;
  static bool is_leaf(std::uint32_t head) { return head >> 16 == 0; }

  const Graph& g_;
  std::size_t largest_;
  ZeroedArray<std::uint32_t> place_;  // of a variable, plus one
  ZeroedArray<std::uint64_t> met_;    // serial of the term, and number in it
  std::uint32_t serial_ = 0;
  Shape shape_;
  std::vector<std::uint32_t> slots_;
  std::vector<NodeId> stack_, numbered_;
};

}  // namespace nabla::calculus
