#include "cli/commands/commands.hpp"
#include "cli/pages.hpp"
#include "cli/text.hpp"

namespace nabla {
namespace {

constexpr Example examples[] = {{"nabla limits"}, {"nabla limits --limit nodes=1000 --json"}};

Exit run(Console& console, const Arguments&) {
  console.out << (console.json ? limit_list_json(console.limits) : limit_list(console.limits));
  return Exit::ok;
}

}  // namespace

constinit const Command limits_command{
    .name = "limits",
    .synopsis = "limits",
    .summary = "every limit with its value; --limit NAME=N sets one",
    .examples = examples,
    .run = run,
};

}  // namespace nabla
