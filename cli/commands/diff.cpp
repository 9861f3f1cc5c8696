#include "cli/ask.hpp"
#include "cli/commands/commands.hpp"

namespace nabla {
namespace {

constexpr Example examples[] = {
    {"nabla diff 'x^2 sin x'", R"~(x*(x*cos(x) + 2*sin(x)))~"},
    {"nabla diff 'x^2 sin x' --level 1 --at x=1.5",
     R"~(x^2*cos(x) + 2*x*sin(x)
3.151643663564495)~"},
    {"nabla diff 'w*x + b' -x w", R"~(x)~"},
    {"nabla diff 'sin(2x)' -n 4", R"~(16*sin(2*x))~"},
    {"nabla diff 'x²y + 3xy²' --at x=1,y=2",
     R"~(d/dx = 2*x*y + 3*y^2
d/dy = x^2 + 6*x*y
[16, 13])~"},
};
constexpr std::string_view taken[] = {"wrt", "order", "at", "variables", "level", "for", "assume"};

Exit run(Console& console, const Arguments& arguments) {
  return ask(console, arguments, Task::diff, "diff");
}

}  // namespace

constinit const Command diff_command{
    .name = "diff",
    .synopsis = "diff EXPR [-x VAR] [-n ORDER] [--at x=1,y=2]",
    .summary = "derivative",
    .examples = examples,
    .options = taken,
    .run = run,
    .more =
        "Without -x, by every variable. A mixed derivative is diff(f, x, y) inside an expression:\n"
        "nabla simplify 'diff(x^2*y^3, x, y)'",
};

}  // namespace nabla
