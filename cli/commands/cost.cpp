#include "cli/ask.hpp"
#include "cli/commands/commands.hpp"

namespace nabla {
namespace {

constexpr Example examples[] = {
    {"nabla cost 'x*y*z*t'",
     R"~(                           tree   shared  operations
function                      3        3           3
gradient                      8        8           6   (tangent 7, adjoint 6)
hessian                       6        6           6   (tangent 6, adjoint 6)
value and gradient                                 7
all three                                         11)~"},
    {"nabla cost 'sin(x)*cos(y); sin(x)*sin(y); cos(x)' --json"},
};
constexpr std::string_view taken[] = {"wrt", "variables"};

Exit run(Console& console, const Arguments& arguments) {
  return ask(console, arguments, Task::cost, "cost");
}

}  // namespace

constinit const Command cost_command{
    .name = "cost",
    .synopsis = "cost EXPR [-x a,b,...]",
    .summary = "size of function, gradient and Hessian: as trees, as shared graphs, as operations",
    .examples = examples,
    .options = taken,
    .run = run,
    .more =
        "tree: operators written out; shared: every distinct part once; operations: what a "
        "machine computes\nafter merging what is equal. In brackets: one sweep alone, before "
        "that.",
};

}  // namespace nabla
