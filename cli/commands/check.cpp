#include "cli/check.hpp"

#include "cli/commands/commands.hpp"

namespace nabla {
namespace {

constexpr Example examples[] = {
    {"nabla check 'x^2 sin x'"},
    {"nabla check 'x^2 sin x' --answer '2x sin x + x^2 cos x' 2>/dev/null",
     R"~(d/dx = x^2*cos(x) + 2*x*sin(x)
right: the same at 100 points, relative error at most 0)~"},
    {"nabla check 'sin(x^2)' --answer 'cos(x^2)' --json || true"},
};
constexpr std::string_view taken[] = {"wrt", "at", "answer", "variables"};

Exit run(Console& console, const Arguments& arguments) { return check(console, arguments); }

}  // namespace

constinit const Command check_command{
    .name = "check",
    .synopsis = "check EXPR [-x VAR] [--at x=1] [--answer EXPR]",
    .summary = "a derivative against differences, or your answer against the derivative",
    .examples = examples,
    .options = taken,
    .run = run,
    .more =
        "The table shows why differences are no derivatives: a large step truncates, a small one "
        "rounds.\nExit code 1 when they differ; a counter-example is shown.",
};

}  // namespace nabla
