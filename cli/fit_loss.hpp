#pragma once

// Losses: by name, or any expression of the residual and the prediction.

#include <string>
#include <string_view>
#include <vector>

#include "cli/model.hpp"
#include "lib/core/diagnostic.hpp"
#include "lib/core/graph.hpp"

namespace nabla {

struct Loss {
  Expr total;                // over the data, penalties included
  bool squares = false;      // the mean of squares and nothing else: least squares
  bool likelihood = false;   // the mean negative log-likelihood of a 0/1 response
  bool probability = false;  // the response has to lie between 0 and 1
};

// mse, mae, huber (`delta`: where squares turn into lengths), logistic (also cross-entropy,
// logloss: the prediction is the probability that the response is 1), or an expression of
// `residual` (observed - predicted), `observed`, `predicted`, the columns and the parameters; its
// mean over the rows is taken unless it has sums itself. `weights`: column, or empty. Penalties are
// l1*sum|p| + l2*sum p^2 over the parameters. Errors: those of the parser, N104, U501 for a
// word that means nothing here.
Result<Loss> loss_of(Graph&, const Model&, std::string_view name, const std::string& weights,
                     double delta, double l1, double l2, std::span<const CsvColumn> columns);

}  // namespace nabla
