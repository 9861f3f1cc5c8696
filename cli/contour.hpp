#pragma once

// Lines of equal height of a function of two variables (marching squares).

#include <functional>

#include "cli/chart.hpp"

namespace nabla {

// Faint series of segments, one per level, over the rectangle. Levels are spaced by the square root
// of the height above the lowest grid value, so that valleys show. O(cells * cells) calls.
std::vector<Series> contours(const std::function<double(double x, double y)>& f,
                             const Chart::Frame& where, int cells, int levels);

}  // namespace nabla
