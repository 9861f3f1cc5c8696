// Ipopt takes value, gradient and exact Hessian from an Objective.

#include <IpIpoptApplication.hpp>
#include <IpTNLP.hpp>
#include <nabla/nabla.hpp>

#include <cstdio>

using Ipopt::Index;
using Ipopt::Number;

class Problem : public nabla::IpoptObjective<Ipopt::TNLP, Index> {
 public:
  using IpoptObjective::IpoptObjective;

  bool get_bounds_info(Index n, Number* low, Number* high, Index, Number*, Number*) override {
    for (Index i = 0; i < n; ++i) low[i] = -10, high[i] = 10;
    return true;
  }
  bool get_starting_point(Index, bool, Number* x, bool, Number*, Number*, Index, bool,
                          Number*) override {
    x[0] = -1.2;
    x[1] = 1;
    return true;
  }
  void finalize_solution(Ipopt::SolverReturn, Index, const Number* x, const Number*, const Number*,
                         Index, const Number*, const Number*, Number, const Ipopt::IpoptData*,
                         Ipopt::IpoptCalculatedQuantities*) override {
    std::printf("x = %.6f, y = %.6f\n", x[0], x[1]);
  }
};

int main() {
  nabla::Graph graph;
  const auto f = nabla::parse(graph, "100*(y - x^2)^2 + (1 - x)^2");
  if (!f) return 1;
  const nabla::Expr variables[] = {nabla::symbol(graph, "x"), nabla::symbol(graph, "y")};
  const auto objective = nabla::Objective::compile(f->value.scalar(), variables);
  if (!objective) return 1;

  const Ipopt::SmartPtr<Ipopt::IpoptApplication> app = IpoptApplicationFactory();
  app->Options()->SetIntegerValue("print_level", 0);
  app->Options()->SetStringValue("sb", "yes");
  if (app->Initialize() != Ipopt::Solve_Succeeded) return 1;
  const Ipopt::SmartPtr<Ipopt::TNLP> problem = new Problem(*objective);
  return app->OptimizeTNLP(problem) == Ipopt::Solve_Succeeded ? 0 : 1;
}
