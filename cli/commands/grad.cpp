#include "cli/ask.hpp"
#include "cli/commands/commands.hpp"

namespace nabla {
namespace {

constexpr Example examples[] = {
    {"nabla grad 'x**2 + 3*x*y + y**2' --at x=2,y=3",
     R"~(d/dx = 2*x + 3*y
d/dy = 3*x + 2*y
[13, 12])~"},
    {"nabla grad 'mean((y - (w*x + b))^2)' -x w,b --at 'x=[1,2,3,4,5],y=[2,4,5,4,5],w=0.5,b=1'",
     R"~(d/dw = -2*mean(x_i*(y_i - w*x_i - b))
d/db = -2*mean(y_i - w*x_i - b)
[-9.4, -3])~"},
};
constexpr std::string_view taken[] = {"wrt", "at", "variables", "level", "for", "assume"};

Exit run(Console& console, const Arguments& arguments) {
  return ask(console, arguments, Task::grad, "grad");
}

}  // namespace

constinit const Command grad_command{
    .name = "grad",
    .synopsis = "grad EXPR [-x a,b,...] [--at ...]",
    .summary = "gradient: all partial derivatives at once",
    .examples = examples,
    .options = taken,
    .run = run,
};

}  // namespace nabla
