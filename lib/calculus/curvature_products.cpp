#include "lib/calculus/curvature_products.hpp"

#include <algorithm>
#include <string>

#include "lib/calculus/derivative.hpp"
#include "lib/calculus/gradient.hpp"
#include "lib/core/graph.hpp"
#include "lib/core/substitute.hpp"

namespace nabla {
namespace {

// A name that no name below the expressions begins with.
std::string fresh(Graph& g, std::string name, std::span<const Expr> expressions) {
  std::vector<NodeId> roots;
  for (const Expr e : expressions) roots.push_back(e.id);
  for (const Op op : {Op::symbol, Op::column}) {
    const std::vector<std::string> taken = g.symbols(roots, op);
    const auto clashes = [&](const std::string& other) { return other.starts_with(name); };
    while (std::ranges::any_of(taken, clashes)) name += '_';
  }
  return name;
}

}  // namespace

Result<std::vector<Expr>> hessian_product(Expr f, std::span<const Expr> variables,
                                          std::span<const Expr> direction) {
  Graph& g = *f.graph;
  std::vector<Expr> all{f};
  all.insert(all.end(), variables.begin(), variables.end());
  // Names in place of the direction while f is differentiated: it is constant.
  const std::string name = fresh(g, "direction", all);
  std::vector<Expr> names;
  std::vector<Replacement> meaning;
  for (std::size_t i = 0; i < direction.size(); ++i) {
    names.push_back(symbol(g, name + std::to_string(i)));
    meaning.push_back({names.back(), direction[i]});
  }
  const auto along = directional(f, variables, names);
  if (!along) return along.error();
  const auto product = gradient(*along, variables);
  if (!product) return product.error();
  return substitute(*product, meaning);
}

Result<std::vector<Expr>> gauss_newton_product(Expr residual, std::span<const Expr> parameters,
                                               std::span<const Expr> direction) {
  Graph& g = *residual.graph;
  const auto along = directional(residual, parameters, direction);  // J times the direction, by row
  if (!along) return along.error();
  // Its transpose times a column; the adjoint sweep starts from there.
  const Expr seed = column(g, fresh(g, "seed", std::vector{residual, *along}));
  const auto product = gradient(data_sum(residual * seed), parameters);
  if (!product) return product.error();
  const Replacement meaning[] = {{seed, *along}};
  return substitute(*product, meaning);
}

}  // namespace nabla
