#pragma once

// The walk over a graph that gives marks: an inner part of typeset.cpp (the loop, numbers, signs)
// and typeset_groups.cpp (products, powers, calls, cases).

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/core/constants.hpp"
#include "lib/core/graph.hpp"
#include "lib/core/operators.hpp"
#include "lib/core/order.hpp"
#include "lib/emit/typeset.hpp"
#include "lib/emit/view.hpp"

namespace nabla {

// What is still to be set: a mark, or a node in one of several roles.
struct TypesetPiece {
  enum class Role : std::uint8_t {
    mark,
    node,
    magnitude,    // without its minus sign
    denominator,  // of a power with a negative exponent
    numerator,    // of a coefficient times the rest
    divisor,      // denominator of a rational number
  } role = Role::mark;
  bool last = true;  // nothing follows in the same product
  Precedence least = Precedence::none;
  NodeId id{};
  Mark mark{};
};

class Typesetter {
 public:
  Typesetter(const Graph& g, MarkSink& sink) : g_(g), view_{g}, order_(g), sink_(sink) {}

  void run(NodeId root);

 private:
  using Role = TypesetPiece::Role;

  using Kind = Mark::Kind;

  void put(Kind kind, std::string_view text) { sink_.take({.kind = kind, .text = text}); }
  void put(Sign sign) { sink_.take({.kind = Kind::sign, .sign = sign}); }
  void put_constant(std::string_view name) {
    sink_.take({.kind = Kind::constant, .row = *find_constant(name)});
  }
  void add(const Mark& mark) { next_.push_back({.mark = mark}); }
  void add(Sign sign) { add({.kind = Kind::sign, .sign = sign}); }
  void open(Group group) { add({.kind = Kind::open, .group = group}); }
  void next(Group group) { add({.kind = Kind::next, .group = group}); }
  void close(Group group) { add({.kind = Kind::close, .group = group}); }
  void add(NodeId id, Precedence least = Precedence::none, Role role = Role::node,
           bool last = true) {
    next_.push_back({.role = role, .last = last, .least = least, .id = id});
  }

  Op op(NodeId id) const { return view_.is_mean(g_[id]) ? Op::symbol : g_[id].op; }
  std::pair<NodeId, NodeId> operands(NodeId id) {
    if (!is_commutative(g_[id])) return {g_[id].a, g_[id].b};
    return operands_to_read(view_, order_, id, [this](NodeId u) { return op(u); });
  }
  Precedence precedence(NodeId id, Role role) const;
  bool starts_with_digit(NodeId id);
  bool is_function_power(const Node& n) const;

  void expand(const TypesetPiece& piece);
  void expand_node(NodeId id, bool last);
  void expand_product(NodeId id, bool magnitude, bool last);
  void expand_power(NodeId id, bool below);
  void expand_root(NodeId radicand);
  void expand_call(NodeId id, NodeId exponent);
  void expand_select(NodeId id);
  void add_factor(NodeId before, NodeId id, bool last);
  bool is_word(NodeId id);
  bool is_open_ended(NodeId id) const {
    const Node& n = g_[id];
    return (n.op == Op::data_sum && n.a != Graph::one) || view_.is_mean(n);
  }
  void put_number(const Node& n, bool negated);

  const Graph& g_;
  NodeView view_;
  ReadingOrder order_;
  MarkSink& sink_;
  std::vector<TypesetPiece> stack_, next_;
};

}  // namespace nabla
