#include "cli/ask.hpp"
#include "cli/commands/commands.hpp"

namespace nabla {
namespace {

constexpr Example examples[] = {
    {"nabla expand '(x + y)^3 - x^3'", R"~(3*x^2*y + 3*x*y^2 + y^3)~"},
    {"nabla expand 'sin((a + 1)(a - 1))'", R"~(sin(a^2 - 1))~"},
};
constexpr std::string_view taken[] = {"at", "variables"};

Exit run(Console& console, const Arguments& arguments) {
  return ask(console, arguments, Task::expand, "expand");
}

}  // namespace

constinit const Command expand_command{
    .name = "expand",
    .synopsis = "expand EXPR",
    .summary = "products and powers of sums multiplied out",
    .examples = examples,
    .options = taken,
    .run = run,
};

}  // namespace nabla
