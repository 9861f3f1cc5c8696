#include "simplify/price.hpp"

#include <algorithm>
#include <limits>
#include <unordered_set>
#include <vector>

#include "lib/core/functions.hpp"
#include "lib/core/graph.hpp"

namespace nabla {

namespace {

constexpr std::size_t division = 4, root = 5, any_power = 25;
constexpr std::size_t most = std::numeric_limits<std::uint32_t>::max();

// Squarings and multiplications of x^n, n > 0.
std::size_t chain(std::int64_t n) {
  std::size_t count = 0;
  for (; n > 1; n /= 2) count += n % 2 == 0 ? 1 : 2;
  return count;
}

std::size_t time_of_power(const Graph& g, const Node& n) {
  if (g[n.b].op > Op::rational) return any_power;
  const Number twice = g.exact_of(g[n.b]) * Number(2);
  const auto halves = twice.as_int64();
  if (!halves || *halves > 128 || *halves < -128) return any_power;
  const std::int64_t size = *halves < 0 ? -*halves : *halves;
  std::size_t time = *halves < 0 ? division : 0;
  if (size % 2 != 0) time += root + (size > 1 ? 1 : 0);
  return size / 2 > 0 ? time + chain(size / 2) : time;
}

std::size_t time_of(const Graph& g, const Node& n) {
  if (n.is_leaf()) return 0;
  switch (n.op) {
    case Op::product: return n.a == Graph::minus_one ? 0 : 1;  // a sign vanishes in a sum
    case Op::power: return time_of_power(g, n);
    case Op::call: return static_cast<std::size_t>(row(n.fn()).cost);
    case Op::select: return 2;
    case Op::apply1:
    case Op::apply2:
    case Op::apply3: return any_power;
    default: return 1;
  }
}

}  // namespace

std::optional<CostProfile> find_profile(std::string_view name) {
  if (name == "display") return CostProfile::display;
  if (name == "shared") return CostProfile::shared;
  if (name == "run") return CostProfile::run;
  if (name == "accuracy") return CostProfile::accuracy;
  return std::nullopt;
}

std::size_t running_time(const Graph& g, std::span<const NodeId> roots) {
  std::size_t total = 0;
  std::unordered_set<NodeId> seen;
  std::vector<NodeId> stack(roots.begin(), roots.end());
  while (!stack.empty()) {
    const NodeId id = stack.back();
    stack.pop_back();
    if (!seen.insert(id).second) continue;
    const Node& n = g[id];
    total = std::min(most, total + time_of(g, n));
    for (int i = operand_count(n); i-- > 0;) stack.push_back(n.operand(i));
  }
  return total;
}

std::size_t Price::of(std::span<const NodeId> roots) {
  if (profile_ == CostProfile::shared) return count_.shared(roots);
  if (profile_ == CostProfile::run) return running_time(g_, roots);
  std::size_t total = 0;
  for (const NodeId id : roots) total = std::min(most, total + count_.tree(id));
  return total;
}

}  // namespace nabla
