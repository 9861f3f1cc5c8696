#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "cli/chart.hpp"
#include "cli/text.hpp"

namespace nabla {
namespace {

// Distinct also for people who see colours otherwise (Okabe & Ito 2008).
constexpr std::array<std::string_view, 6> palette = {"#0072B2", "#D55E00", "#009E73",
                                                     "#CC79A7", "#E69F00", "#56B4E9"};
constexpr double width = 720, height = 440, left = 76, right = 20, top = 40, bottom = 56;

std::string number(double x) {
  std::string out;
  append_number(out, std::round(x * 100) / 100);
  return out;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default:
        // Control characters have no place in XML.
        if (static_cast<unsigned char>(c) >= 0x20) out += c;
    }
  }
  return out;
}

std::string label(double x) {
  std::string out;
  append_number(out, x, 5);
  return out;
}

std::string text(double x, double y, std::string_view anchor, std::string_view words,
                 std::string_view more = {}) {
  return "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" text-anchor=\"" +
         std::string(anchor) + "\"" + std::string(more) + ">" + escaped(words) + "</text>\n";
}

std::string line(double x0, double y0, double x1, double y1, std::string_view style) {
  return "<line x1=\"" + number(x0) + "\" y1=\"" + number(y0) + "\" x2=\"" + number(x1) +
         "\" y2=\"" + number(y1) + "\" " + std::string(style) + "/>\n";
}

std::string color_of(const Series& s) {
  return std::string(palette[static_cast<std::size_t>(s.color) % palette.size()]);
}

}  // namespace

std::string to_svg(const Chart& chart) {
  const Chart::Frame f = chart.frame();
  const double inner_width = width - left - right, inner_height = height - top - bottom;
  const auto place_x = [&](double x) {
    return left + (x - f.left) / (f.right - f.left) * inner_width;
  };
  const auto place_shown = [&](double y) {
    return top + (f.top - y) / (f.top - f.bottom) * inner_height;
  };
  const auto place_y = [&](double y) { return place_shown(chart.log_y ? std::log10(y) : y); };

  std::string out = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + number(width) +
                    " " + number(height) +
                    "\" font-family=\"sans-serif\" font-size=\"13\" fill=\"#222\">\n"
                    "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
                    "<clipPath id=\"frame\"><rect x=\"" +
                    number(left) + "\" y=\"" + number(top) + "\" width=\"" + number(inner_width) +
                    "\" height=\"" + number(inner_height) + "\"/></clipPath>\n";
  constexpr std::string_view grid = "stroke=\"#e3e3e3\"";
  for (const double t : ticks(f.left, f.right, 8)) {
    out += line(place_x(t), top, place_x(t), top + inner_height, grid);
    out += text(place_x(t), top + inner_height + 18, "middle", label(t));
  }
  // Few decades are labelled between them, too.
  for (double t : ticks(f.bottom, f.top, 6)) {
    out += line(left, place_shown(t), left + inner_width, place_shown(t), grid);
    out += text(left - 8, place_shown(t) + 4, "end", label(chart.log_y ? std::pow(10.0, t) : t));
  }
  out += "<rect x=\"" + number(left) + "\" y=\"" + number(top) + "\" width=\"" +
         number(inner_width) + "\" height=\"" + number(inner_height) +
         "\" fill=\"none\" stroke=\"#999\"/>\n<g clip-path=\"url(#frame)\">\n";
  for (const Series& s : chart.series) {
    if (s.kind == Series::Kind::points) continue;
    const std::string color = color_of(s);
    const std::string pen = "fill=\"none\" stroke=\"" + color + "\" stroke-width=\"" +
                            (s.faint ? "0.8\" opacity=\"0.6\"" : "2\"");
    std::string path;
    bool drawing = false;
    for (std::size_t i = 0; i < s.at.size(); ++i) {
      const double x = place_x(s.at[i].first), y = place_y(s.at[i].second);
      // Far outside nothing shows, and numbers without end help no viewer.
      const bool fine = std::isfinite(x) && std::isfinite(y) && std::abs(y) < 1e5;
      if (s.kind == Series::Kind::segments && i % 2 == 0) drawing = false;
      if (fine) path += (drawing ? "L" : "M") + number(x) + " " + number(y) + " ";
      drawing = fine;
    }
    if (!path.empty()) out += "<path d=\"" + path + "\" " + pen + "/>\n";
  }
  // Over the curves, which would hide them.
  for (const Series& s : chart.series) {
    if (s.kind != Series::Kind::points) continue;
    const std::string color = color_of(s);
    for (const auto& [x, y] : s.at) {
      if (!std::isfinite(place_y(y))) continue;
      out += "<circle cx=\"" + number(place_x(x)) + "\" cy=\"" + number(place_y(y)) +
             "\" r=\"3\" fill=\"" + color + "\" opacity=\"0.75\"/>\n";
    }
  }
  out += "</g>\n";
  out += text(left, 24, "start", chart.title, " font-size=\"15\" font-weight=\"bold\"");
  out += text(left + inner_width / 2, height - 12, "middle", chart.x_name);
  out += text(0, 0, "middle", chart.y_name,
              " transform=\"translate(18 " + number(top + inner_height / 2) + ") rotate(-90)\"");
  std::size_t longest = 0, named = 0;
  for (const Series& s : chart.series) {
    named += !s.name.empty();
    longest = std::max(longest, s.name.size());
  }
  // In the corner where it hides the least, light enough to see that something is below it.
  const double wide = 7.0 * static_cast<double>(longest) + 46,
               high = 18.0 * static_cast<double>(named) + 6;
  double legend_x = 0, legend_y = 0;
  std::size_t least = SIZE_MAX;
  for (const double y : {top + 2, top + inner_height - high - 2}) {
    for (const double x : {left + inner_width - wide - 2, left + 2}) {
      std::size_t hidden = 0;
      for (const Series& s : chart.series) {
        if (s.faint) continue;
        hidden += static_cast<std::size_t>(std::ranges::count_if(s.at, [&](const auto& p) {
          const double px = place_x(p.first), py = place_y(p.second);
          return px > x - 4 && px < x + wide + 4 && py > y - 4 && py < y + high + 4;
        }));
      }
      if (hidden >= least) continue;
      least = hidden;
      legend_x = x;
      legend_y = y;
    }
  }
  if (named > 0) {
    out += "<rect x=\"" + number(legend_x) + "\" y=\"" + number(legend_y) + "\" width=\"" +
           number(wide) + "\" height=\"" + number(high) + "\" fill=\"white\" opacity=\"0.8\"/>\n";
  }
  double y = legend_y + 16;
  for (const Series& s : chart.series) {
    if (s.name.empty()) continue;
    const std::string color = color_of(s);
    const double x = legend_x + wide - 10;
    out += text(x - 26, y, "end", s.name);
    if (s.kind == Series::Kind::points)
      out += "<circle cx=\"" + number(x - 9) + "\" cy=\"" + number(y - 4) + "\" r=\"3\" fill=\"" +
             color + "\"/>\n";
    else
      out += line(x - 20, y - 4, x, y - 4, "stroke-width=\"2\" stroke=\"" + color + "\"");
    y += 18;
  }
  return out + "</svg>\n";
}

}  // namespace nabla
