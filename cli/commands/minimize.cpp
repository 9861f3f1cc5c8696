#include "cli/minimize.hpp"

#include "cli/commands/commands.hpp"

namespace nabla {
namespace {

constexpr Example examples[] = {
    {"nabla minimize 'x^2 - 4x + 5'",
     R"~(x=2
value=1, gradient_norm=0
converged after 2 steps: a minimum)~"},
    {"nabla minimize '100*(y - x^2)^2 + (1 - x)^2' --from x=-1.2,y=1 --digits 6"},
    {"nabla minimize 'mean((w*x_i + b - y_i)^2)' --at 'x=[1,2,3],y=[2,3,4]' --json"},
    {"nabla minimize 'mean((w*x_i + b - y_i)^2)' --at 'x=[1,2,3],y=[2,4,5]' --method gd --rate 0.1 "
     "--digits 5"},
};
constexpr std::string_view taken[] = {
    "at",     "variables", "data", "delimiter", "decimal",  "no-header",  "missing",
    "from",   "method",    "rate", "schedule",  "momentum", "iterations", "tolerance",
    "bounds", "batch",     "seed", "starts",    "l1",       "l2",         "step-by-step",
    "trace",  "plot",      "svg",  "threads"};

Exit run(Console& console, const Arguments& arguments) { return minimize(console, arguments); }

}  // namespace

constinit const Command minimize_command{
    .name = "minimize",
    .synopsis = "minimize EXPR [--from x=1,y=2] [--method M] [--rate R] [--iterations N]",
    .summary = "the point where an expression is smallest, by its exact derivatives",
    .examples = examples,
    .options = taken,
    .run = run,
    .more =
        "Without --method: Newton's method with the exact Hessian, L-BFGS for many parameters. The "
        "answer\nsays why the search ended and what kind of point it found. Exit code 1 when it "
        "did "
        "not converge.",
};

}  // namespace nabla
