#include "cli/ask.hpp"
#include "cli/commands/commands.hpp"

namespace nabla {
namespace {

constexpr Example examples[] = {
    {"nabla simplify 'x + 2x + y*x*y'", R"~(x*y^2 + 3*x)~"},
    {"nabla simplify 'd/dx (x^3 + e^x)' --format latex", R"~(3 x^{2} + e^{x})~"},
    {"nabla simplify 'sin(x)^2 + cos(x)^2'", R"~(1)~"},
    {"nabla simplify 'sqrt(x^2)' --assume 'x > 0'", R"~(x)~"},
    {"nabla simplify 'exp(x)/(1 + exp(x))^2'", R"~(1/(2*(cosh(x) + 1)))~"},
    {"nabla simplify 'exp(x)/(1 + exp(x))^2' --for run", R"~(exp(x)/(exp(x) + 1)^2)~"},
    {"nabla simplify 'gamma(x + 1)/gamma(x)' --rule 'gamma(a + 1)/gamma(a) -> a'", R"~(x)~"},
};
constexpr std::string_view taken[] = {"at",     "variables", "level",  "for",
                                      "assume", "rule",      "explain"};

Exit run(Console& console, const Arguments& arguments) {
  return ask(console, arguments, Task::simplify, "simplify");
}

}  // namespace

constinit const Command simplify_command{
    .name = "simplify",
    .synopsis = "simplify EXPR [--level 0..3] [--for GOAL] [--assume 'x > 0'] [--explain]",
    .summary = "the shortest of many equal forms",
    .examples = examples,
    .options = taken,
    .run = run,
    .more =
        "The result has the value of the expression wherever that has one. Level 0 leaves it "
        "alone,\n"
        "1 collects like terms and equal bases, 2 looks for the shortest form, 3 tries harder. An\n"
        "expanded polynomial stays expanded at level 2. Several results, such as a gradient, are "
        "chosen\n"
        "together for shared and run.",
};

}  // namespace nabla
