#pragma once

// One question about expressions and its answer: what every subcommand and every batch request come
// down to, so that both say the same.

#include <optional>
#include <string>
#include <vector>

#include "cli/derivation.hpp"
#include "cli/evaluate.hpp"
#include "lib/calculus/kinks.hpp"
#include "lib/core/diagnostic.hpp"
#include "lib/core/graph.hpp"
#include "lib/emit/source.hpp"
#include "lib/eval/options.hpp"
#include "parser/parse.hpp"
#include "simplify/cost.hpp"
#include "simplify/price.hpp"

namespace nabla {

enum class Task {
  parse,
  diff,
  grad,
  hessian,
  jacobian,
  direction,
  simplify,
  expand,
  eval,
  codegen,
  cost,
  kinks,
  explain
};

struct Question {
  Task task = Task::parse;
  std::vector<std::string> texts = {};      // several make a vector
  std::vector<std::string> wrt = {};        // empty: all variables, in the order they appear
  std::vector<std::string> variables = {};  // declared: they shadow constants and functions
  std::vector<std::string> along = {};      // direction: one expression for each variable
  std::vector<Point> at = {};
  unsigned order = 1;
  // Of simplification; 0 leaves the result as it was built. Values of derivatives are those of
  // level 1 at all levels above: shorter forms may have values where the derivative has none.
  int level = 1;
  CostProfile profile = CostProfile::display;  // what levels 2 and 3 make small; codegen: run
  std::vector<std::string> assume = {};        // "x > 0"
  std::vector<std::string> rules = {};         // "sin(a)^2 -> 1 - cos(a)^2"
  bool explain = false;                        // how the result was simplified
  bool by_limit = false;                       // explain: as the limit of the difference quotient
  bool strict = false;
  Engine engine = Engine::interpreter;  // who computes values; the bits are the same

  std::string language = "c", name = "f";
  bool value = true, gradient = true, hessian = false;  // what the code computes
  bool faithful = false;  // the operations as written; else what is equal as a function is merged
  bool roll = false;      // long sums of terms of one shape become loops
};

struct Answer {
  Quantity result;
  Quantity asked;                      // what was read
  std::vector<std::string> variables;  // what was differentiated by
  std::vector<Row> rows;               // one per point
  std::vector<Diagnostic> notes;
  std::string code;                     // of codegen
  std::optional<SourceRequest> source;  // what it was generated from
  std::optional<Cost> cost;
  std::vector<KinkPlace> places;         // of kinks; `result` has their surfaces
  std::vector<std::string> explanation;  // one line each
  std::vector<DerivationStep> steps;     // of explain
  std::optional<DifferenceQuotient> quotient;
};

// The kinks of all these, surfaces in canonical form, each once.
Result<std::vector<KinkPlace>> places_of(std::span<const Expr>);

// Reads the texts into the graph and works the answer out. Errors are those of the parser, of
// differentiation and of evaluation, U5xx for a question that makes no sense, and L1xx.
Result<Answer> answer(Graph&, const Question&);

}  // namespace nabla
