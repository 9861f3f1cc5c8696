#include "cli/commands/commands.hpp"
#include "cli/pages.hpp"

namespace nabla {
namespace {

constexpr Example examples[] = {{"nabla functions"}, {"nabla functions --json"}};

Exit run(Console& console, const Arguments&) {
  console.out << (console.json ? function_list_json() : function_list());
  return Exit::ok;
}

}  // namespace

constinit const Command functions_command{
    .name = "functions",
    .synopsis = "functions",
    .summary = "every function and constant, with its other names",
    .examples = examples,
    .run = run,
};

}  // namespace nabla
