#include "cli/ask.hpp"
#include "cli/commands/commands.hpp"

namespace nabla {
namespace {

constexpr Example examples[] = {
    {"nabla kinks 'abs(x^2 - 4) + max(x, 1)'", R"~(x^2 - 4 = 0 (at -2, 2): kink of abs, derivative 0
x - 1 = 0 (at 1): kink of max, derivative that of the first operand)~"},
    {"nabla kinks 'if(x > y, sqrt(x), floor(2y))'", R"~(x = 0: edge of power, derivative infinite
2*y whole: jump of floor, derivative 0
x - y = 0: choice of if, derivative that of the arm chosen)~"},
};
constexpr std::string_view taken[] = {"variables"};

Exit run(Console& console, const Arguments& arguments) {
  return ask(console, arguments, Task::kinks, "kinks");
}

}  // namespace

constinit const Command kinks_command{
    .name = "kinks",
    .synopsis = "kinks EXPR",
    .summary = "where abs, min, if, floor and their kin switch, and what the derivative is there",
    .examples = examples,
    .options = taken,
    .run = run,
    .more =
        "These are candidates: x*abs(x) is listed at 0, though its slope is continuous there.\n"
        "A jump changes the value, a kink the slope; `if` may do either or neither; at an edge a\n"
        "root begins. Poles are not listed.",
};

}  // namespace nabla
