#pragma once

// Expressions of one variable as curves, and searches as pictures.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/chart.hpp"
#include "cli/command.hpp"
#include "cli/search_report.hpp"
#include "lib/core/diagnostic.hpp"
#include "lib/core/graph.hpp"
#include "lib/eval/function.hpp"

namespace nabla {

// y of each expression at `count` values of x from low to high, as lines. Errors: E301 another name
// without a value, E302 a sum over data.
Result<std::vector<Series>> curves(std::span<const Expr> expressions, Expr x, double low,
                                   double high, int count);

// The loss over the steps; logarithmic where it is above 0 all the way and falls by more than 100.
Chart loss_curve(const Watcher&);

// Lines of equal loss and the way the search went; nothing unless there are two parameters and a
// way.
std::optional<Chart> descent_path(Expr loss, const std::vector<std::string>& parameters,
                                  const Data&, const Watcher&, std::span<const double> end);

// In the terminal when `plot`; into files when `svg` is not empty: the first chart takes the name,
// the others a number before the ending. Error I603.
std::optional<Diagnostic> draw(Console&, std::span<const Chart>, bool plot, const std::string& svg);

}  // namespace nabla
