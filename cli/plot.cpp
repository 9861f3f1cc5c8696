#include "cli/plot.hpp"

#include <algorithm>
#include <cmath>

#include "cli/ask.hpp"
#include "cli/curves.hpp"
#include "cli/text.hpp"
#include "lib/calculus/derivative.hpp"
#include "lib/core/substitute.hpp"
#include "parser/parse.hpp"
#include "simplify/simplify.hpp"

namespace nabla {
namespace {

Diagnostic bad(std::string message, std::string hint = {}) {
  return {.code = "U501", .message = std::move(message), .span = {}, .hint = std::move(hint)};
}

// A number or an expression without names: "-pi".
std::optional<double> value_of(std::string_view text) {
  Graph g;
  const auto read = parse(g, text);
  if (!read || !read->value.is_scalar()) return std::nullopt;
  return closed_value(read->value.scalar());
}

class Plotting {
 public:
  Plotting(Console& console, const Arguments& arguments)
      : console_(console), arguments_(arguments), graph_(console.limits) {}

  std::optional<Diagnostic> run();
  const std::string& text() const { return text_; }

 private:
  std::optional<Diagnostic> read();
  std::optional<Diagnostic> choose_variable();
  std::optional<Diagnostic> tangents(std::vector<Series>&);

  Console& console_;
  const Arguments& arguments_;
  Graph graph_;
  std::string text_;
  double low_ = 0, high_ = 0;
  std::vector<Expr> asked_;
  std::vector<Diagnostic> notes_;
  std::vector<std::string> appeared_;
  Expr x_;
};

// Statements, the last of which may be a list: "f(x) = x^3; f, f'".
std::optional<Diagnostic> Plotting::read() {
  if (arguments_.operands.size() != 1) {
    return Diagnostic{
        .code = "U503",
        .message = "plot takes one text, in quotes; expressions in it are parted by ,",
        .span = {}};
  }
  text_ = arguments_.operands[0];
  const std::string_view on = arguments_.value("on", "-5:5");
  const std::size_t colon = on.find(':');
  const auto low = value_of(on.substr(0, colon));
  const auto high = colon == on.npos ? std::nullopt : value_of(on.substr(colon + 1));
  if (!low || !high || !(*low < *high) || !std::isfinite(*high - *low))
    return bad("--on takes an interval such as -3:3 or 0:2*pi");
  low_ = *low;
  high_ = *high;
  Scope scope;
  ReadOptions options;
  options.strict = console_.strict;
  if (arguments_.has("wrt")) options.variables.emplace_back(arguments_.value("wrt"));
  const std::size_t last = text_.find_last_of(";\n");
  if (last != text_.npos) {
    const auto before = parse_statements(graph_, scope, text_.substr(0, last), options);
    if (!before) return before.error();
    for (const Statement& s : *before) notes_.insert(notes_.end(), s.notes.begin(), s.notes.end());
  }
  const std::size_t begin = last == text_.npos ? 0 : last + 1;
  for (const std::string_view part : split_list(std::string_view(text_).substr(begin))) {
    // Blanks before it keep the places of errors right.
    const auto at = static_cast<std::size_t>(part.data() - text_.data());
    auto read = parse(graph_, scope, std::string(at, ' ') + std::string(part), options);
    if (!read) return read.error();
    notes_.insert(notes_.end(), read->notes.begin(), read->notes.end());
    for (const Expr e : read->value.entries) asked_.push_back(e);
    for (const std::string& name : read->variables) {
      if (std::ranges::find(appeared_, name) == appeared_.end()) appeared_.push_back(name);
    }
  }
  if (asked_.empty())
    return Diagnostic{.code = "P013", .message = "nothing to read here", .span = {}};
  std::vector<Replacement> values;
  for (const std::string_view text : arguments_.values("at")) {
    const auto point = read_point(text, console_.limits);
    if (!point) return point.error();
    for (const Point::Entry& entry : point->entries) {
      values.push_back({symbol(graph_, entry.name), real(graph_, entry.number)});
      std::erase(appeared_, entry.name);
    }
  }
  for (const std::string& name : scope.names()) {
    const Definition* known = scope.find(name);
    if (!known || known->kind != Definition::Kind::number) continue;
    values.push_back({symbol(graph_, name), known->value.scalar()});
    std::erase(appeared_, name);
  }
  if (!values.empty()) asked_ = substitute(asked_, values);
  asked_ = simplify(asked_);
  return std::nullopt;
}

std::optional<Diagnostic> Plotting::choose_variable() {
  if (arguments_.has("wrt")) {
    x_ = symbol(graph_, arguments_.value("wrt"));
    return std::nullopt;
  }
  if (appeared_.size() > 1) {
    std::string names;
    for (const std::string& name : appeared_) names += (names.empty() ? "" : ", ") + name;
    return Diagnostic{.code = "N107",
                      .message = "a curve is drawn over one name; here are " + names,
                      .span = {},
                      .hint = "-x chooses one, --at gives the others values"};
  }
  x_ = symbol(graph_, appeared_.empty() ? "x" : appeared_.front());
  return std::nullopt;
}

// The tangent of the first curve, and the point it touches.
std::optional<Diagnostic> Plotting::tangents(std::vector<Series>& series) {
  for (const std::string_view text : arguments_.values("tangent-at")) {
    for (const std::string_view part : split_list(text)) {
      const auto at = value_of(part);
      if (!at) return bad("--tangent-at takes numbers: --tangent-at 1 or -1,1");
      const auto slope = derivative(asked_.front(), x_);
      if (!slope) return slope.error();
      const Expr both[] = {asked_.front(), *slope};
      const std::string name(graph_.name_of(node(x_)));
      const Binding here[] = {{name, *at}};
      const auto values = evaluate(both, here);
      if (!values) return values.error();
      const double y = (*values)[0], k = (*values)[1];
      if (!std::isfinite(y) || !std::isfinite(k))
        return Diagnostic{
            .code = "F907", .message = "there is no tangent at " + std::string(part), .span = {}};
      const int color = static_cast<int>(series.size());
      std::string label = "tangent at ";
      append_number(label, *at);
      label += ", slope ";
      append_number(label, k, 6);
      Series line{.kind = Series::Kind::line,
                  .name = label,
                  .at = {{low_, y + k * (low_ - *at)}, {high_, y + k * (high_ - *at)}},
                  .color = color,
                  .faint = true};
      series.push_back(std::move(line));
      series.push_back({.kind = Series::Kind::points,
                        .name = {},
                        .at = {{*at, y}},
                        .color = color,
                        .faint = false});
    }
  }
  return std::nullopt;
}

std::optional<Diagnostic> Plotting::run() {
  if (auto error = read()) return error;
  if (auto error = choose_variable()) return error;
  auto series = curves(asked_, x_, low_, high_, 512);
  if (!series) return series.error();
  if (auto error = tangents(*series)) return error;
  report_notes(console_, notes_, text_);
  const Chart chart{.title = {},
                    .x_name = graph_.name_of(node(x_)),
                    .y_name = {},
                    .series = std::move(*series),
                    .log_y = false};
  const std::string svg(arguments_.value("svg"));
  return draw(console_, {&chart, 1}, svg.empty() || arguments_.has("plot"), svg);
}

}  // namespace

Exit plot(Console& console, const Arguments& arguments) {
  Plotting plotting(console, arguments);
  if (const auto error = plotting.run()) return report(console, *error, plotting.text());
  return Exit::ok;
}

}  // namespace nabla
