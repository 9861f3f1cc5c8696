#include "lib/calculus/long_sum.hpp"

#include <algorithm>
#include <bit>

#include "lib/calculus/guarded.hpp"
#include "lib/core/stop.hpp"

namespace nabla::calculus {

namespace {

// Of a sum, in one byte: whether several others have it as an operand, and its additions, as far as
// they count.
struct Facts {
  std::uint8_t additions : 6, met : 1, shared : 1;
};
static_assert(sizeof(Facts) == 1);

}  // namespace

std::vector<NodeId> terms_of_long_sum(const Graph& g, NodeId f, unsigned least) {
  if (g[f].op != Op::sum) return {f};
  const unsigned enough = std::clamp(least, 2u, 64u) - 1;
  ZeroedArray<Facts> facts(std::size_t{index(f)} + 1);
  ZeroedArray<std::uint64_t> waiting(index(f) / 64 + 1);
  std::vector<NodeId> sums;  // users first
  StopCheck stop(g.limits);
  // What lies in the word at hand is kept out of memory, as in Graph::below.
  std::size_t w = waiting.size();
  std::uint64_t left = 0;
  const auto meet = [&](NodeId id) {
    if (g[id].op != Op::sum) return;
    Facts& of = facts[index(id)];
    of.shared = of.met;
    of.met = 1;
    const std::uint64_t bit = std::uint64_t{1} << (index(id) % 64);
    if (index(id) / 64 == w) {
      left |= bit;
    } else {
      waiting[index(id) / 64] |= bit;
    }
  };
  meet(f);
  while (w-- > 0) {
    stop();
    left = waiting[w];
    while (left != 0) {
      const int bit = 63 - std::countl_zero(left);
      left ^= std::uint64_t{1} << bit;
      const NodeId id{static_cast<std::uint32_t>(w * 64) + static_cast<std::uint32_t>(bit)};
      sums.push_back(id);
      const Node& n = g[id];
      meet(n.a);
      meet(n.b);
    }
  }
  for (std::size_t i = sums.size(); i-- > 0;) {
    stop();
    const Node& n = g[sums[i]];
    const unsigned additions = 1u + facts[index(n.a)].additions + facts[index(n.b)].additions;
    facts[index(sums[i])].additions = std::min(additions, enough) & 63;
  }

  std::vector<NodeId> stack{f}, terms;
  terms.reserve(sums.size() + 1);
  while (!stack.empty()) {
    stop();
    const NodeId id = stack.back();
    stack.pop_back();
    const Facts& of = facts[index(id)];
    if (of.additions < enough || (of.shared && id != f)) {
      terms.push_back(id);
      continue;
    }
    stack.push_back(g[id].b);
    stack.push_back(g[id].a);
  }
  return terms;
}

}  // namespace nabla::calculus
