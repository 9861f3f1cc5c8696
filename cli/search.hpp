#pragma once

// One search for a minimum, as fit and minimize run it: the method that suits the loss, several
// starts, the data collapsed into a few sums where the loss allows it.

#include <memory>
#include <string>
#include <vector>

#include "cli/search_options.hpp"
#include "cli/search_report.hpp"
#include "lib/core/graph.hpp"

namespace nabla {

struct Searched {
  Found found;
  std::unique_ptr<Watcher> watcher;
  std::size_t sums = 0;            // that the data were collapsed into; 0: they were not
  std::vector<double> covariance;  // the inverse Hessian at the end, row by row; may be empty
};

// Errors: F905 exact and no polynomial, F906 a method that needs what the loss has not; I603, D201,
// E3xx, L1xx.
Result<Searched> search(Console&, Expr loss, const std::vector<std::string>& parameters,
                        const Data&, const SearchOptions&, const Start&);

}  // namespace nabla
