#include "cli/ask.hpp"
#include "cli/commands/commands.hpp"

namespace nabla {
namespace {

constexpr Example examples[] = {
    {"nabla codegen 'x^2*sin(x)'",
     R"~(#include <math.h>

/* f(x) = x^2*sin(x)
 * Returns the value.
 * gradient[1]: the derivatives by x. */
double f(double x, double* gradient) {
    const double t1 = x * x;
    const double t2 = sin(x);
    gradient[0] = 2.0 * x * t2 + cos(x) * t1;
    return t1 * t2;
})~"},
    {"nabla codegen '(2w + b - 5)^2' --lang python --what value,grad --name loss",
     R"~(import math


def loss(w, b):
    """loss(w, b) = (b + 2*w - 5)^2
    Returns the value, the gradient.
    Raises ZeroDivisionError, ValueError or OverflowError where a step has no finite value."""
    t1 = 2.0 * w + b - 5.0
    gradient = [
        4.0 * t1,
        2.0 * t1,
    ]
    return t1 * t1, gradient)~"},
    {"nabla codegen 'exp(-x^2)' --lang cpp --what value,grad,hessian"},
    {"nabla codegen 'exp(-x^2)' --verify"},
};
constexpr std::string_view taken[] = {"wrt",       "lang",  "what",   "name",
                                      "faithful",  "roll",  "verify", "output",
                                      "variables", "level", "for",    "assume"};

Exit run(Console& console, const Arguments& arguments) {
  return ask(console, arguments, Task::codegen, "codegen");
}

}  // namespace

constinit const Command codegen_command{
    .name = "codegen",
    .synopsis =
        "codegen EXPR [--lang c|cpp|cuda|python|numpy|js|rust|julia|fortran|matlab] [--what "
        "value,grad,hessian] [--name F] [--faithful] [--roll] [--verify] [-o FILE]",
    .summary = "source code that computes value, gradient and Hessian",
    .examples = examples,
    .options = taken,
    .run = run,
    .more =
        "Values and derivatives are made together, with as few operations as possible: what is "
        "equal, opposite\nor proportional as a function is computed once. That rounds differently "
        "from eval and grad --at;\n--faithful keeps to their operations and their bits.",
};

}  // namespace nabla
