#pragma once

// Node: one operation and its operands, in 16 bytes.

#include <cstdint>

#include "lib/core/expr.hpp"

namespace nabla {

enum class Op : std::uint8_t {
  // leaves
  integer,   // payload: the value, 64 bits
  rational,  // a: index into the graph's table of exact numbers (anything but a 64-bit integer)
  real,      // payload: the double
  constant,  // detail: row of the constant table
  symbol,    // a: index of the name
  column,    // a: index of the name
  // operations; operands in a, b, c as far as operand_count says
  sum,         // a + b
  product,     // a * b; a numeric coefficient stands in a
  power,       // a ^ b
  call,        // detail: row of the function table; a, and b when the row takes two operands
  less,        // a < b
  less_equal,  // a <= b
  equal,       // a = b
  not_equal,   // a != b
  both,        // a and b
  either,      // a or b
  negation,    // not a
  select,      // if a then b else c
  data_sum,    // sum of a over the rows of the data
  apply1,      // detail: function of the program (user_functions.hpp), of one operand,
  apply2,      // of two,
  apply3,      // of three
};

constexpr bool is_apply(Op op) { return op >= Op::apply1 && op <= Op::apply3; }

// What is below a node, kept with it so that constructors stay O(1).
enum Flag : std::uint16_t {
  depends_on_symbol = 1,  // a symbol or a column occurs
  varies_by_row = 2,      // a column occurs outside any data sum
  has_data_sum = 4,
};

struct Node {
  Op op{};
  std::uint8_t detail = 0;
  std::uint16_t flags = 0;
  NodeId a{}, b{}, c{};

  friend bool operator==(const Node&, const Node&) = default;

  bool is_number() const { return op <= Op::real; }
  bool is_leaf() const { return op <= Op::column; }
  Fn fn() const { return Fn{detail}; }
  NodeId operand(int i) const { return i == 0 ? a : i == 1 ? b : c; }
};
static_assert(sizeof(Node) == 16);

// How many of a, b, c are operands; decided by the op and, for calls, the function row.
int operand_count(const Node&);

// The order of operands carries no meaning (sum, product, =, !=, and, or, min, max, ...).
bool is_commutative(const Node&);

}  // namespace nabla
