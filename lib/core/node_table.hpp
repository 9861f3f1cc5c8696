#pragma once

// NodeTable: finds the node that equals a given one. A node is looked for next to its youngest
// operand: expressions are built from what was built just before, so the walk through the table is
// almost sequential and a graph of ten million nodes is as fast as one of a thousand (ADR 0009).
// Slots have some bits of the hash, so that nodes that only stand there are not fetched (ADR 0033).

#include <cstddef>
#include <cstdint>

#include "lib/core/node.hpp"
#include "lib/core/pages.hpp"

namespace nabla {

class NodeTable {
 public:
  // Room for that many nodes; never moves an entry.
  void reserve(std::size_t nodes);

  // The equal node, or none and the place where `next`, the node to be inserted, belongs; the place
  // is good until the next call of insert or reserve.
  struct Entry {
    NodeId found{};
    bool exists = false;
    std::uint32_t* near = nullptr;  // nullptr: among the scattered ones
    std::uint32_t mark = 0;         // what is written there
    std::uint64_t hash = 0;
  };
  Entry find(const Node* nodes, NodeId next, const Node& n, bool commutative) const;

  // After this, insert() at the entry cannot fail. Throws std::bad_alloc.
  void make_room(const Entry& at) {
    if (at.near == nullptr && 2 * (scattered_count_ + 1) >= scattered_.size()) grow_scattered();
  }
  void insert(const Entry& at, NodeId id);

  // Forgets all entries, `nodes` being how many nodes there were; keeps memory. O(nodes).
  void clear(std::size_t nodes);
  void release();  // the same, and gives memory back

  // Memory in use by that many nodes.
  std::size_t bytes(std::size_t nodes) const;

 private:
  struct Scattered {
    std::uint32_t id_plus_one, hash;
  };
  [[gnu::noinline]] Entry find_scattered(const Node* nodes, const Node& n, bool commutative,
                                         std::uint64_t hash) const;
  static void put(Pages<Scattered>&, const Scattered&);
  void grow_scattered();

  // Slot 2 id and the next few belong to users of node id: the upper bits are some of the hash, the
  // others say how much younger the user is.
  mutable Pages<std::uint32_t> near_;
  Pages<Scattered> scattered_;  // open addressing, a power of two
  std::size_t scattered_count_ = 0;
};

}  // namespace nabla
