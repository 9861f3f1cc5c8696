// NLopt takes value and exact gradient from an Objective.

#include <nlopt.h>
#include <nabla/nabla.hpp>

#include <cstdio>

int main() {
  nabla::Graph graph;
  const auto f = nabla::parse(graph, "100*(y - x^2)^2 + (1 - x)^2");
  if (!f) return 1;
  const nabla::Expr variables[] = {nabla::symbol(graph, "x"), nabla::symbol(graph, "y")};
  auto objective = nabla::Objective::compile(f->value.scalar(), variables);
  if (!objective) return 1;

  nlopt_opt search = nlopt_create(NLOPT_LD_LBFGS, 2);
  nlopt_set_min_objective(search, nabla::nlopt_objective, &*objective);
  nlopt_set_xtol_rel(search, 1e-12);
  double at[] = {-1.2, 1}, value = 0;
  const bool fine = nlopt_optimize(search, at, &value) > 0;
  nlopt_destroy(search);
  std::printf("x = %.6f, y = %.6f\n", at[0], at[1]);
  return fine ? 0 : 1;
}
