#include "cli/curves.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "cli/contour.hpp"
#include "lib/emit/print.hpp"
#include "parser/render.hpp"

namespace nabla {
namespace {

std::optional<Diagnostic> write(const std::string& path, std::string_view text) {
  std::FILE* const file = std::fopen(path.c_str(), "wb");
  bool fine = file != nullptr;
  if (file) {
    fine = std::fwrite(text.data(), 1, text.size(), file) == text.size();
    fine = std::fclose(file) == 0 && fine;
  }
  if (fine) return std::nullopt;
  return Diagnostic{.code = "I603",
                    .message = "cannot write '" + printable(path) + "': " + std::strerror(errno),
                    .span = {}};
}

// fit.svg, fit-2.svg, ...
std::string numbered(const std::string& path, std::size_t i) {
  if (i == 0) return path;
  const std::size_t dot = path.rfind('.');
  const std::size_t slash = path.rfind('/');
  const bool has_ending = dot != path.npos && (slash == path.npos || dot > slash);
  const std::string middle = "-" + std::to_string(i + 1);
  return has_ending ? path.substr(0, dot) + middle + path.substr(dot) : path + middle;
}

}  // namespace

Result<std::vector<Series>> curves(std::span<const Expr> expressions, Expr x, double low,
                                   double high, int count) {
  const auto f = Function::compile({&x, 1}, expressions);
  if (!f) return f.error();
  if (f->needs_data()) {
    return Diagnostic{
        .code = "E302", .message = "a sum over data has no curve without data", .span = {}};
  }
  const auto n = static_cast<std::size_t>(count);
  std::vector<double> xs(n);
  for (std::size_t i = 0; i < n; ++i)
    xs[i] = low + (high - low) * static_cast<double>(i) / static_cast<double>(n - 1);
  std::vector<std::vector<double>> ys(expressions.size(), std::vector<double>(n));
  std::vector<double*> out;
  for (auto& y : ys) out.push_back(y.data());
  const double* const in[] = {xs.data()};
  f->batch(in, out, n);
  std::vector<Series> result;
  for (std::size_t k = 0; k < expressions.size(); ++k) {
    Series s{.kind = Series::Kind::line,
             .name = print(expressions[k]),
             .at = {},
             .color = static_cast<int>(k),
             .faint = false};
    if (s.name.size() > 60) s.name = "curve " + std::to_string(k + 1);
    for (std::size_t i = 0; i < n; ++i) s.at.emplace_back(xs[i], ys[k][i]);
    result.push_back(std::move(s));
  }
  return result;
}

Chart loss_curve(const Watcher& watcher) {
  Series s{.kind = Series::Kind::line, .name = "loss", .at = {}, .color = 0, .faint = false};
  bool positive = true;
  double low = INFINITY, high = 0;
  for (const Watcher::Seen& seen : watcher.seen()) {
    s.at.emplace_back(seen.step, seen.value);
    positive = positive && seen.value > 0;
    low = std::min(low, seen.value);
    high = std::max(high, seen.value);
  }
  return {.title = "loss over the steps",
          .x_name = "steps",
          .y_name = "loss",
          .series = {std::move(s)},
          .log_y = positive && high > 100 * low};
}

std::optional<Chart> descent_path(Expr loss, const std::vector<std::string>& parameters,
                                  const Data& data, const Watcher& watcher,
                                  std::span<const double> end) {
  if (parameters.size() != 2 || watcher.seen().empty()) return std::nullopt;
  Graph& g = *loss.graph;
  const Expr names[] = {symbol(g, parameters[0]), symbol(g, parameters[1])};
  const auto f = Function::compile(names, {&loss, 1});
  if (!f) return std::nullopt;
  Series path{.kind = Series::Kind::line, .name = "descent", .at = {}, .color = 1, .faint = false};
  for (const Watcher::Seen& seen : watcher.seen()) {
    if (seen.at.size() == 2) path.at.emplace_back(seen.at[0], seen.at[1]);
  }
  Series last{.kind = Series::Kind::points,
              .name = "end",
              .at = {{end[0], end[1]}},
              .color = 2,
              .faint = false};
  Chart chart{.title = "lines of equal loss",
              .x_name = parameters[0],
              .y_name = parameters[1],
              .series = {path, last},
              .log_y = false};
  // Room around the path, the same share on each side, and never a line only.
  Chart::Frame frame = chart.frame();
  const double dx = std::max(frame.right - frame.left, 1e-9 + 1e-3 * std::abs(end[0]));
  const double dy = std::max(frame.top - frame.bottom, 1e-9 + 1e-3 * std::abs(end[1]));
  frame = {frame.left - 0.25 * dx, frame.right + 0.25 * dx, frame.bottom - 0.25 * dy,
           frame.top + 0.25 * dy};
  const auto height = [&](double a, double b) {
    const double at[] = {a, b};
    double out = NAN;
    if (f->needs_data())
      (*f)(at, {&out, 1}, data);
    else
      (*f)(at, {&out, 1});
    return out;
  };
  // Many rows, fewer cells: a picture must not take longer than the search.
  const int cells = data.rows > 1'000'000 ? 12 : data.rows > 50'000 ? 24 : 64;
  std::vector<Series> lines = contours(height, frame, cells, 12);
  // The corners make the frame as wide as the lines are drawn.
  Series corners{
      .kind = Series::Kind::segments,
      .name = {},
      .at = {{frame.left, frame.bottom}, {NAN, NAN}, {frame.right, frame.top}, {NAN, NAN}},
      .color = 0,
      .faint = false};
  lines.push_back(std::move(corners));
  chart.series.insert(chart.series.begin(), lines.begin(), lines.end());
  return chart;
}

std::optional<Diagnostic> draw(Console& console, std::span<const Chart> charts, bool plot,
                               const std::string& svg) {
  const char* const off = std::getenv("NO_COLOR");
  const bool color = ::isatty(STDOUT_FILENO) && !(off && *off);
  for (std::size_t i = 0; i < charts.size(); ++i) {
    if (plot) console.out << '\n' << to_text(charts[i], 64, 16, color);
    if (svg.empty()) continue;
    if (auto error = write(numbered(svg, i), to_svg(charts[i]))) return error;
    console.err << "wrote " << printable(numbered(svg, i)) << ": " << charts[i].title << '\n';
  }
  return std::nullopt;
}

}  // namespace nabla
