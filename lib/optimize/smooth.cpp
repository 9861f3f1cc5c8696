#include "lib/optimize/smooth.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "lib/core/build.hpp"
#include "lib/core/functions.hpp"
#include "lib/core/graph.hpp"

namespace nabla {

std::optional<Expr> with_smooth_abs(Expr root, std::span<const Expr> parameters, double width) {
  Graph& g = *root.graph;
  const std::vector<NodeId> order = g.below(root.id);
  NodeMap<NodeId> image(root.id);
  std::vector<bool> depends(std::size_t{index(root.id)} + 1, false);
  bool found = false;
  for (const NodeId id : order) {
    const Node n = g[id];
    bool here = std::ranges::any_of(parameters, [&](Expr p) { return p.id == id; });
    std::array<NodeId, 3> operands{};
    const int count = operand_count(n);
    for (int k = 0; k < count; ++k) {
      operands[static_cast<std::size_t>(k)] = image[n.operand(k)];
      here = here || depends[index(n.operand(k))];
    }
    depends[index(id)] = here;
    if (here && n.op == Op::call && n.fn() == "abs"_fn) {
      const Expr u = g.expr(operands[0]);
      image[id] = call("sqrt"_fn, u * u + real(g, width * width)).id;
      found = true;
    } else {
      image[id] = rebuild(g, n, {operands.data(), static_cast<std::size_t>(count)});
    }
  }
  if (!found) return std::nullopt;
  return g.expr(image[root.id]);
}

}  // namespace nabla
