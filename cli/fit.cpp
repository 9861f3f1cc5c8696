#include "cli/fit.hpp"

#include <algorithm>
#include <cmath>
#include <new>
#include <optional>

#include "cli/ask.hpp"
#include "cli/data_file.hpp"
#include "cli/model.hpp"
#include "cli/reply.hpp"
#include "cli/text.hpp"
#include "lib/optimize/least_squares.hpp"
#include "lib/optimize/student.hpp"
#include "parser/render.hpp"

namespace nabla {
namespace {

// Everything that the answer is made of.
struct Fitted {
  Model model;
  std::size_t rows = 0;
  LeastSquaresFit fit;
  double r_squared = 0;
};

// 1 - rss / (sum of squares about the mean), each row with its weight.
double r_squared_of(const std::vector<double>& response, const std::vector<double>& weights,
                    double rss) {
  long double sum = 0, weight = 0, squares = 0;
  for (std::size_t i = 0; i < response.size(); ++i) {
    const long double w = weights.empty() ? 1 : weights[i];
    weight += w;
    sum += w * response[i];
  }
  const long double mean = sum / weight;
  for (std::size_t i = 0; i < response.size(); ++i) {
    const long double w = weights.empty() ? 1 : weights[i], d = response[i] - mean;
    squares += w * d * d;
  }
  return static_cast<double>(1 - static_cast<long double>(rss) / squares);
}

std::string names_in(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

class Fitting {
 public:
  Fitting(Console& console, const Arguments& arguments)
      : console_(console), arguments_(arguments), graph_(console.limits) {}

  Exit run();

 private:
  std::optional<Diagnostic> read();
  std::optional<Diagnostic> read_start();
  std::optional<Diagnostic> solve();
  void print_text();
  void print_json();
  std::string ending() const;

  Console& console_;
  const Arguments& arguments_;
  Graph graph_;
  std::string formula_, weights_;
  Table table_;
  std::vector<double> start_;
  std::size_t iterations_ = 2000;
  Fitted done_;
};

std::optional<Diagnostic> Fitting::read() {
  if (arguments_.operands.size() != 2) {
    return Diagnostic{.code = "U503",
                      .message = "fit takes a model and a data file",
                      .span = {},
                      .hint = "nabla fit 'y ~ w*x + b' DATA.csv; - is the standard input"};
  }
  formula_ = arguments_.operands[0];
  weights_ = arguments_.value("weights");
  if (arguments_.has("iterations")) {
    const auto n = to_count(arguments_.value("iterations"));
    if (!n || *n < 1) {
      return Diagnostic{
          .code = "U501", .message = "--iterations takes a whole number from 1", .span = {}};
    }
    iterations_ = *n;
  }
  const auto format = csv_format(arguments_);
  if (!format) return format.error();
  const auto bytes = FileBytes::read(arguments_.operands[1]);
  if (!bytes) return bytes.error();
  const auto columns = read_csv_columns(bytes->text(), *format, console_.limits);
  if (!columns) return columns.error();
  auto model = read_model(graph_, formula_, *columns, console_.strict);
  if (!model) return model.error();
  done_.model = std::move(*model);
  if (done_.model.columns.empty()) {
    // A file that was taken apart at the wrong sign has no such columns, and its rows show it.
    const auto all = read_csv(bytes->text(), *format, {}, console_.limits);
    if (!all) return all.error();
    std::vector<std::string> names;
    for (const CsvColumn& c : *columns) names.push_back(c.name);
    names.resize(std::min<std::size_t>(names.size(), 20));
    return Diagnostic{.code = "F902",
                      .message = "no column of the data occurs in the formula",
                      .span = {0, formula_.size()},
                      .hint = "the columns are " + names_in(names)};
  }
  if (done_.model.parameters.empty()) {
    return Diagnostic{.code = "F902",
                      .message = "every name in the formula is a column: there is nothing to fit",
                      .span = {0, formula_.size()}};
  }
  std::vector<std::string> wanted = done_.model.columns;
  if (!weights_.empty()) wanted.push_back(weights_);
  auto table = read_csv(bytes->text(), *format, wanted, console_.limits);
  if (!table) return table.error();
  table_ = std::move(*table);
  for (const CsvColumn& c : *columns) {
    if (c.header.empty() || trimmed(c.header) == c.name) continue;
    if (std::ranges::find(wanted, c.name) == wanted.end()) continue;
    done_.model.notes.push_back(
        {.code = "C808",
         .severity = Severity::note,
         .message = "column '" + printable(c.header) + "' is called " + c.name + " here",
         .span = {}});
    if (console_.strict) {
      done_.model.notes.back().severity = Severity::error;
      return done_.model.notes.back();
    }
  }
  return std::nullopt;
}

std::optional<Diagnostic> Fitting::read_start() {
  start_.assign(done_.model.parameters.size(), 1.0);
  for (const std::string_view text : arguments_.values("from")) {
    const auto point = read_point(text, console_.limits);
    if (!point) return point.error();
    for (const Point::Entry& entry : point->entries) {
      const auto found = std::ranges::find(done_.model.parameters, entry.name);
      if (found == done_.model.parameters.end() || entry.is_column) {
        return Diagnostic{.code = "U507",
                          .message = "'" + printable(entry.name) + "' is no parameter of the model",
                          .span = {},
                          .hint = "the parameters are " + names_in(done_.model.parameters)};
      }
      start_[static_cast<std::size_t>(found - done_.model.parameters.begin())] = entry.number;
    }
  }
  return std::nullopt;
}

std::optional<Diagnostic> Fitting::solve() {
  const Model& model = done_.model;
  const Data data = table_.view();
  const std::size_t p = model.parameters.size();
  if (table_.rows < p) {
    return Diagnostic{.code = "F903",
                      .message = std::to_string(table_.rows) +
                                 (table_.rows == 1 ? " row does" : " rows do") + " not determine " +
                                 std::to_string(p) + " parameters",
                      .span = {}};
  }
  Expr residual = model.response - model.prediction;
  std::vector<double> weights;
  if (!weights_.empty()) {
    residual = residual * call("sqrt"_fn, column(graph_, weights_));
    const auto found = std::ranges::find(table_.names, weights_);
    weights = table_.columns[static_cast<std::size_t>(found - table_.names.begin())];
    const auto bad = std::ranges::find_if(weights, [](double w) { return w < 0; });
    if (bad != weights.end()) {
      return Diagnostic{
          .code = "C802",
          .message = "weight of row " + std::to_string(bad - weights.begin() + 1) + " is negative",
          .span = {}};
    }
  }
  std::vector<Expr> parameters;
  for (const std::string& name : model.parameters) parameters.push_back(symbol(graph_, name));
  const auto residuals = Residuals::compile(residual, parameters, data);
  if (!residuals) return residuals.error();
  LeastSquaresOptions options;
  options.iterations = iterations_;
  options.stop = console_.limits.stop;
  done_.fit = least_squares(*residuals, start_, options);
  done_.rows = table_.rows;
  if (done_.fit.reason == Reason::stopped) {
    return Diagnostic{.code = "L110", .message = "stopped", .span = {}};
  }
  // R² speaks of the response, which may be transformed, but has no parameters as a rule.
  std::vector<double> response(table_.rows);
  const auto observed = Residuals::compile(model.response, {}, data);
  if (observed) {
    observed->rows_at({}, 0, table_.rows, response.data());
    done_.r_squared = r_squared_of(response, weights, done_.fit.rss);
  } else {
    done_.r_squared = std::nan("");
  }
  return std::nullopt;
}

std::string Fitting::ending() const {
  const LeastSquaresFit& fit = done_.fit;
  const std::string steps =
      std::to_string(fit.iterations) + (fit.iterations == 1 ? " step" : " steps");
  switch (fit.reason) {
    case Reason::converged: return "converged after " + steps;
    case Reason::step_limit: return "not converged: step limit of " + steps;
    case Reason::not_finite: return "not converged: the residuals are not finite at the start";
    case Reason::flat: break;
    default: return "not converged: " + std::string(name_of(fit.reason));
  }
  std::vector<std::string> names;
  for (const std::size_t i : fit.undetermined) names.push_back(done_.model.parameters[i]);
  if (names.empty()) return "not converged: flat after " + steps;
  return "not converged: flat, the data do not determine " + names_in(names) +
         (names.size() > 1 ? " one by one" : "");
}

void Fitting::print_text() {
  const LeastSquaresFit& fit = done_.fit;
  const std::size_t p = done_.model.parameters.size();
  const double t = fit.standard_errors.empty()
                       ? 0
                       : student_quantile(0.95, static_cast<double>(done_.rows - fit.rank));
  std::vector<std::string> lines(p);
  std::size_t width = 0;
  for (std::size_t i = 0; i < p; ++i) {
    lines[i] = done_.model.parameters[i] + "=";
    append_number(lines[i], fit.at[i], console_.digits);
    width = std::max(width, lines[i].size());
  }
  for (std::size_t i = 0; i < p; ++i) {
    if (!fit.standard_errors.empty()) {
      lines[i].resize(width + 2, ' ');
      lines[i] += "standard error ";
      append_number(lines[i], fit.standard_errors[i], 5);
      lines[i] += ", 95 % from ";
      append_number(lines[i], fit.at[i] - t * fit.standard_errors[i], 5);
      lines[i] += " to ";
      append_number(lines[i], fit.at[i] + t * fit.standard_errors[i], 5);
    }
    console_.out << lines[i] << '\n';
  }
  std::string summary = "rss=";
  append_number(summary, fit.rss, 6);
  summary += ", r_squared=";
  append_number(summary, done_.r_squared, 6);
  summary += ", rows=" + std::to_string(done_.rows);
  if (table_.dropped > 0) summary += " (" + std::to_string(table_.dropped) + " left out)";
  console_.out << summary << '\n' << ending() << '\n';
}

void Fitting::print_json() {
  const LeastSquaresFit& fit = done_.fit;
  std::string out = "{\"ok\":true,\"command\":\"fit\",\"read_as\":";
  append_json(out, done_.model.text);
  const auto object = [&](std::string_view name, const std::vector<double>& values) {
    out += ",\"" + std::string(name) + "\":{";
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) out += ',';
      append_json(out, done_.model.parameters[i]);
      out += ':';
      append_json(out, values[i]);
    }
    out += '}';
  };
  const auto number = [&](std::string_view name, double value) {
    out += ",\"" + std::string(name) + "\":";
    append_json(out, value);
  };
  object("parameters", fit.at);
  object("standard_errors", fit.standard_errors);
  number("loss", fit.rss / static_cast<double>(done_.rows));
  number("rss", fit.rss);
  number("r_squared", done_.r_squared);
  number("rows", static_cast<double>(done_.rows));
  out += ",\"iterations\":" + std::to_string(fit.iterations);
  out += std::string(",\"converged\":") + (fit.reason == Reason::converged ? "true" : "false");
  out += ",\"reason\":";
  append_json(out, ending());
  number("gradient_norm", fit.gradient_norm);
  out += ",\"notes\":";
  append_json(out, done_.model.notes, {std::string(formula_)});
  console_.out << out << "}\n";
}

Exit Fitting::run() {
  auto error = read();
  if (!error) error = read_start();
  if (!error) error = solve();
  if (error) return report(console_, *error, formula_);
  if (console_.json) {
    print_json();
  } else {
    report_notes(console_, done_.model.notes, formula_);
    print_text();
  }
  return done_.fit.reason == Reason::converged ? Exit::ok : Exit::no;
}

}  // namespace

Exit fit(Console& console, const Arguments& arguments) try {
  return Fitting(console, arguments).run();
} catch (const LimitError& error) {
  return report(console, error.diagnostic(), {});
} catch (const NameError& error) {
  return report(console, {.code = "N101", .message = error.what(), .span = {}}, {});
} catch (const CallError& error) {
  return report(console, error.diagnostic(), {});
} catch (const std::bad_alloc&) {
  return report(console, {.code = "L190", .message = "out of memory", .span = {}}, {});
}

}  // namespace nabla
