#pragma once

// A model as text, "log(y) ~ b1 - b2*x1*exp(-b3*x2)": names of data columns are columns, every
// other name is a parameter.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/core/diagnostic.hpp"
#include "lib/core/graph.hpp"
#include "lib/optimize/csv.hpp"

namespace nabla {

struct Model {
  Expr response, prediction;            // per row: columns outside any sum
  std::string text;                     // as it was read
  std::vector<std::string> parameters;  // in the order they appear, those of the prediction first
  std::vector<std::string> columns;     // that the formula uses, in the order of the data
  std::vector<Diagnostic> notes;
};

// Spans point into the text. Errors: F901 no response ~ formula, F902 no parameters; those of the
// parser. A model without any column is no error here: `columns` is empty.
Result<Model> read_model(Graph&, std::string_view text, std::span<const CsvColumn> data,
                         bool strict);

// Symbols that name a data column become that column: `x`, and `x_i` where there is no such column
// but an x.
Expr with_columns(Expr, std::span<const CsvColumn> data);

}  // namespace nabla
