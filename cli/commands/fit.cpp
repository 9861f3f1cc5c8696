#include "cli/commands/commands.hpp"

#include "cli/fit.hpp"

namespace nabla {
namespace {

constexpr Example examples[] = {
    {R"~(printf 'x,y\n1,5.1\n2,7.9\n3,11\n4,14.1\n' | nabla fit 'y ~ w*x + b' - --digits 6)~",
     R"~(w=3.01  standard error 0.051962, 95 % from 2.7864 to 3.2336
b=2     standard error 0.1423, 95 % from 1.3877 to 2.6123
loss=0.00675, rss=0.027, r_squared=0.999404, rows=4
converged after 1 step)~"},
    {R"~(printf 'x;y\n1,5;3,0\n2,5;5,0\n' | nabla fit 'y ~ a*x' - --delimiter ';' --decimal ',')~"},
    {R"~(printf 't,c\n0,10\n1,6.1\n2,3.7\n3,2.2\n' | nabla fit 'c ~ c0*exp(-k*t)' - --from c0=8,k=1 --json)~"},
};
constexpr std::string_view taken[] = {
    "loss",     "delta",      "weights",   "from",    "method",       "rate",    "schedule",
    "momentum", "iterations", "tolerance", "bounds",  "batch",        "seed",    "starts",
    "l1",       "l2",         "delimiter", "decimal", "no-header",    "missing", "standardize",
    "holdout",  "trace",      "plot",      "svg",     "step-by-step", "threads"};

Exit run(Console& console, const Arguments& arguments) { return fit(console, arguments); }

}  // namespace

constinit const Command fit_command{
    .name = "fit",
    .synopsis =
        "fit 'y ~ w*x + b' DATA.csv [--loss L] [--from w=0,b=0] [--method M] [--weights COLUMN]",
    .summary = "the parameters that fit data best",
    .examples = examples,
    .options = taken,
    .run = run,
    .more =
        "Names of the data's columns are columns, every other name is a parameter. Both sides may "
        "be\nexpressions: log(y) ~ b1 - b2*x1*exp(-b3*x2). DATA.csv may be - for the standard "
        "input.\nExit code 1 when the search did not converge.",
};

}  // namespace nabla
