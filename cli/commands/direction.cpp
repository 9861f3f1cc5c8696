#include "cli/ask.hpp"
#include "cli/commands/commands.hpp"

namespace nabla {
namespace {

constexpr Example examples[] = {
    {"nabla direction 'x^2 + y^2' --along 3/5,4/5 --at x=3,y=4",
     R"~(6*x/5 + 8*y/5
10)~"},
};
constexpr std::string_view taken[] = {"wrt", "along", "at", "variables", "level", "for", "assume"};

Exit run(Console& console, const Arguments& arguments) {
  return ask(console, arguments, Task::direction, "direction");
}

}  // namespace

constinit const Command direction_command{
    .name = "direction",
    .synopsis = "direction EXPR --along 1,2 [-x a,b,...] [--at ...]",
    .summary = "directional derivative",
    .examples = examples,
    .options = taken,
    .run = run,
    .more =
        "The direction is taken as it is, not scaled to length 1; one entry for each variable, in "
        "the\n"
        "order of -x, or of first appearance.",
};

}  // namespace nabla
