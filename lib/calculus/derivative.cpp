#include "lib/calculus/derivative.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "lib/calculus/rules.hpp"
#include "lib/core/graph.hpp"
#include "lib/core/stop.hpp"

namespace nabla {

using calculus::attempt;
using calculus::check_variable;
using calculus::NoDerivative;
using calculus::Sheet;

// As Graph::below, but what is known already is not entered, and the scan ends with the last mark.
std::vector<NodeId> Tangent::unseen_below(const Sheet& seen, NodeId f) {
  std::vector<NodeId> order;
  if (seen.known(f) || !(graph_[f].flags & depends_on_symbol)) return order;
  marks_.resize(std::max(marks_.size(), std::size_t{index(f)} / 64 + 1));
  std::size_t pending = 0;
  const auto mark = [&](NodeId id) {
    std::uint64_t& word = marks_[index(id) / 64];
    const std::uint64_t bit = std::uint64_t{1} << (index(id) % 64);
    if (word & bit || seen.known(id) || !(graph_[id].flags & depends_on_symbol)) return;
    word |= bit;
    ++pending;
  };
  mark(f);
  StopCheck stop(graph_.limits, 256);
  try {
    for (std::size_t w = index(f) / 64; pending > 0; --w) {
      stop();
      while (marks_[w] != 0) {
        const int bit = 63 - std::countl_zero(marks_[w]);
        marks_[w] &= ~(std::uint64_t{1} << bit);
        --pending;
        const NodeId id{static_cast<std::uint32_t>(w * 64) + static_cast<std::uint32_t>(bit)};
        order.push_back(id);
        const Node& n = graph_[id];
        const int operands = operand_count(n);
        for (int i = 0; i < operands; ++i) mark(n.operand(i));
      }
    }
  } catch (...) {
    marks_.clear();  // they must be clean for the next one
    throw;
  }
  std::ranges::reverse(order);
  return order;
}

Result<NodeId> Tangent::derivative(NodeId f, NodeId x) {
  return attempt<NodeId>([&] {
    check_variable(graph_, graph_.expr(x));
    Sheet& sheet = sheets_[index(x)];
    sheet.reserve(std::size_t{std::max(index(f), index(x))} + 1);
    if (!sheet.known(x)) {
      sheet.set(x, {.value = Graph::one});
      sheet.set_known(x);
    }
    StopCheck stop(graph_.limits);
    for (const NodeId id : unseen_below(sheet, f)) {
      stop();
      sheet.set(id, tangent(graph_, id, sheet));
      sheet.set_known(id);
    }
    return close(graph_, sheet[f]);
  });
}

Result<Expr> derivative(Expr f, Expr x, unsigned order) {
  Tangent tangent(*f.graph);
  NodeId result = f.id;
  for (unsigned k = 0; k < order; ++k) {
    const auto next = attempt<NodeId>([&]() -> NodeId {
      check_variable(*f.graph, x);
      const auto step = tangent.derivative(result, x.id);
      return step ? *step : throw NoDerivative(step.error());
    });
    if (!next) return next.error();
    if (*next == result) break;  // 0, or a function that is its own derivative
    result = *next;
  }
  return f.graph->expr(result);
}

Result<Expr> derivative(Expr f, std::span<const Expr> xs) {
  Tangent tangent(*f.graph);
  NodeId result = f.id;
  for (const Expr x : xs) {
    const auto valid = attempt<bool>([&] { return check_variable(*f.graph, x), true; });
    if (!valid) return valid.error();
    const auto next = tangent.derivative(result, x.id);
    if (!next) return next.error();
    result = *next;
  }
  return f.graph->expr(result);
}

Result<Expr> directional(Expr f, std::span<const Expr> variables, std::span<const Expr> direction) {
  Graph& g = *f.graph;
  return attempt<Expr>([&] {
    if (variables.size() != direction.size()) {
      throw NoDerivative({.code = "D204",
                          .message = fmt::format("{} variables but {} components of the direction",
                                                 variables.size(), direction.size()),
                          .span = {}});
    }
    Sheet sheet(std::size_t{index(f.id)} + 1);
    for (std::size_t i = 0; i < variables.size(); ++i) {
      check_variable(g, variables[i]);
      const NodeId x = variables[i].id;
      if (index(x) > index(f.id)) continue;
      sheet.set(x, plus(g, sheet[x], {.value = direction[i].id}));
    }
    for (const NodeId id : g.below(f.id)) {
      const Node& n = g[id];
      if (!n.is_leaf() && n.flags & depends_on_symbol) sheet.set(id, tangent(g, id, sheet));
    }
    return g.expr(close(g, sheet[f.id]));
  });
}

}  // namespace nabla
