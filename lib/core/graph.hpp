#pragma once

// Graph: the arena that owns expression nodes and stores every distinct node exactly once. Nothing
// is global: graphs are independent, and a graph that is no longer built may be read from many
// threads.
//
// The rule every pass relies on: operands have smaller ids than the nodes that use them.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lib/core/expr.hpp"
#include "lib/core/limits.hpp"
#include "lib/core/names.hpp"
#include "lib/core/number.hpp"

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
};

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

class NameError : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

// ASCII letters, digits and underscores, not starting with a digit; at most `max` bytes.
bool is_identifier(std::string_view, std::size_t max = Limits{}.name_bytes);

class Graph {
 public:
  explicit Graph(Limits limits = {});
  Graph(const Graph&) = delete;
  Graph& operator=(const Graph&) = delete;
  ~Graph();

  Limits limits;

  const Node& operator[](NodeId id) const { return nodes_[index(id)]; }
  std::size_t size() const { return count_; }
  std::size_t bytes() const;  // memory held: nodes, hash table, numbers and names

  // The id of an equal node, or of a new one. Applies no algebra: see build.hpp for that.
  // Amortised O(1). Throws LimitError when the node budget is used up or a stop was requested.
  NodeId insert(Node);

  NodeId insert(std::int64_t);
  NodeId insert(const Number&);
  NodeId insert(double);
  NodeId insert_name(Op symbol_or_column, std::string_view name);
  NodeId insert_constant(std::uint8_t row);

  static constexpr NodeId zero{0}, one{1}, minus_one{2}, two{3};

  std::int64_t integer_of(const Node&) const;
  double real_of(const Node&) const;
  Number exact_of(const Node&) const;  // integer or rational
  double value_of_number(const Node&) const;
  const std::string& name_of(const Node& symbol_or_column) const {
    return names_[index(symbol_or_column.a)];
  }

  Expr expr(NodeId id) { return {this, id}; }

  // Ids of everything the roots are made of, themselves included, operands first (ascending).
  // Time and memory O(largest root) bits + O(result).
  std::vector<NodeId> below(std::span<const NodeId> roots) const;
  std::vector<NodeId> below(NodeId root) const { return below({&root, 1}); }

  // Names of the symbols (or columns) below the roots, in order of first appearance when the
  // expression is read from left to right.
  std::vector<std::string> symbols(std::span<const NodeId> roots, Op kind = Op::symbol) const;

 private:
  struct Free {
    void operator()(void* p) const { std::free(p); }
  };
  void grow_nodes();
  void grow_table();
  template <typename Found>
  std::uint32_t* probe(const Node&, bool commutative, Found);
  std::uint32_t* find(const Node&);

  std::unique_ptr<Node[], Free> nodes_;
  std::size_t count_ = 0, capacity_ = 0;
  std::unique_ptr<std::uint32_t[], Free> table_;  // 0 is empty, else id + 1
  std::size_t table_mask_ = 0;
  std::vector<Number> numbers_;
  std::unordered_multimap<std::size_t, std::uint32_t> number_index_;
  Names names_;
  std::vector<std::array<NodeId, 2>> named_nodes_;  // symbol and column of each name; 0 is none yet
};

// One value for every node up to a root, in an array.
template <typename T>
class NodeMap {
 public:
  explicit NodeMap(NodeId last, T initial = {}) : values_(std::size_t{index(last)} + 1, initial) {}

  decltype(auto) operator[](NodeId id) { return values_[index(id)]; }
  decltype(auto) operator[](NodeId id) const { return values_[index(id)]; }
  std::size_t size() const { return values_.size(); }

 private:
  std::vector<T> values_;
};

inline const Node& node(Expr e) { return (*e.graph)[e.id]; }

}  // namespace nabla
