#pragma once

// Options of the command line. Expressions may begin with a minus, so an argument is an option only
// when it is one letter for letter: `nabla diff '-x^2'` needs no `--`. That is why this is no
// general option library.

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/core/diagnostic.hpp"

namespace nabla {

struct Option {
  std::string_view name;         // "at" is written --at
  std::string_view letter = {};  // "x" is written -x
  std::string_view value = {};   // what follows, for the help; empty: nothing does
  std::string_view summary;
};

// THE option table. Commands name the rows they take; the common ones go with every command.
// clang-format off
inline constexpr Option options[] = {
    {.name = "wrt",       .letter = "x", .value = "a,b",   .summary = "differentiate by these; default: every variable"},
    {.name = "order",     .letter = "n", .value = "N",     .summary = "how many times; default 1"},
    {.name = "at",        .value = "x=1,y=2",              .summary = "also give the value at this point; may be repeated; data are lists: x=[1,2]"},
    {.name = "variables", .value = "a,b",                  .summary = "names that are variables, whatever they mean otherwise (e, gamma)"},
    {.name = "along",     .value = "1,2",                  .summary = "the direction, one number or expression for each variable"},
    {.name = "level",     .value = "0..3",                 .summary = "0: as it is; 1: canonical form; 2: shortest form; 3: more effort; default 2, of codegen 1"},
    {.name = "for",       .value = "GOAL",                 .summary = "what is short: display (as printed), shared (each part once), run (time), accuracy; implies --level 2"},
    {.name = "assume",    .value = "CONDITION",            .summary = "what is known: 'x > 0', '0 < x < 1', 'n integer'; may be repeated"},
    {.name = "rule",      .value = "'L -> R'",             .summary = "one more rule, such as 'f: gamma(a + 1)/gamma(a) -> a'; may be repeated"},
    {.name = "explain",                                    .summary = "also say which rules led there, and how accurate the forms are"},
    {.name = "by-limit",                                   .summary = "as the limit of the difference quotient"},
    {.name = "lang",      .value = "c|cpp|rust|...",       .summary = "language of the code; default c: c cpp cuda python numpy js rust julia fortran matlab"},
    {.name = "what",      .value = "value,grad,hessian",   .summary = "what the function computes; default value,grad"},
    {.name = "verify",                                     .summary = "also run the code and compare it with the evaluator; exit code 6 where its tool is missing"},
    {.name = "name",      .value = "F",                    .summary = "name of the function; default f"},
    {.name = "faithful",                                   .summary = "operations as written, with the bits of eval; default: what is equal is merged"},
    {.name = "roll",                                       .summary = "long sums of terms of one shape as loops over an array (c, cpp)"},
    {.name = "output",    .letter = "o", .value = "FILE",  .summary = "write to a file"},
    // data files
    {.name = "delimiter", .value = "SIGN",                 .summary = "what stands between fields: , ; | : or tab; default ,"},
    {.name = "decimal",   .value = "SIGN",                 .summary = "the decimal sign, . or ,; default ."},
    {.name = "no-header",                                  .summary = "the first line holds numbers; columns are c1, c2, ..."},
    {.name = "missing",   .value = "refuse|drop",          .summary = "a row without a value (empty, NA, NaN): an error, or left out"},
    {.name = "weights",   .value = "COLUMN",               .summary = "how much each row counts"},
    {.name = "standardize",                                .summary = "columns of the right side less their mean, over their deviation"},
    {.name = "holdout",   .value = "SHARE",                .summary = "keep a share of the rows, drawn by --seed, to try the fit on"},
    {.name = "data",      .value = "FILE",                 .summary = "columns for sums over data, from a CSV file"},
    // searching
    {.name = "loss",      .value = "mse|mae|huber|logistic|EXPR", .summary = "what is made small; logistic is also called cross-entropy or logloss; an expression may use residual, observed, predicted"},
    {.name = "delta",     .value = "D",                    .summary = "where the Huber loss goes over from squares to lengths; default 1"},
    {.name = "l1",        .value = "C",                    .summary = "add C times the sum of the parameters' absolute values"},
    {.name = "l2",        .value = "C",                    .summary = "add C times the sum of the parameters' squares"},
    {.name = "from",      .value = "w=0,b=0",              .summary = "where the search begins; the rest is guessed; ask: at the terminal"},
    {.name = "method",    .value = "NAME",                 .summary = "gd, momentum, nesterov, adam, lbfgs, bfgs, newton, lm, exact"},
    {.name = "rate",      .value = "R",                    .summary = "learning rate of gd, momentum, nesterov, adam; default: found"},
    {.name = "schedule",  .value = "S",                    .summary = "of the rate: constant, steps:EVERY:FACTOR, exponential:F, inverse:F, cosine"},
    {.name = "momentum",  .value = "M",                    .summary = "of momentum, nesterov, adam; default 0.9"},
    {.name = "iterations", .value = "N",                   .summary = "steps at most"},
    {.name = "tolerance", .value = "T",                    .summary = "converged when the gradient is at most T (1 + |value|); default 1e-8"},
    {.name = "bounds",    .value = "w=0:10,b=-1:",         .summary = "keep parameters inside bounds"},
    {.name = "batch",     .value = "ROWS",                 .summary = "mini-batches of so many rows"},
    {.name = "seed",      .value = "N",                    .summary = "of everything that is drawn; default 1"},
    {.name = "starts",    .value = "N",                    .summary = "search from N points and keep the best"},
    {.name = "step-by-step",                               .summary = "pass over the data at every step, also where a few sums would do"},
    {.name = "trace",     .value = "FILE",                 .summary = "write every step as CSV"},
    {.name = "threads",   .value = "N",                    .summary = "threads that pass over data; default: those of the machine; results do not depend on it"},
    {.name = "on",        .value = "-3:3",                 .summary = "the interval to draw; default -5:5"},
    {.name = "tangent-at", .value = "1",                   .summary = "draw the tangent of the first curve there"},
    {.name = "answer",    .value = "EXPR",                 .summary = "a derivative of your own, to be compared"},
    {.name = "plot",                                       .summary = "draw the loss and the fitted curve in the terminal"},
    {.name = "svg",       .value = "FILE",                 .summary = "draw them as SVG"},
};

inline constexpr Option common_options[] = {
    {.name = "json",                                       .summary = "one JSON object on stdout"},
    {.name = "format",    .value = "text|unicode|latex|mathml|sexpr|dot", .summary = "how expressions are written"},
    {.name = "digits",    .value = "N",                    .summary = "significant digits of numbers; default: all that matter"},
    {.name = "strict",                                     .summary = "what is read with a note (2x, x(x+1)) becomes an error"},
    {.name = "max-nodes", .value = "N",                    .summary = "give up beyond so many distinct nodes"},
    {.name = "limit",     .value = "NAME=N",               .summary = "set a limit; may be repeated; nabla limits lists them"},
    {.name = "timeout",   .value = "S",                    .summary = "give up after S seconds, with exit code 4"},
    {.name = "color",     .value = "auto|always|never",    .summary = "colour in messages; NO_COLOR turns it off too"},
    {.name = "help",      .letter = "h",                   .summary = "this text"},
};
// clang-format on

// A command line, taken apart.
class Arguments {
 public:
  // `taken`: names of the rows a command takes besides the common ones. Errors: U501 a value is
  // missing, U502 an option that is not taken here.
  static Result<Arguments> read(std::span<const std::string> words,
                                std::span<const std::string_view> taken);

  std::vector<std::string> operands;

  bool has(std::string_view name) const;
  std::string_view value(std::string_view name, std::string_view otherwise = {}) const;
  std::vector<std::string_view> values(std::string_view name) const;

 private:
  std::vector<std::pair<std::string_view, std::string>> given_;
};

// "a, b,c" taken apart at the commas that stand outside brackets, blanks dropped.
std::vector<std::string_view> split_list(std::string_view text, char separator = ',');

}  // namespace nabla
