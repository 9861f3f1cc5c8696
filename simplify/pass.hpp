#pragma once

// One pass of the canonical form over an expression, from the leaves to the roots: an inner part of
// normal_form.cpp, collect_sum.cpp and collect_product.cpp.

#include <cstdint>
#include <span>
#include <vector>

#include "lib/core/graph.hpp"
#include "lib/core/order.hpp"
#include "lib/core/stop.hpp"
#include "lib/emit/view.hpp"
#include "simplify/shape.hpp"

namespace nabla::normal {

// Shared sums and products up to this many operands are opened where they stand inside another.
inline constexpr std::size_t small = 8;

// Powers of products are distributed up to this exponent: (2*x)^1000 stays.
inline constexpr std::int64_t highest_power = 64;

inline bool is_exact(const Node& n) { return n.op <= Op::rational; }

struct Factor {
  NodeId base;
  Number exponent;
};

struct Term {
  NodeId rest, coefficient;
  NodeId node;  // the term as it came, without the sign
  std::size_t position;
  bool minus;
  bool fixed;  // may be infinite or NaN for all we know: cancels with nothing
};

// One pass from the leaves to the roots. `out_` holds the canonical form of each node but those
// that are read as a part of their only user: inner links of chains.
class Pass {
 public:
  Pass(Graph& g, std::span<const NodeId> roots, bool open_shared);

  std::vector<NodeId> run(std::span<const NodeId> roots);

 private:
  // Nodes as they came; canonical ones that may be opened, and those that may not.
  enum class State : std::uint8_t { raw, open, closed };
  struct Item {
    NodeId id;
    Number exponent;  // products only
    bool minus;       // sums only
    State state;
  };

  void mark(std::span<const NodeId> roots);
  bool is_part(NodeId id) const;
  bool is_small(NodeId id, Op op) const;
  bool is_positive(NodeId id) const;

  NodeId rebuilt(NodeId id);
  NodeId summed(NodeId body);
  NodeId sum(NodeId id);
  NodeId product(NodeId id);
  void read_term(NodeId id, bool minus);
  NodeId collect_terms();
  void read_factor(const Item& item);
  bool may_distribute(const Item& item) const;
  NodeId collect_factors();
  void settle_roots(Number& coefficient);
  void pair_mean(Shape& shape);

  Graph& g_;
  ReadingOrder order_;
  NodeView view_;
  bool open_shared_;
  StopCheck stop_;
  std::vector<NodeId> nodes_;
  NodeMap<std::uint8_t> uses_;   // 0, 1, 2 for more
  NodeMap<NodeId> user_;         // the only one
  NodeMap<std::uint8_t> power_;  // product of the exponents between a part and its head; 0: no part
  NodeMap<bool> rounded_;        // a double stands in this chain of products
  NodeMap<NodeId> out_;

  std::vector<Item> stack_;
  std::vector<Term> terms_;
  std::vector<Factor> factors_;
  std::vector<NodeId> numbers_;
};

}  // namespace nabla::normal
