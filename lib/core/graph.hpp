#pragma once

// Graph: the arena that owns expression nodes and stores every distinct node exactly once. Nothing
// is global: graphs are independent, and a graph that is no longer built may be read from many
// threads.
//
// The rule every pass relies on: operands have smaller ids than the nodes that use them.

#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lib/core/expr.hpp"
#include "lib/core/families.hpp"
#include "lib/core/limits.hpp"
#include "lib/core/names.hpp"
#include "lib/core/node.hpp"
#include "lib/core/node_table.hpp"
#include "lib/core/number.hpp"
#include "lib/core/pages.hpp"
#include "lib/core/user_functions.hpp"

namespace nabla {

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

  // Forgets everything but the limits and keeps the memory, which the next expressions then need
  // not ask for: about half the time to build millions of nodes goes to pages that are new. Where
  // there is more than `keep` bytes of it, it is given back. All handles, ids and functions of the
  // program are void afterwards, as if the graph had been destroyed; only builds with assertions
  // notice the use of some. O(size). Throws like the constructor, and can then be called again.
  void clear(std::size_t keep = ~std::size_t{0});

  const Node& operator[](NodeId id) const {
    assert(index(id) < count_);
    return nodes_[index(id)];
  }
  std::size_t size() const { return count_; }
  std::size_t bytes() const;  // memory in use: nodes, hash table, numbers and names

  // The id of an equal node, or of a new one. Applies no algebra: see build.hpp for that.
  // Amortised O(1). Throws LimitError when nodes or memory are used up or a stop was requested, and
  // std::bad_alloc; the graph is then as it was before.
  NodeId insert(Node);

  NodeId insert(std::int64_t value) {
    const std::uint64_t place = static_cast<std::uint64_t>(value) + small_integers_.size() / 2;
    if (place < small_integers_.size() && small_integers_[place] != NodeId{})
      return small_integers_[place];
    return insert_integer(value);
  }
  NodeId insert(const Number&);
  NodeId insert(double);
  NodeId insert_name(Op symbol_or_column, std::string_view name);
  NodeId insert_constant(std::uint8_t row);

  // The nodes of the symbols prefix0, prefix1, ..., `count` of them, in O(count) without texts
  // where none of these names is there yet. Throws as insert_name.
  std::vector<NodeId> insert_names(std::string_view prefix, std::size_t count);

  static constexpr NodeId zero{0}, one{1}, minus_one{2}, two{3};

  std::int64_t integer_of(const Node&) const;
  double real_of(const Node&) const;
  Number exact_of(const Node&) const;  // integer or rational
  double value_of_number(const Node&) const;
  // Safe from many threads at once, like everything that takes a const Graph.
  const std::string& name_of(const Node& symbol_or_column) const {
    const std::uint32_t name = index(symbol_or_column.a);
    return name & numbered ? families_.text(name & ~numbered) : names_[name];
  }
  // name_of(n).starts_with(beginning), but the texts of numbered names are not made for it.
  bool name_starts_with(const Node& symbol_or_column, std::string_view beginning) const;

  // How many symbols and columns there are.
  std::size_t leaves_with_names() const { return named_count_; }

  Expr expr(NodeId id) { return {this, id}; }

  // Functions of the program that builds the graph, by the detail of their nodes.
  const UserFunctions& functions() const { return functions_; }
  UserFunctions& functions() { return functions_; }

  // Ids of everything the roots are made of, themselves included, operands first (ascending).
  // Time and memory O(largest root) bits + O(result).
  std::vector<NodeId> below(std::span<const NodeId> roots) const;
  std::vector<NodeId> below(NodeId root) const { return below({&root, 1}); }

  // Names of the symbols (or columns) below the roots, in order of first appearance when the
  // expression is read from left to right.
  std::vector<std::string> symbols(std::span<const NodeId> roots, Op kind = Op::symbol) const;

 private:
  // A name with this bit is a member of a family.
  static constexpr std::uint32_t numbered = std::uint32_t{1} << 31;

  void insert_basics();
  bool are_new(std::string_view prefix, std::uint32_t first, std::size_t count) const;
  NodeId insert_integer(std::int64_t);
  NodeId insert_named(Op symbol_or_column, std::uint32_t name);
  void make_room(std::size_t more = 1);
  void check_memory(std::size_t more) const;
  void check_nodes(std::size_t more) const;
  NodeId append(const Node&);
  void look_around();

  Pages<Node> nodes_;
  std::size_t count_ = 0;
  std::uint32_t until_look_ = 1024;  // insertions, until limits are looked at again
  NodeTable table_;
  // From -128 to 127, like most numbers of texts; 0 is none yet.
  std::array<NodeId, 256> small_integers_{};
  std::vector<Number> numbers_;
  std::size_t number_bytes_ = 0;  // of the digits
  std::unordered_multimap<std::size_t, std::uint32_t> number_index_;
  Names names_;
  Families families_;
  std::size_t named_count_ = 0;
  UserFunctions functions_;
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
