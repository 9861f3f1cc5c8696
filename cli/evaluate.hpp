#pragma once

// Values of expressions at points, where the numbers come from the point, or from what the session
// knows.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lib/core/diagnostic.hpp"
#include "lib/core/graph.hpp"
#include "lib/eval/options.hpp"
#include "parser/scope.hpp"

namespace nabla {

// Where an expression is evaluated: numbers for names, and columns of data for sums over rows.
struct Point {
  struct Entry {
    std::string name;
    double number = 0;
    std::vector<double> column = {};
    bool is_column = false;
  };
  std::vector<Entry> entries;
};

// Values at one point, in the order of the expressions; `missing` says what had no value there.
struct Row {
  std::vector<double> values;
  std::optional<Diagnostic> missing = {};
};

struct Rows {
  std::vector<Row> rows;  // one per point
  std::vector<Diagnostic> notes;
  Engine engine = Engine::interpreter;  // who computed them
};

// The expressions are compiled once. Errors: what compiling says; a name without a value is no
// error but a row that says so.
Result<Rows> evaluate_at(Graph&, const Scope&, std::span<const Expr> expressions,
                         std::span<const Point>, Engine engine = Engine::interpreter);

// The value of an expression without free names; nothing when it has some.
std::optional<double> closed_value(Expr);

}  // namespace nabla
