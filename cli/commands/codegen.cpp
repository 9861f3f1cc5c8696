#include "cli/ask.hpp"
#include "cli/commands/commands.hpp"

namespace nabla {
namespace {

constexpr Example examples[] = {
    {"nabla codegen 'x^2*sin(x)'", ""},
    {"nabla codegen '(2w + b - 5)^2' --lang python --what value,grad --name loss", ""},
    {"nabla codegen 'exp(-x^2)' --lang cpp --what value,grad,hessian"},
};
constexpr std::string_view taken[] = {"wrt", "lang", "what", "name", "output", "variables"};

Exit run(Console& console, const Arguments& arguments) {
  return ask(console, arguments, Task::codegen, "codegen");
}

}  // namespace

constinit const Command codegen_command{
    .name = "codegen",
    .synopsis =
        "codegen EXPR [--lang c|cpp|python] [--what value,grad,hessian] [--name F] [-o FILE]",
    .summary = "source code that computes value, gradient and Hessian",
    .examples = examples,
    .options = taken,
    .run = run,
};

}  // namespace nabla
