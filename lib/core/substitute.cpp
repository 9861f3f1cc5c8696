#include "lib/core/substitute.hpp"

#include <array>

#include "lib/core/build.hpp"
#include "lib/core/graph.hpp"
#include "lib/core/stop.hpp"

namespace nabla {

std::vector<Expr> substitute(std::span<const Expr> roots,
                             std::span<const Replacement> replacements) {
  if (roots.empty()) return {};
  Graph& g = *roots.front().graph;
  std::vector<NodeId> ids;
  for (const Expr& root : roots) ids.push_back(root.id);
  const std::vector<NodeId> below = g.below(ids);

  // Operands come before their users, so each image is ready when it is needed, and a shared node
  // is rebuilt once however often it occurs.
  NodeMap<NodeId> image(below.back());
  for (const NodeId id : below) image[id] = id;
  std::vector<bool> changed(image.size());
  for (const auto& [from, by] : replacements) {
    if (index(from.id) >= image.size()) continue;
    image[from.id] = by.id;
    changed[index(from.id)] = true;
  }
  StopCheck stop(g.limits);
  for (const NodeId id : below) {
    stop();
    if (changed[index(id)]) continue;
    const Node n = g[id];
    std::array<NodeId, 3> operands{};
    const int count = operand_count(n);
    bool touched = false;
    for (int i = 0; i < count; ++i) {
      operands[static_cast<std::size_t>(i)] = image[n.operand(i)];
      touched = touched || changed[index(n.operand(i))];
    }
    if (!touched) continue;
    changed[index(id)] = true;
    image[id] = rebuild(g, n, {operands.data(), static_cast<std::size_t>(count)});
  }
  std::vector<Expr> result;
  result.reserve(ids.size());
  for (const NodeId id : ids) result.push_back(g.expr(image[id]));
  return result;
}

Expr substitute(Expr root, std::span<const Replacement> replacements) {
  return substitute({&root, 1}, replacements).front();
}

}  // namespace nabla
