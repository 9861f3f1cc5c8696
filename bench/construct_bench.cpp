// How fast are nodes stored and found again, and how much memory do they take? Expressions of 10^3,
// 10^6 and 10^7 nodes, in processor time; a node that is there already is looked up, not stored.

#include <fmt/format.h>

#include <memory>

#include "bench/peers/clock.hpp"
#include "lib/core/build.hpp"
#include "lib/core/functions.hpp"
#include "lib/core/graph.hpp"

namespace nabla {
namespace {

// Products of neighbours, their sines, and a running sum: three nodes in four are new each step.
void grow(Graph& g, std::size_t nodes) {
  constexpr std::size_t names = 64;
  std::vector<NodeId> recent;
  for (std::size_t i = 0; i < names; ++i) {
    recent.push_back(g.insert_name(Op::symbol, "x" + std::to_string(i)));
  }
  NodeId total = recent[0];
  for (std::size_t i = 0; g.size() < nodes; ++i) {
    NodeId& place = recent[i % names];
    const NodeId product = multiply(g, place, recent[(i * 7 + 3) % names]);
    const NodeId sine = call(g, "sin"_fn, product);
    total = add(g, total, sine);
    place = add(g, sine, place);
  }
}

void measure(std::size_t nodes) {
  Limits limits;
  limits.nodes = std::size_t{1} << 27;
  const int runs = nodes < 10'000 ? 200 : nodes < 2'000'000 ? 5 : 2;
  std::unique_ptr<Graph> g;
  const auto fresh = [&] {
    g = std::make_unique<Graph>(limits);
    return 0;
  };
  const double building = least_of(runs, fresh, [&](int) { grow(*g, nodes); });
  const double bytes = static_cast<double>(g->bytes()) / static_cast<double>(g->size());
  // Once more over the same nodes: everything is found.
  const double finding = least_of(
      runs, [] { return 0; },
      [&](int) {
        for (std::uint32_t id = 0; id < g->size(); ++id) (void)g->insert((*g)[NodeId{id}]);
      });
  const double per_node = 1e6 / static_cast<double>(g->size());
  fmt::print("{:>10} {:>14.1f} {:>14.1f} {:>14.1f}\n", g->size(), building * per_node,
             finding * per_node, bytes);
}

}  // namespace
}  // namespace nabla

int main() {
  fmt::print("{:>10} {:>14} {:>14} {:>14}\n", "nodes", "store, ns", "find, ns", "bytes a node");
  for (const std::size_t nodes :
       {std::size_t{1'000}, std::size_t{1'000'000}, std::size_t{10'000'000}}) {
    nabla::measure(nodes);
  }
}
