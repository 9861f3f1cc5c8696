#include "simplify/simplify.hpp"

#include "simplify/metric.hpp"
#include "simplify/normal_form.hpp"

namespace nabla {

namespace {

// A Hessian up to this size is read entry by entry; a larger one lives on what its entries share.
constexpr std::size_t read_one_by_one = 1000;

}  // namespace

Expr simplify(Expr e, SimplifyOptions options) { return options.level < 1 ? e : canonical(e); }

std::vector<Expr> simplify(std::span<const Expr> roots, SimplifyOptions options) {
  if (options.level < 1) return {roots.begin(), roots.end()};
  if (roots.size() > 1 && shared_operations(roots) > read_one_by_one) return canonical(roots);
  std::vector<Expr> results;
  for (const Expr& root : roots) results.push_back(canonical(root));
  return results;
}

}  // namespace nabla
