#pragma once

// Survey: what the recorder has to know of every node, found out once and kept side by side in the
// order in which the nodes are computed, so that it asks neither the graph nor a map.

#include <cstdint>
#include <span>
#include <vector>

#include "lib/core/graph.hpp"
#include "lib/core/pages.hpp"

namespace nabla {

struct Surveyed {
  // What a node is, beyond its operation.
  enum Mark : std::uint8_t {
    number = 1,
    negative = 2,   // a number below 0, or -0.0
    minus_one = 4,  // the number -1
    one = 8,        // the number 1
    varies = 16,    // from row to row
    // A sum subtracts this operand, a product divides by it: the operand has a second face.
    other_a = 32,
    other_b = 64,
  };
  // The faces of a node that are read outside loops.
  enum Face : std::uint8_t { plain = 1, second = 2 };

  Op op;
  std::uint8_t detail;
  std::int8_t twice;  // the exponent of a power of a small half-integer, times two; else 0
  std::uint8_t marks;
  std::uint32_t a, b, c;      // operands, as places in the survey; of a leaf `a` is its id
  std::uint32_t value;        // what the recorder computed of it, in one loop
  std::uint8_t uses, wanted;  // uses: 2 for more; wanted: faces
  std::uint8_t stage, loop;   // stage: sums over rows below it

  bool is(Mark mark) const { return (marks & mark) != 0; }
  NodeId leaf() const { return NodeId{a}; }
  // What was computed as the second face: nodes of three operands have none.
  std::uint32_t& other() { return c; }
  std::uint32_t operand(int i) const { return i == 0 ? a : i == 1 ? b : c; }
  int operands() const;
};
static_assert(sizeof(Surveyed) == 24);

class Survey {
 public:
  static constexpr std::uint32_t nothing = ~std::uint32_t{0};
  static constexpr std::uint8_t no_loop = 255;
  static constexpr std::uint8_t deepest_loop = 100;

  // Of all that is below the roots: depth first, operands from the first to the last. O(nodes), and
  // 4 bytes for each node of the graph up to the largest root.
  Survey(const Graph&, std::span<const NodeId> roots);
  // What is left to be known before recording: faces. O(nodes).
  void find_faces(const Limits&);

  Surveyed& operator[](std::uint32_t place) { return nodes_[place]; }
  const Surveyed& operator[](std::uint32_t place) const { return nodes_[place]; }
  std::size_t size() const { return count_; }
  std::uint32_t place_of(NodeId below_a_root) const { return places_[index(below_a_root)] - 1; }
  // The same for any node, `nothing` where it is not below a root.
  std::uint32_t find(NodeId id) const {
    return index(id) < places_.size() ? places_[index(id)] - 1 : nothing;
  }
  std::vector<NodeId> order() const;  // the nodes, by place
  // Of which no node below a root has one.
  NodeId first_unknown_id() const { return NodeId{static_cast<std::uint32_t>(places_.size())}; }

  bool has_lowered() const { return has_lowered_; }  // calls that stand for other functions
  bool has_loops() const { return has_loops_; }      // sums whose terms vary by row
  bool too_deep() const { return too_deep_; }        // more of them inside one another than allowed
  std::size_t symbols() const { return symbols_; }

 private:
  void enter_all(const Graph&, std::span<const NodeId> roots);
  void enter_leaf(const Graph&, NodeId, const Node&);
  void enter(const Graph&, NodeId, const Node&, int operands);
  Surveyed& append(NodeId, const Node&);
  std::uint32_t user_of(NodeId operand);
  void want(std::uint32_t place, bool other) {
    nodes_[place].wanted |= other ? Surveyed::second : Surveyed::plain;
  }
  void want_operands(const Surveyed&);
  bool is_subtracted(const Surveyed&) const;

  Pages<std::uint32_t> places_;  // by id, plus one; 0 where a node is not below the roots
  Pages<Surveyed> nodes_;
  std::size_t count_ = 0, symbols_ = 0;
  bool has_lowered_ = false, has_loops_ = false, too_deep_ = false;
};

}  // namespace nabla
