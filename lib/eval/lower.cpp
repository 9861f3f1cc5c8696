#include "lib/eval/lower.hpp"

#include <algorithm>
#include <array>

#include "lib/core/build.hpp"
#include "lib/core/functions.hpp"

namespace nabla {

namespace {

bool is_lowered(const Node& n, std::span<const Fn> kept) {
  return n.op == Op::call && row(n.fn()).value.kind == Value::Kind::lowered &&
         std::ranges::find(kept, n.fn()) == kept.end();
}

// Builds the replacement in a graph of its own.
class Lowering {
 public:
  Lowering(Graph& to, const Graph& from, std::span<const Fn> kept)
      : to_(to), from_(from), kept_(kept) {
    take_for_plain();
  }

  std::vector<NodeId> run(std::span<const NodeId> roots, std::span<const NodeId> order);
  // Whether surely everything was replaced that had to be.
  bool is_settled() const { return is_settled_; }

 private:
  NodeId copy_leaf(const Node&);
  // A node of a definition that is still being settled stands for itself; another round finds it.
  NodeId stands_for(NodeId id) {
    const NodeId plain = plain_[index(id)];
    if (plain != NodeId{} || id == NodeId{}) return plain;
    is_settled_ = false;
    return id;
  }
  NodeId with(const Node&, const std::array<NodeId, 3>& operands);
  void take_for_plain();
  void settle();

  Graph& to_;
  const Graph& from_;
  std::span<const Fn> kept_;
  bool is_settled_ = true;
  std::vector<NodeId> plain_;  // of a node of the new graph: the one that stands for it
};

NodeId Lowering::copy_leaf(const Node& n) {
  switch (n.op) {
    case Op::rational: return to_.insert(from_.exact_of(n));
    case Op::symbol:
    case Op::column: return to_.insert_name(n.op, from_.name_of(n));
    default: return to_.insert(n);
  }
}

// A node with other operands, all of them plain; a lowered call becomes its definition.
NodeId Lowering::with(const Node& n, const std::array<NodeId, 3>& x) {
  if (!is_lowered(n, kept_)) {
    return to_.insert({.op = n.op, .detail = n.detail, .a = x[0], .b = x[1], .c = x[2]});
  }
  const Args args{.u = to_.expr(x[0]), .v = to_.expr(x[1])};
  take_for_plain();
  const NodeId definition = row(n.fn()).value.expression(args).id;
  settle();
  return stands_for(definition);
}

// What was put in node by node has no lowered calls.
void Lowering::take_for_plain() {
  for (std::size_t at = plain_.size(); at < to_.size(); ++at) {
    plain_.push_back(NodeId{static_cast<std::uint32_t>(at)});
  }
}

// Definitions may bring lowered calls of their own: as deep as definitions stand in one another.
void Lowering::settle() {
  std::size_t at = plain_.size();
  const std::size_t end = to_.size();
  plain_.resize(end);
  for (; at < end; ++at) {
    const NodeId id{static_cast<std::uint32_t>(at)};
    const Node n = to_[id];
    std::array<NodeId, 3> operands{};
    bool same = !is_lowered(n, kept_);
    for (int i = operand_count(n); i-- > 0;) {
      NodeId& o = operands[static_cast<std::size_t>(i)];
      o = plain_[index(n.operand(i))];
      same = same && o == n.operand(i);
    }
    const NodeId plain = same ? id : with(n, operands);
    take_for_plain();
    plain_[at] = plain == id ? id : stands_for(plain);
  }
}

std::vector<NodeId> Lowering::run(std::span<const NodeId> roots, std::span<const NodeId> order) {
  NodeMap<NodeId> image(*std::ranges::max_element(order));
  for (const NodeId id : order) {
    const Node& n = from_[id];
    if (n.is_leaf()) {
      image[id] = copy_leaf(n);
      continue;
    }
    std::array<NodeId, 3> operands{};
    for (int i = operand_count(n); i-- > 0;) {
      operands[static_cast<std::size_t>(i)] = image[n.operand(i)];
    }
    image[id] = with(n, operands);
  }
  std::vector<NodeId> result;
  result.reserve(roots.size());
  for (const NodeId root : roots) result.push_back(image[root]);
  return result;
}

}  // namespace

Plain lower(const Graph& g, std::span<const NodeId> roots, std::span<const NodeId> order,
            std::span<const Fn> kept) {
  Plain plain{.own = std::make_unique<Graph>(g.limits), .roots = {}};
  plain.own->functions() = g.functions().without_partials();
  Lowering first(*plain.own, g, kept);
  plain.roots = first.run(roots, order);
  if (first.is_settled()) return plain;
  for (;;) {
    const std::vector<NodeId> below = plain.own->below(plain.roots);
    const auto lowered = [&](NodeId id) { return is_lowered((*plain.own)[id], kept); };
    if (std::ranges::none_of(below, lowered)) return plain;
    plain.roots = Lowering(*plain.own, *plain.own, kept).run(plain.roots, below);
  }
}

}  // namespace nabla
