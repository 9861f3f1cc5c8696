#include <algorithm>
#include <array>
#include <cmath>

#include "cli/chart.hpp"
#include "cli/text.hpp"

namespace nabla {
namespace {

constexpr std::array<std::string_view, 6> palette = {"\x1b[34m", "\x1b[31m", "\x1b[32m",
                                                     "\x1b[33m", "\x1b[35m", "\x1b[36m"};
constexpr std::string_view plain = "\x1b[0m";

// Characters of two by four dots.
class Dots {
 public:
  Dots(int columns, int rows)
      : columns_(columns),
        rows_(rows),
        bits_(static_cast<std::size_t>(columns * rows), 0),
        colors_(bits_.size(), 0) {}

  int width() const { return 2 * columns_; }
  int height() const { return 4 * rows_; }

  void set(int x, int y, int color) {
    if (x < 0 || y < 0 || x >= width() || y >= height()) return;
    constexpr int bit[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    const auto at = static_cast<std::size_t>((y / 4) * columns_ + x / 2);
    bits_[at] |= bit[y % 4][x % 2];
    colors_[at] = color;
  }

  // Both ends included; only the part inside is drawn.
  void line(double x0, double y0, double x1, double y1, int color) {
    const double dx = x1 - x0, dy = y1 - y0;
    double from = 0, to = 1;
    const auto clip = [&](double start, double change, double most) {
      if (change == 0) return start >= -1 && start <= most;
      double a = (-1 - start) / change, b = (most - start) / change;
      if (a > b) std::swap(a, b);
      from = std::max(from, a);
      to = std::min(to, b);
      return from <= to;
    };
    if (!clip(x0, dx, width()) || !clip(y0, dy, height())) return;
    const double length = std::max(std::abs(dx), std::abs(dy)) * (to - from);
    const int steps = static_cast<int>(std::ceil(length)) + 1;
    for (int i = 0; i <= steps; ++i) {
      const double t = from + (to - from) * i / steps;
      set(static_cast<int>(std::lround(x0 + t * dx)), static_cast<int>(std::lround(y0 + t * dy)),
          color);
    }
  }

  std::string row(int y, bool color) const {
    std::string out;
    int now = -1;
    for (int x = 0; x < columns_; ++x) {
      const auto at = static_cast<std::size_t>(y * columns_ + x);
      if (color && bits_[at] != 0 && colors_[at] != now) {
        now = colors_[at];
        out += palette[static_cast<std::size_t>(now) % palette.size()];
      }
      if (bits_[at] == 0) {
        out += ' ';
        continue;
      }
      const unsigned c = 0x2800u + static_cast<unsigned>(bits_[at]);
      out += static_cast<char>(0xe0 | (c >> 12));
      out += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
      out += static_cast<char>(0x80 | (c & 0x3f));
    }
    if (now >= 0) out += plain;
    return out;
  }

 private:
  int columns_, rows_;
  std::vector<int> bits_, colors_;
};

std::string label(double x) {
  std::string out;
  append_number(out, x, 4);
  return out;
}

}  // namespace

std::string to_text(const Chart& chart, int columns, int rows, bool color) {
  const Chart::Frame f = chart.frame();
  Dots dots(columns, rows);
  const auto place_x = [&](double x) {
    return (x - f.left) / (f.right - f.left) * (dots.width() - 1);
  };
  const auto place_y = [&](double y) {
    const double shown = chart.log_y ? std::log10(y) : y;
    return (f.top - shown) / (f.top - f.bottom) * (dots.height() - 1);
  };
  for (const Series& s : chart.series) {
    for (std::size_t i = 0; i < s.at.size(); ++i) {
      const double x = place_x(s.at[i].first), y = place_y(s.at[i].second);
      if (!std::isfinite(x) || !std::isfinite(y)) continue;
      if (s.kind == Series::Kind::points) {
        // A cross, so that a point does not drown in a curve.
        const int cx = static_cast<int>(std::lround(x)), cy = static_cast<int>(std::lround(y));
        for (int d = -1; d <= 1; ++d) {
          dots.set(cx + d, cy, s.color);
          dots.set(cx, cy + d, s.color);
        }
        continue;
      }
      if (i + 1 == s.at.size() || (s.kind == Series::Kind::segments && i % 2 == 1)) continue;
      const double x1 = place_x(s.at[i + 1].first), y1 = place_y(s.at[i + 1].second);
      if (std::isfinite(x1) && std::isfinite(y1)) dots.line(x, y, x1, y1, s.color);
    }
  }
  const auto y_label = [&](double y) { return label(chart.log_y ? std::pow(10.0, y) : y); };
  const std::string top = y_label(f.top), middle = y_label((f.top + f.bottom) / 2),
                    bottom = y_label(f.bottom);
  const std::size_t margin = std::max({top.size(), middle.size(), bottom.size()});
  std::string out;
  if (!chart.title.empty()) out += std::string(margin + 2, ' ') + chart.title + "\n";
  for (int y = 0; y < rows; ++y) {
    std::string left = y == 0 ? top : y == rows / 2 ? middle : y == rows - 1 ? bottom : "";
    left.insert(0, margin - left.size(), ' ');
    std::string row = dots.row(y, color);
    while (row.ends_with(' ')) row.pop_back();
    out += left + " \u2502" + row + "\n";
  }
  out += std::string(margin + 1, ' ') + "\u2514";
  for (int x = 0; x < columns; ++x) out += "\u2500";
  const std::string low = label(f.left), high = label(f.right);
  out += "\n" + std::string(margin + 2, ' ') + low;
  const std::size_t used = low.size() + high.size() + chart.x_name.size();
  const auto room = static_cast<std::size_t>(columns);
  const std::size_t gap = room > used + 2 ? (room - used) / 2 : 1;
  out += std::string(gap, ' ') + chart.x_name +
         std::string(room > used + gap ? room - used - gap : 1, ' ') + high + "\n";
  for (const Series& s : chart.series) {
    if (s.name.empty()) continue;
    out += std::string(margin + 2, ' ');
    if (color) out += palette[static_cast<std::size_t>(s.color) % palette.size()];
    out += s.kind == Series::Kind::points ? "\u2809 " : "\u2500\u2500 ";
    out += s.name;
    if (color) out += plain;
    out += "\n";
  }
  return out;
}

}  // namespace nabla
