#pragma once

// Chart: curves and points in a frame, drawn with braille dots for the terminal or as SVG.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nabla {

struct Series {
  enum class Kind { line, points, segments } kind = Kind::line;  // segments: pairs of points
  std::string name;                                              // for the legend; empty: not in it
  // Where y is not finite a line has a gap.
  std::vector<std::pair<double, double>> at;
  int color = 0;       // of the palette
  bool faint = false;  // drawn thin, and not counted for the frame
};

struct Chart {
  std::string title, x_name, y_name;
  std::vector<Series> series;
  bool log_y = false;  // of values above 0; others are left out

  struct Frame {
    double left = 0, right = 1, bottom = 0, top = 1;  // of what is drawn: logarithms when log_y
  };
  // Holds every finite point; a few that are far from all others (poles) may be cut off.
  Frame frame() const;
};

// Round numbers from low to high, about `count` of them. O(count).
std::vector<double> ticks(double low, double high, int count);

// `columns` by `rows` characters for the frame, and a legend. With color, the series' colours as
// ANSI sequences.
std::string to_text(const Chart&, int columns, int rows, bool color);

// A whole SVG document.
std::string to_svg(const Chart&);

}  // namespace nabla
