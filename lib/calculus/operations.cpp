#include "lib/calculus/operations.hpp"
#include "lib/core/stop.hpp"

#include <bit>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <set>
#include <unordered_set>
#include <utility>
#include <vector>

namespace nabla {

namespace {

constexpr std::int64_t longest_chain = 64;  // in halves: powers beyond 32 are calls of pow

// Twice the exponent, where the power is computed by multiplications and at most one root.
std::optional<std::int64_t> chained(const Graph& g, const Node& n) {
  if (n.op != Op::power) return std::nullopt;
  const Node& e = g[n.b];
  if (e.op != Op::integer && e.op != Op::rational) return std::nullopt;
  const double twice = 2 * g.value_of_number(e);
  if (std::fabs(twice) > longest_chain || twice != std::floor(twice)) return std::nullopt;
  return static_cast<std::int64_t>(twice);
}

class Counter {
 public:
  explicit Counter(const Graph& g) : g_(g) {}

  Operations run(std::span<const NodeId> roots) {
    const auto nodes = g_.below(roots);
    if (nodes.empty()) return {};
    needed_.resize(std::size_t{index(nodes.back())} + 1);
    for (const NodeId root : roots) needed_[index(root)] = true;
    StopCheck stop(g_.limits);
    for (const NodeId id : nodes) {
      stop();
      const Node& n = g_[id];
      const int operands = operand_count(n);
      if (n.op == Op::product) {
        // One inverse factor makes the product a division.
        if (inverse(n.b)) {
          needed_[index(n.a)] = true;
        } else if (inverse(n.a)) {
          needed_[index(n.b)] = true;
        }
        continue;
      }
      for (int i = 0; i < operands; ++i) needed_[index(n.operand(i))] = true;
    }
    for (const NodeId id : nodes) {
      stop();
      count(id);
    }
    return result_;
  }

 private:
  bool inverse(NodeId id) const { return chained(g_, g_[id]).value_or(1) < 0; }

  void count(NodeId id) {
    const Node& n = g_[id];
    if (n.is_leaf() || !(n.flags & depends_on_symbol)) return;
    if (n.op == Op::product && n.a == Graph::minus_one) {
      ++result_.signs;
    } else if (n.op == Op::product && g_[n.a].is_number()) {
      if (!multiples_.insert({index(n.b), size_of(n.a)}).second) {
        ++result_.signs;
      } else {
        ++result_.count;
      }
    } else if (const auto twice = chained(g_, n)) {
      chain(n.a, std::abs(*twice));
      if (*twice < 0 && needed_[index(id)]) ++result_.count;
    } else {
      ++result_.count;
    }
  }

  std::uint64_t size_of(NodeId number) const {
    return std::bit_cast<std::uint64_t>(std::fabs(g_.value_of_number(g_[number])));
  }

  // The binary digits of the exponent from the left; what two powers of one base share is there
  // once.
  void chain(NodeId base, std::int64_t twice) {
    const auto once = [&](std::int64_t exponent) {
      if (known_.insert(std::uint64_t{index(base)} << 8 | static_cast<std::uint64_t>(exponent))
              .second) {
        ++result_.count;
      }
    };
    if (twice % 2 != 0) {
      once(1);
      if (twice > 1) once(twice);
    }
    const std::uint64_t exponent = static_cast<std::uint64_t>(twice) / 2;
    for (int bit = static_cast<int>(std::bit_width(exponent)) - 2; bit >= 0; --bit) {
      const std::uint64_t prefix = exponent >> bit;
      once(2 * static_cast<std::int64_t>(prefix & ~std::uint64_t{1}));
      if (prefix % 2 != 0) once(2 * static_cast<std::int64_t>(prefix));
    }
  }

  const Graph& g_;
  std::vector<bool> needed_;                 // as a value of its own
  std::unordered_set<std::uint64_t> known_;  // powers
  std::set<std::pair<std::uint32_t, std::uint64_t>> multiples_;
  Operations result_;
};

}  // namespace

Operations operations(const Graph& g, std::span<const NodeId> roots) {
  return Counter(g).run(roots);
}

Operations operations(std::span<const Expr> roots) {
  if (roots.empty()) return {};
  std::vector<NodeId> ids;
  for (const Expr e : roots) ids.push_back(e.id);
  return operations(*roots.front().graph, ids);
}

}  // namespace nabla
