#include "cli/chart.hpp"

#include <algorithm>
#include <cmath>

namespace nabla {
namespace {

// Low and high of the values. Where a few of them lie ten times as far out as the rest is wide, the
// frame is that of the rest.
std::pair<double, double> range_of(std::vector<double> v) {
  if (v.empty()) return {0, 1};
  std::ranges::sort(v);
  double low = v.front(), high = v.back();
  const std::size_t n = v.size();
  if (n >= 50) {
    const double inner_low = v[n / 20], inner_high = v[n - 1 - n / 20];
    const double width = inner_high - inner_low;
    if (width > 0 && high > inner_high + 5 * width) high = inner_high + width;
    if (width > 0 && low < inner_low - 5 * width) low = inner_low - width;
  }
  if (low == high) {
    const double room = low == 0 ? 1 : std::abs(low) * 0.1;
    return {low - room, high + room};
  }
  return {low, high};
}

}  // namespace

Chart::Frame Chart::frame() const {
  std::vector<double> xs, ys;
  bool marks = false;  // that would be cut in half at the edge
  for (const Series& s : series) {
    if (s.faint) continue;
    marks = marks || (s.kind == Series::Kind::points && s.at.size() > 1);
    for (const auto& [x, y] : s.at) {
      const double shown = log_y ? std::log10(y) : y;
      if (!std::isfinite(x) || !std::isfinite(shown)) continue;
      xs.push_back(x);
      ys.push_back(shown);
    }
  }
  Frame f;
  const auto [bottom, top] = range_of(std::move(ys));
  if (!xs.empty()) {
    const auto [left, right] = std::ranges::minmax(xs);
    f.left = left;
    f.right = right == left ? left + 1 : right;
    const double room = marks ? 0.02 * (f.right - f.left) : 0;
    f.left -= room;
    f.right += room;
  }
  const double room = 0.04 * (top - bottom);
  f.bottom = bottom - room;
  f.top = top + room;
  return f;
}

std::vector<double> ticks(double low, double high, int count) {
  std::vector<double> result;
  const double raw = (high - low) / count;
  if (!(raw > 0) || !std::isfinite(raw)) return result;
  const double magnitude = std::pow(10.0, std::floor(std::log10(raw)));
  double step = 10 * magnitude;
  for (const double nice : {1.0, 2.0, 5.0}) {
    if (raw <= nice * magnitude) {
      step = nice * magnitude;
      break;
    }
  }
  for (double k = std::ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; ++k) {
    const double t = k * step;
    result.push_back(std::abs(t) < 1e-9 * step ? 0 : t);
    if (result.size() > 100) break;
  }
  return result;
}

}  // namespace nabla
