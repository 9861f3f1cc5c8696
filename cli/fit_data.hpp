#pragma once

// What a fit works on: the model, the columns it uses, and how rows are weighed and split.

#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/model.hpp"
#include "lib/optimize/table.hpp"

namespace nabla {

struct FitData {
  Model model;
  Table table;          // what is learnt from
  Table held_out;       // --holdout: what it is tried on; no rows without it
  std::string weights;  // name of the column, or empty
  std::vector<Diagnostic> notes;
  struct Scaling {
    std::string column;
    double mean, deviation;
  };
  std::vector<Scaling> scaled;  // --standardize
};

inline constexpr std::string_view data_option_names[] = {
    "delimiter", "decimal", "no-header", "missing", "weights", "standardize", "holdout"};

// Errors: C8xx of the file, F901 to F903 of the model, U5xx of the options, those of the parser.
Result<FitData> read_fit_data(Graph&, const Console&, const Arguments&);

}  // namespace nabla
