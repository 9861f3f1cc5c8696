#include "cli/ask.hpp"
#include "cli/commands/commands.hpp"

namespace nabla {
namespace {

constexpr Example examples[] = {
    {"nabla eval 'x^2 + 1/3' --at x=2", R"~(4.333333333333333)~"},
    {"nabla eval '2^200'", R"~(1606938044258990275541962092341162602522202993782792835301376)~"},
    {"nabla eval -- '-2^2'", R"~(-4)~"},
    {"nabla eval 'sin(x)/x' --at x=0.1 --at x=0.2 --digits 6",
     R"~(0.998334
0.993347)~"},
};
constexpr std::string_view taken[] = {"at", "variables"};

Exit run(Console& console, const Arguments& arguments) {
  return ask(console, arguments, Task::eval, "eval");
}

}  // namespace

constinit const Command eval_command{
    .name = "eval",
    .synopsis = "eval EXPR [--at x=1,y=2]",
    .summary = "value",
    .examples = examples,
    .options = taken,
    .run = run,
};

}  // namespace nabla
