#pragma once

// The answer of a fit, as text and as JSON.

#include <memory>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/fit_data.hpp"
#include "cli/search_options.hpp"
#include "cli/search_report.hpp"

namespace nabla {

struct FitAnswer {
  Found found;
  double loss = 0, rss = 0, r_squared = 0;
  std::vector<double> standard_errors, covariance;
  std::size_t free_parameters = 0;
  bool normal = false;   // intervals by the normal distribution, not by Student's
  bool guessed = false;  // the start
  std::size_t sums = 0;  // that the data were collapsed into
  double held_out_loss = 0, held_out_r_squared = 0;
  std::unique_ptr<Watcher> watcher;
};

// Writes the answer and says what the program ends with: 0 converged, 1 not, 130 or 4 stopped.
Exit print(Console&, const FitData&, const FitAnswer&, const SearchOptions&,
           const std::string& formula);

// What a search that ended for this reason ends the program with.
Exit exit_of(const Console&, Reason);

// `"name":{"a":1,"b":2}` and `"name":1`, each with a comma before it.
void append_object(std::string& out, std::string_view name, const std::vector<std::string>& keys,
                   const std::vector<double>& values);
void append_field(std::string& out, std::string_view name, double value);

}  // namespace nabla
