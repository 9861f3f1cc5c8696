#include "cli/contour.hpp"

#include <algorithm>
#include <cmath>

namespace nabla {

std::vector<Series> contours(const std::function<double(double x, double y)>& f,
                             const Chart::Frame& where, int cells, int levels) {
  const int n = cells + 1;
  const auto x_at = [&](int i) { return where.left + (where.right - where.left) * i / cells; };
  const auto y_at = [&](int j) { return where.bottom + (where.top - where.bottom) * j / cells; };
  std::vector<double> values(static_cast<std::size_t>(n * n));
  const auto value = [&](int i, int j) -> double& {
    return values[static_cast<std::size_t>(j * n + i)];
  };
  double low = INFINITY, high = -INFINITY;
  for (int j = 0; j < n; ++j) {
    for (int i = 0; i < n; ++i) {
      const double v = value(i, j) = f(x_at(i), y_at(j));
      if (!std::isfinite(v)) continue;
      low = std::min(low, v);
      high = std::max(high, v);
    }
  }
  std::vector<Series> result;
  if (!(high > low)) return result;
  for (int level = 1; level <= levels; ++level) {
    const double share = static_cast<double>(level) / (levels + 1);
    const double height = low + (high - low) * share * share * share;
    Series series{.kind = Series::Kind::segments, .name = {}, .at = {}, .color = 5, .faint = true};
    for (int j = 0; j < cells; ++j) {
      for (int i = 0; i < cells; ++i) {
        // Corners against the clock, and where the level crosses the sides between them.
        const int di[5] = {0, 1, 1, 0, 0}, dj[5] = {0, 0, 1, 1, 0};
        std::vector<std::pair<double, double>> crossings;
        for (int k = 0; k < 4; ++k) {
          const double a = value(i + di[k], j + dj[k]), b = value(i + di[k + 1], j + dj[k + 1]);
          if (!std::isfinite(a) || !std::isfinite(b) || (a < height) == (b < height)) continue;
          const double t = (height - a) / (b - a);
          const double x0 = x_at(i + di[k]), x1 = x_at(i + di[k + 1]);
          const double y0 = y_at(j + dj[k]), y1 = y_at(j + dj[k + 1]);
          crossings.emplace_back(x0 + t * (x1 - x0), y0 + t * (y1 - y0));
        }
        for (std::size_t k = 0; k + 1 < crossings.size(); k += 2) {
          series.at.push_back(crossings[k]);
          series.at.push_back(crossings[k + 1]);
        }
      }
    }
    if (!series.at.empty()) result.push_back(std::move(series));
  }
  return result;
}

}  // namespace nabla
