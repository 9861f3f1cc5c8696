#pragma once

// The tour: the worked examples of the teaching texts with their computed answers, and a fit.

#include <string_view>

#include "cli/command.hpp"
#include "cli/session.hpp"
#include "cli/worked_examples.hpp"

namespace nabla {

// Exit::no when an answer differs from the known one.
Exit tour(Console&);

// Whether the reply to a step is what the text says.
bool is_right(Session&, const Session::Reply&, const Step&);

// Gradient descent on the mean squared error of w*x + b, from w = b = 0.
struct Fit {
  double w = 0, b = 0, loss = 0, slope = 0;  // slope: length of the gradient
};
Result<Fit> fit_line(std::span<const double> x, std::span<const double> y, double rate,
                     unsigned steps);

}  // namespace nabla
