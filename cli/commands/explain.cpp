#include "cli/ask.hpp"
#include "cli/commands/commands.hpp"

namespace nabla {
namespace {

constexpr Example examples[] = {
    {"nabla explain 'x^2*sin(3x)' 2>/dev/null"},
    {"nabla explain 'x^3' --by-limit"},
    {"nabla explain 'a*exp(-k*t)' -x t --json"},
};
constexpr std::string_view taken[] = {"wrt", "at", "variables", "by-limit", "level", "assume"};

Exit run(Console& console, const Arguments& arguments) {
  return ask(console, arguments, Task::explain, "explain");
}

}  // namespace

constinit const Command explain_command{
    .name = "explain",
    .synopsis = "explain EXPR [-x VAR] [--by-limit]",
    .summary = "the rules behind a derivative, in the order in which they are applied",
    .examples = examples,
    .options = taken,
    .run = run,
    .more =
        "Each part of the expression has one step, inner parts first, with what its rule gives "
        "before\n"
        "anything is collected; the last line is the result as diff prints it. A prime means the\n"
        "derivative. --by-limit shows what becomes of (f(x + h) - f(x))/h, and slopes of secants "
        "at\n"
        "--at, or x = 1, where algebra alone does not get rid of h.",
};

}  // namespace nabla
