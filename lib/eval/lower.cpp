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

NodeId copy_leaf(Graph& to, const Graph& from, const Node& n) {
  switch (n.op) {
    case Op::rational: return to.insert(from.exact_of(n));
    case Op::symbol:
    case Op::column: return to.insert_name(n.op, from.name_of(n));
    default: return to.insert(n);
  }
}

// The roots once more in `to` (which may be `from`), lowered calls replaced by their definition. A
// definition may bring lowered calls of its own; the caller looks again.
std::vector<NodeId> rewrite(Graph& to, const Graph& from, std::span<const NodeId> order,
                            std::span<const NodeId> roots, std::span<const Fn> kept) {
  NodeMap<NodeId> image(order.back());
  for (const NodeId id : order) {
    Node n = from[id];
    if (n.is_leaf()) {
      image[id] = copy_leaf(to, from, n);
      continue;
    }
    std::array<NodeId, 3> operands{};
    const int count = operand_count(n);
    for (int i = 0; i < count; ++i) {
      operands[static_cast<std::size_t>(i)] = image[n.operand(i)];
    }
    if (is_lowered(n, kept)) {
      const Args args{.u = to.expr(operands[0]), .v = to.expr(operands[1])};
      image[id] = row(n.fn()).value.expression(args).id;
    } else {
      image[id] = to.insert(
          {.op = n.op, .detail = n.detail, .a = operands[0], .b = operands[1], .c = operands[2]});
    }
  }
  std::vector<NodeId> result;
  for (const NodeId root : roots) result.push_back(image[root]);
  return result;
}

}  // namespace

Plain lower(const Graph& g, std::span<const NodeId> roots, std::vector<NodeId> order,
            std::span<const Fn> kept) {
  Plain plain{.own = nullptr,
              .graph = &g,
              .roots = {roots.begin(), roots.end()},
              .order = std::move(order)};
  const auto has_lowered = [&] {
    return std::ranges::any_of(plain.order,
                               [&](NodeId id) { return is_lowered((*plain.graph)[id], kept); });
  };
  for (; has_lowered(); plain.order = plain.graph->below(plain.roots)) {
    if (!plain.own) {
      plain.own = std::make_unique<Graph>(g.limits);
      plain.own->functions() = g.functions().without_partials();
    }
    plain.roots = rewrite(*plain.own, *plain.graph, plain.order, plain.roots, kept);
    plain.graph = plain.own.get();
  }
  return plain;
}

}  // namespace nabla
