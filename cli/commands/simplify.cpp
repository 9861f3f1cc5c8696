#include "cli/ask.hpp"
#include "cli/commands/commands.hpp"

namespace nabla {
namespace {

constexpr Example examples[] = {
    {"nabla simplify 'x + 2x + y*x*y'", R"~(x*y^2 + 3*x)~"},
    {"nabla simplify 'd/dx (x^3 + e^x)' --format latex", R"~(3 x^{2} + e^{x})~"},
};
constexpr std::string_view taken[] = {"at", "variables", "level"};

Exit run(Console& console, const Arguments& arguments) {
  return ask(console, arguments, Task::simplify, "simplify");
}

}  // namespace

constinit const Command simplify_command{
    .name = "simplify",
    .synopsis = "simplify EXPR [--level 0..3]",
    .summary = "canonical form: like terms and equal bases collected",
    .examples = examples,
    .options = taken,
    .run = run,
};

}  // namespace nabla
