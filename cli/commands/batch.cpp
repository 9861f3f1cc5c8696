#include "cli/batch.hpp"

#include <unistd.h>

#include "cli/commands/commands.hpp"

namespace nabla {
namespace {

constexpr Example examples[] = {
    {R"~(echo '{"id":1,"op":"diff","expr":"x^2*sin(x)","wrt":["x"],"at":[{"x":1.5}]}' | nabla batch)~",
     R"~({"id":1,"ok":true,"result":"x^2*cos(x) + 2*x*sin(x)","values":[3.151643663564495],"operations":7,"notes":[]})~"},
    {R"~(echo '{"id":2,"op":"grad","expr":"2*(x+y"}' | nabla batch)~",
     R"~({"id":2,"ok":false,"error":{"code":"P002","severity":"error","message":"'(' is never closed","span":[6,6],"line":1,"column":7,"hint":"add ')'","labels":[{"span":[2,3],"text":"opened here"}],"fix":{"span":[6,6],"text":")"}}})~"},
};

Exit run(Console& console, const Arguments& arguments) {
  if (!arguments.operands.empty()) {
    return report(console, {.code = "U503", .message = "requests are read from stdin", .span = {}},
                  {});
  }
  return serve(console, STDIN_FILENO);
}

}  // namespace

constinit const Command batch_command{
    .name = "batch",
    .synopsis = "batch",
    .summary =
        "one JSON request a line on stdin, one JSON reply a line on stdout, in the same order",
    .examples = examples,
    .run = run,
    .more =
        "Fields of a request\n"
        "  id                echoed\n"
        "  op                parse diff grad hessian jacobian simplify expand eval codegen\n"
        "  expr | exprs      one expression, or a list that makes a vector\n"
        "  wrt               list of variables; default: all, as they appear\n"
        "  order             of diff; default 1\n"
        "  variables         declared names: they shadow constants and functions\n"
        "  at                list of points, name to number; lists of numbers are data for sums\n"
        "  simplify          0: as it is; 1: canonical form (default); 2, 3: the shortest form\n"
        "  for               what is short: display, shared, run or accuracy\n"
        "  format            text unicode latex mathml sexpr dot\n"
        "  lang, name        of codegen\n"
        "  faithful, roll    of codegen: operations as written; long sums as loops\n"
        "  strict            notes are errors\n"
        "  limits            name to number, none above those of the program: nabla limits\n"
        "  engine            of values: interpreter (default) or jit, machine code with the same "
        "bits\n"
        "  assume            list of conditions that hold, for simplify 2 and 3\n"
        "Values of diff, grad, hessian and jacobian are those of the derivative: one row per "
        "point, in\n"
        "the shape of the result, null where a name has no value. Numbers that are none are the "
        "strings\n"
        "\"nan\", \"inf\", \"-inf\". A bad line gets "
        "{\"id\":...,\"ok\":false,\"error\":{\"code\":...,\"message\":...,\n"
        "\"span\":[begin,end],\"hint\":...}}, and the next one is served.",
};

}  // namespace nabla
