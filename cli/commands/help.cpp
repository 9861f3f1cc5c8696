#include "cli/commands/commands.hpp"
#include "cli/pages.hpp"
#include "cli/text.hpp"
#include "parser/render.hpp"
#include "parser/suggest.hpp"

namespace nabla {
namespace {

constexpr Example examples[] = {
    {"nabla help"},
    {"nabla help diff"},
    {"nabla help language"},
    {"nabla help sinh",
     R"~(sinh(u)  hyperbolic sine
  d/du         cosh(u))~"},
};

constexpr std::string_view usage =
    "nabla: derivatives, gradients, values and code from formulas as people write them\n"
    "\n"
    "  nabla diff 'x^2 sin x'                 x*(x*cos(x) + 2*sin(x))\n"
    "  nabla grad 'x^2 + y^2' --at x=3,y=4    2*x, 2*y and [6, 8]\n"
    "  nabla                                  a prompt; or a script from stdin\n"
    "\n";

Exit run(Console& console, const Arguments& arguments) {
  if (arguments.operands.empty()) {
    console.out << usage << "Commands\n";
    for (const Command* command : commands()) {
      console.out << "  " << command->name << std::string(12 - command->name.size(), ' ')
                  << command->summary << '\n';
    }
    console.out
        << "\nnabla COMMAND --help has examples. nabla help TOPIC: a command, a function, "
           "language.\n"
           "Exit codes: 0 ok, 1 a mathematical no, 2 usage, 3 input not understood, 4 a limit or\n"
           "timeout, 5 input/output, 130 interrupted.\n";
    return Exit::ok;
  }
  const std::string& topic = arguments.operands.front();
  if (const Command* command = find_command(topic)) {
    print_help(console.out, *command);
    return Exit::ok;
  }
  if (const auto page = find_page(topic)) {
    console.out << *page;
    return Exit::ok;
  }
  std::vector<std::string_view> known = topics();
  for (const Command* command : commands()) known.push_back(command->name);
  const std::string_view near = nearest(topic, known);
  return report(console,
                {.code = "U509",
                 .message = "no help on '" + printable(topic) + "'",
                 .span = {},
                 .hint = near.empty() ? "nabla help lists the topics"
                                      : "did you mean '" + std::string(near) + "'?"},
                {});
}

}  // namespace

constinit const Command help_command{
    .name = "help",
    .synopsis = "help [TOPIC]",
    .summary = "this overview, or a page on a command, a function or the language",
    .examples = examples,
    .run = run,
};

}  // namespace nabla
