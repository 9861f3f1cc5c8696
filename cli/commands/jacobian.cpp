#include "cli/ask.hpp"
#include "cli/commands/commands.hpp"

namespace nabla {
namespace {

constexpr Example examples[] = {
    {"nabla jacobian 'r*cos(t); r*sin(t)'",
     R"~([cos(t), -r*sin(t)]
[sin(t), r*cos(t)])~"},
    {"nabla jacobian '[x*y, sin(x)]' -x x,y --at x=0,y=2",
     R"~([y, x]
[cos(x), 0]

[2, 0]
[1, 0])~"},
};
constexpr std::string_view taken[] = {"wrt", "at", "variables", "level", "for", "assume"};

Exit run(Console& console, const Arguments& arguments) {
  return ask(console, arguments, Task::jacobian, "jacobian");
}

}  // namespace

constinit const Command jacobian_command{
    .name = "jacobian",
    .synopsis = "jacobian 'EXPR; EXPR' [-x a,b,...] [--at ...]",
    .summary = "matrix of first derivatives of several expressions",
    .examples = examples,
    .options = taken,
    .run = run,
};

}  // namespace nabla
