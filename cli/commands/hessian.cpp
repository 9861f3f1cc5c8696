#include "cli/ask.hpp"
#include "cli/commands/commands.hpp"

namespace nabla {
namespace {

constexpr Example examples[] = {
    {"nabla hessian 'x^3*y + y^2'",
     R"~([6*x*y, 3*x^2]
[3*x^2, 2])~"},
    {"nabla hessian '100(y - x^2)^2 + (1 - x)^2' --at x=1,y=1",
     R"~([200, -400*x]
[-400*x, 1200*x^2 - 400*y + 2]

[200, -400]
[-400, 802])~"},
};
constexpr std::string_view taken[] = {"wrt", "at", "variables", "level", "for", "assume"};

Exit run(Console& console, const Arguments& arguments) {
  return ask(console, arguments, Task::hessian, "hessian");
}

}  // namespace

constinit const Command hessian_command{
    .name = "hessian",
    .synopsis = "hessian EXPR [-x a,b,...] [--at ...]",
    .summary = "matrix of second derivatives",
    .examples = examples,
    .options = taken,
    .run = run,
};

}  // namespace nabla
