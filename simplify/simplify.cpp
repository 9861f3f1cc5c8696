#include "simplify/simplify.hpp"

#include "simplify/normal_form.hpp"

namespace nabla {

Expr simplify(Expr e, SimplifyOptions options) { return options.level < 1 ? e : canonical(e); }

std::vector<Expr> simplify(std::span<const Expr> roots, SimplifyOptions options) {
  if (options.level < 1) return {roots.begin(), roots.end()};
  return canonical(roots);
}

}  // namespace nabla
