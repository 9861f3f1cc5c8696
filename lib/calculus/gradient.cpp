#include "lib/calculus/gradient.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lib/calculus/accumulation.hpp"
#include "lib/calculus/adjoint.hpp"
#include "lib/calculus/edges.hpp"
#include "lib/calculus/rules.hpp"

namespace nabla {

using calculus::accumulate;
using calculus::attempt;
using calculus::NoDerivative;
using calculus::Shape;
using calculus::Sheet;

namespace {

std::vector<NodeId> ids_of(const Graph& g, std::span<const Expr> variables) {
  std::vector<NodeId> ids;
  ids.reserve(variables.size());
  for (const Expr x : variables) {
    calculus::check_variable(g, x);
    ids.push_back(x.id);
  }
  return ids;
}

using AdjointSweep = void (*)(Graph&, std::span<const NodeId>, const calculus::NodeSet&, NodeId,
                              Sheet&);

// Are these all the names of the graph? Then nothing has to be found out about what depends on
// them.
bool are_all_names(const Graph& g, std::span<const NodeId> variables) {
  if (variables.empty() || variables.size() < g.leaves_with_names()) return false;
  calculus::NodeSet seen(std::size_t{index(*std::ranges::max_element(variables))} + 1);
  std::size_t count = 0;
  for (const NodeId x : variables) {
    count += !seen.contains(x);
    seen.insert(x);
  }
  return count == g.leaves_with_names();
}

std::vector<NodeId> gradient_ids(Graph& g, NodeId f, std::span<const NodeId> variables,
                                 AdjointSweep sweep = calculus::adjoint_sweep) {
  std::vector<NodeId> result(variables.size(), Graph::zero);
  if (g[f].flags & varies_by_row) {
    for (const Entry& e : accumulate(g, {&f, 1}, variables, Mode::tangent, Shape::full)) {
      result[e.column] = e.value;
    }
    return result;
  }
  Sheet adjoints(std::size_t{index(f)} + 1);
  if (sweep == calculus::adjoint_sweep && are_all_names(g, variables)) {
    if (g[f].flags & depends_on_symbol) calculus::adjoint_sweep_of_names(g, f, adjoints);
  } else {
    const calculus::Active active = calculus::active_nodes(g, g.below(f), variables);
    if (active.set.contains(f)) sweep(g, active.nodes, active.set, f, adjoints);
  }
  for (std::size_t i = 0; i < variables.size(); ++i) result[i] = close(g, adjoints[variables[i]]);
  return result;
}

std::vector<Entry> jacobian_of(std::span<const Expr> outputs, std::span<const Expr> variables,
                               Mode mode) {
  if (outputs.empty()) return {};
  Graph& g = *outputs.front().graph;
  std::vector<NodeId> ids;
  for (const Expr f : outputs) {
    if (f.graph != &g) {
      throw NoDerivative(
          {.code = "D203", .message = "the outputs belong to different graphs", .span = {}});
    }
    ids.push_back(f.id);
  }
  return accumulate(g, ids, ids_of(g, variables), mode, Shape::full);
}

std::vector<Entry> hessian_of(Expr f, std::span<const Expr> variables, Mode mode) {
  Graph& g = *f.graph;
  const std::vector<NodeId> xs = ids_of(g, variables);
  const std::vector<NodeId> first = gradient_ids(g, f.id, xs);
  return accumulate(g, first, xs, mode, Shape::lower_triangle);
}

Matrix zeros(Graph& g, std::size_t rows, std::size_t columns) {
  if (columns != 0 && rows > g.limits.arguments / columns) {
    throw LimitError({.code = "L105",
                      .message = fmt::format("a {} x {} matrix has more than {} entries", rows,
                                             columns, g.limits.arguments),
                      .span = {},
                      .hint = "raise the limit 'arguments'"});
  }
  return {rows, columns, std::vector<Expr>(rows * columns, g.expr(Graph::zero))};
}

}  // namespace

namespace {

Result<std::vector<Expr>> gradient_by(AdjointSweep sweep, Expr f, std::span<const Expr> variables) {
  Graph& g = *f.graph;
  return attempt<std::vector<Expr>>([&] {
    std::vector<Expr> result;
    result.reserve(variables.size());
    for (const NodeId id : gradient_ids(g, f.id, ids_of(g, variables), sweep)) {
      result.push_back(g.expr(id));
    }
    return result;
  });
}

}  // namespace

Result<std::vector<Expr>> gradient(Expr f, std::span<const Expr> variables) {
  return gradient_by(calculus::adjoint_sweep, f, variables);
}

Result<std::vector<Expr>> logarithmic_gradient(Expr f, std::span<const Expr> variables) {
  return gradient_by(calculus::logarithmic_sweep, f, variables);
}

Result<Matrix> jacobian(std::span<const Expr> outputs, std::span<const Expr> variables, Mode mode) {
  return attempt<Matrix>([&]() -> Matrix {
    if (outputs.empty()) return {.rows = 0, .columns = variables.size(), .entries = {}};
    Graph& g = *outputs.front().graph;
    Matrix m = zeros(g, outputs.size(), variables.size());
    for (const Entry& e : jacobian_of(outputs, variables, mode)) {
      m.entries[e.row * m.columns + e.column] = g.expr(e.value);
    }
    return m;
  });
}

Result<Matrix> hessian(Expr f, std::span<const Expr> variables) {
  return attempt<Matrix>([&] {
    Graph& g = *f.graph;
    Matrix m = zeros(g, variables.size(), variables.size());
    for (const Entry& e : hessian_of(f, variables, Mode::automatic)) {
      m.entries[e.row * m.columns + e.column] = g.expr(e.value);
      m.entries[e.column * m.columns + e.row] = g.expr(e.value);
    }
    return m;
  });
}

Result<std::vector<Entry>> jacobian_entries(std::span<const Expr> outputs,
                                            std::span<const Expr> variables, Mode mode) {
  return attempt<std::vector<Entry>>([&] { return jacobian_of(outputs, variables, mode); });
}

Result<std::vector<Entry>> hessian_entries(Expr f, std::span<const Expr> variables, Mode mode) {
  return attempt<std::vector<Entry>>([&] { return hessian_of(f, variables, mode); });
}

Result<std::vector<Entry>> pushed_hessian_entries(Expr f, std::span<const Expr> variables) {
  return attempt<std::vector<Entry>>([&] {
    Graph& g = *f.graph;
    auto pushed = calculus::push_edges(g, f.id, ids_of(g, variables));
    return pushed ? std::move(*pushed) : hessian_of(f, variables, Mode::automatic);
  });
}

}  // namespace nabla
