#include "cli/plot.hpp"

#include "cli/commands/commands.hpp"

namespace nabla {
namespace {

constexpr Example examples[] = {
    {"nabla plot 'x^3 - 3x, 3x^2 - 3' --on -2.5:2.5"},
    {"nabla plot 'f(x) = sin(x)/x; f(x), f'\\''(x)' --on -10:10 --tangent-at 2"},
    {"nabla plot 'a*exp(-k*t)' -x t --at a=2,k=0.5 --on 0:8"},
};
constexpr std::string_view taken[] = {"on", "tangent-at", "wrt", "at", "plot", "svg"};

Exit run(Console& console, const Arguments& arguments) { return plot(console, arguments); }

}  // namespace

constinit const Command plot_command{
    .name = "plot",
    .synopsis = "plot 'f, g' [--on -3:3] [--tangent-at 1] [--svg FILE]",
    .summary = "curves in the terminal, or as SVG",
    .examples = examples,
    .options = taken,
    .run = run,
};

}  // namespace nabla
