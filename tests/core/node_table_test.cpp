// Where nodes stand in the table: beside an operand, or elsewhere when it is crowded or too old.

#include "lib/core/node_table.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace nabla {
namespace {

// Nodes at ids of the test's choosing. What is not touched takes no memory.
struct Store {
  static constexpr std::uint32_t room = (1u << 25) + 100'000;
  Pages<Node> nodes;
  NodeTable table;

  Store() {
    nodes.grow(room);
    table.reserve(room);
  }
  // Finds the node, or stores it there.
  NodeId insert(const Node& n, NodeId at) {
    const auto entry = table.find(&nodes[0], at, n, false);
    if (entry.exists) return entry.found;
    table.make_room(entry);
    nodes[index(at)] = n;
    table.insert(entry, at);
    return at;
  }
};

Node user(std::uint32_t operand, std::uint32_t other) {
  return {.op = Op::power, .a = NodeId{operand}, .b = NodeId{other}};
}

TEST(NodeTable, FindsUsersOfOldOperandsWhenTheyWereBuiltEarlyAndLate) {
  Store s;
  // The late ones are younger than their operand by more than a slot can count.
  constexpr std::uint32_t early = 1000, late = (1u << 25) + 50'000;
  for (std::uint32_t k = 0; k < 4; ++k) {
    EXPECT_EQ(s.insert(user(10, k), NodeId{early + k}), NodeId{early + k});
  }
  // Some stand beside the operand, where there is room; more than there is room for.
  for (std::uint32_t k = 4; k < 100; ++k) {
    EXPECT_EQ(s.insert(user(10, k), NodeId{late + k}), NodeId{late + k});
  }
  for (std::uint32_t k = 0; k < 100; ++k) {
    EXPECT_EQ(s.insert(user(10, k), NodeId{late + 1000}), NodeId{(k < 4 ? early : late) + k}) << k;
  }
}

TEST(NodeTable, FindsNothingOnceItIsCleared) {
  Store s;
  for (std::uint32_t k = 0; k < 100; ++k) (void)s.insert(user(10, k), NodeId{1000 + k});
  s.table.clear(1100);
  for (std::uint32_t k = 0; k < 100; ++k) {
    EXPECT_EQ(s.insert(user(10, k), NodeId{2000 + k}), NodeId{2000 + k}) << k;
  }
}

}  // namespace
}  // namespace nabla
