#include "cli/fit.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "cli/curves.hpp"
#include "cli/fit_answer.hpp"
#include "cli/fit_data.hpp"
#include "cli/fit_loss.hpp"
#include "cli/search.hpp"
#include "cli/text.hpp"
#include "lib/core/substitute.hpp"
#include "lib/optimize/least_squares.hpp"
#include "lib/optimize/starts.hpp"

namespace nabla {
namespace {

// Sum of squared residuals, 1 - that / (sum of squares about the mean), rows with their weights.
struct Explained {
  double rss = 0, r_squared = 0, weight = 0;
};
Result<Explained> explained(Graph& g, const FitData& data, const Table& table,
                            std::span<const double> at) {
  std::vector<Expr> parameters;
  for (const std::string& name : data.model.parameters) parameters.push_back(symbol(g, name));
  const Data rows = table.view();
  const auto residual =
      Residuals::compile(data.model.response - data.model.prediction, parameters, rows);
  if (!residual) return residual.error();
  const auto response = Residuals::compile(data.model.response, parameters, rows);
  if (!response) return response.error();
  std::vector<double> r(table.rows), y(table.rows);
  residual->rows_at(at, 0, table.rows, r.data());
  response->rows_at(at, 0, table.rows, y.data());
  const auto found = std::ranges::find(table.names, data.weights);
  const std::vector<double>* weights =
      data.weights.empty() ? nullptr
                           : &table.columns[static_cast<std::size_t>(found - table.names.begin())];
  const auto weight = [&](std::size_t i) -> long double { return weights ? (*weights)[i] : 1; };
  long double total = 0, sum = 0, rss = 0, squares = 0;
  for (std::size_t i = 0; i < table.rows; ++i) {
    total += weight(i);
    sum += weight(i) * y[i];
    rss += weight(i) * r[i] * r[i];
  }
  const long double mean = sum / total;
  for (std::size_t i = 0; i < table.rows; ++i) squares += weight(i) * (y[i] - mean) * (y[i] - mean);
  return Explained{static_cast<double>(rss), static_cast<double>(1 - rss / squares),
                   static_cast<double>(total)};
}

class Fitting {
 public:
  Fitting(Console& console, const Arguments& arguments)
      : console_(console), arguments_(arguments), graph_(console.limits) {}

  Exit run();

 private:
  std::optional<Diagnostic> read();
  std::optional<Diagnostic> no_probability() const;
  std::optional<Diagnostic> squares();
  std::optional<Diagnostic> other();
  std::optional<Diagnostic> judge();
  std::optional<Diagnostic> show();
  std::string print_of_response() const;

  Console& console_;
  const Arguments& arguments_;
  Graph graph_;
  FitData data_;
  Loss loss_;
  SearchOptions options_;
  Start start_;
  FitAnswer answer_;
};

std::optional<Diagnostic> Fitting::read() {
  auto options = read_search_options(arguments_, console_.limits);
  if (!options) return options.error();
  options_ = std::move(*options);
  double delta = 1;
  if (arguments_.has("delta")) {
    const auto number = to_number(arguments_.value("delta"));
    if (!number || !(*number > 0)) {
      return Diagnostic{.code = "U501", .message = "--delta takes a number above 0", .span = {}};
    }
    delta = *number;
  }
  auto data = read_fit_data(graph_, console_, arguments_);
  if (!data) return data.error();
  data_ = std::move(*data);
  std::vector<CsvColumn> columns;
  for (const std::string& name : data_.table.names) columns.push_back({name, name});
  auto loss = loss_of(graph_, data_.model, arguments_.value("loss", "mse"), data_.weights, delta,
                      options_.l1, options_.l2, columns);
  if (!loss) return loss.error();
  loss_ = std::move(*loss);
  if (loss_.probability) {
    if (auto error = no_probability()) return error;
  }
  auto start = start_for(options_, data_.model.parameters, 1);
  if (!start) return start.error();
  start_ = std::move(*start);
  return std::nullopt;
}

// The first row whose response lies outside 0 to 1.
std::optional<Diagnostic> Fitting::no_probability() const {
  const auto response = Residuals::compile(data_.model.response, {}, data_.table.view());
  if (!response) return response.error();
  std::vector<double> y(data_.table.rows);
  response->rows_at({}, 0, y.size(), y.data());
  const auto outside = std::ranges::find_if(y, [](double p) { return !(p >= 0 && p <= 1); });
  if (outside == y.end()) return std::nullopt;
  std::string value;
  append_number(value, *outside, 6);
  return Diagnostic{.code = "F908",
                    .message = "the logistic loss needs a response from 0 to 1; " +
                               print_of_response() + " is " + value + " in row " +
                               std::to_string(outside - y.begin() + 1) + " of the data",
                    .span = {},
                    .hint = "for other numbers there are mse, mae and huber"};
}

// Levenberg-Marquardt; where nobody says where to begin, from the best three of many points.
std::optional<Diagnostic> Fitting::squares() {
  const Model& model = data_.model;
  Expr residual = model.response - model.prediction;
  if (!data_.weights.empty()) residual = residual * call("sqrt"_fn, column(graph_, data_.weights));
  std::vector<Expr> parameters;
  for (const std::string& name : model.parameters) parameters.push_back(symbol(graph_, name));
  const Data data = data_.table.view();
  const auto residuals = Residuals::compile(residual, parameters, data);
  if (!residuals) return residuals.error();

  LeastSquaresOptions options;
  options.workers = std::make_shared<Workers>(options_.threads);
  if (options_.has_iterations) options.iterations = options_.descent.iterations;
  options.box = start_.box;
  options.stopped = options_.descent.stopped;
  auto watcher = Watcher::start(console_, options_.trace, model.parameters, options.iterations,
                                model.parameters.size() == 2);
  if (!watcher) return watcher.error();
  answer_.watcher = std::move(*watcher);
  options.observe = [&w = *answer_.watcher](const Progress& p) { w(p); };

  std::vector<std::vector<double>> starts{start_.at};
  const bool all_given = std::ranges::all_of(start_.given, [](bool b) { return b; });
  const bool linear = residuals->is_linear() && start_.box.empty();
  if (!linear && (!all_given || options_.starts > 1)) {
    const std::size_t count = options_.starts > 0 ? options_.starts : 3;
    starts = guessed_starts(
        [&](std::span<const double> at) { return residuals->sum_of_squares(at, *options.workers); },
        start_.at, all_given ? std::vector<bool>(start_.at.size(), false) : start_.given,
        start_.box, count, options_.descent.seed);
    if (all_given || starts.empty()) starts.insert(starts.begin(), start_.at);
    answer_.guessed = !all_given;
  }
  LeastSquaresFit best;
  for (const std::vector<double>& from : starts) {
    LeastSquaresFit fit = least_squares(*residuals, from, options);
    const bool stopped = fit.reason == Reason::stopped;
    const bool ends = fit.reason == Reason::converged, ended = best.reason == Reason::converged;
    const bool same = std::abs(fit.rss - best.rss) <= 1e-9 * best.rss;
    if (&from == &starts.front() || (same ? ends && !ended : fit.rss < best.rss))
      best = std::move(fit);
    if (stopped) break;
  }
  if (auto error = answer_.watcher->finish()) return error;
  Found& found = answer_.found;
  found.at = best.at;
  found.iterations = best.iterations;
  found.evaluations = best.evaluations;
  found.gradient_norm = best.gradient_norm;
  found.reason = best.reason;
  found.value = best.rss / static_cast<double>(best.rows);
  if (best.reason == Reason::flat && !best.undetermined.empty()) {
    found.detail = "the data do not determine ";
    for (std::size_t k = 0; k < best.undetermined.size(); ++k)
      found.detail += (k > 0 ? ", " : "") + model.parameters[best.undetermined[k]];
    if (best.undetermined.size() > 1) found.detail += " one by one";
  }
  answer_.standard_errors = best.standard_errors;
  answer_.covariance = best.covariance;
  answer_.free_parameters = best.rank;
  answer_.rss = best.rss;
  return std::nullopt;
}

std::optional<Diagnostic> Fitting::other() {
  if (options_.method == "lm") {
    return Diagnostic{.code = "F906",
                      .message = "lm is for the mean of squares without penalties",
                      .span = {},
                      .hint = "newton takes any loss"};
  }
  // Without a start of their own parameters begin at 0, where most losses are tame.
  for (std::size_t i = 0; i < start_.at.size(); ++i) {
    if (!start_.given[i]) start_.at[i] = start_.box.clamped(i, 0);
  }
  const Data data = data_.table.view();
  Start start = start_;
  start.given.assign(start.given.size(), true);
  auto searched = search(console_, loss_.total, data_.model.parameters, data, options_, start);
  if (searched && searched->found.reason == Reason::not_finite) {
    // 0 is no place to begin, then.
    searched = search(console_, loss_.total, data_.model.parameters, data, options_, start_);
    answer_.guessed = true;
  }
  if (!searched) return searched.error();
  answer_.found = std::move(searched->found);
  answer_.watcher = std::move(searched->watcher);
  answer_.sums = searched->sums;
  const std::size_t p = data_.model.parameters.size();
  // The inverse information of the likelihood, or that of least squares.
  double factor = 0;
  if (loss_.likelihood) factor = 1 / static_cast<double>(data_.table.rows);
  answer_.free_parameters = p;
  if (loss_.likelihood && answer_.found.value < 1e-9) {
    answer_.found.reason = Reason::flat;
    answer_.found.detail = "the two classes are separated, so the parameters have no bound";
  }
  if (factor > 0 && !searched->covariance.empty() && answer_.found.reason == Reason::converged) {
    answer_.covariance = searched->covariance;
    for (double& c : answer_.covariance) c *= factor;
    for (std::size_t i = 0; i < p; ++i)
      answer_.standard_errors.push_back(std::sqrt(answer_.covariance[i * p + i]));
    answer_.normal = true;
  }
  if (loss_.squares && answer_.found.reason == Reason::converged && data_.table.rows > p) {
    LeastSquaresOptions look;
    look.iterations = 0;
    look.radii = {1};
    Expr residual = data_.model.response - data_.model.prediction;
    if (!data_.weights.empty())
      residual = residual * call("sqrt"_fn, column(graph_, data_.weights));
    std::vector<Expr> parameters;
    for (const std::string& name : data_.model.parameters)
      parameters.push_back(symbol(graph_, name));
    const auto residuals = Residuals::compile(residual, parameters, data);
    if (!residuals) return residuals.error();
    const LeastSquaresFit here = least_squares(*residuals, answer_.found.at, look);
    answer_.standard_errors = here.standard_errors;
    answer_.covariance = here.covariance;
    answer_.free_parameters = here.rank;
  }
  return std::nullopt;
}

std::optional<Diagnostic> Fitting::judge() {
  const auto here = explained(graph_, data_, data_.table, answer_.found.at);
  if (!here) return here.error();
  const bool by_squares = loss_.squares && answer_.sums == 0 && answer_.rss > 0;
  if (!by_squares) answer_.rss = here->rss;
  answer_.r_squared = here->r_squared;
  answer_.loss = answer_.found.value;
  if (loss_.squares) answer_.loss = answer_.rss / here->weight;
  if (data_.held_out.rows > 0) {
    const auto there = explained(graph_, data_, data_.held_out, answer_.found.at);
    if (!there) return there.error();
    answer_.held_out_r_squared = there->r_squared;
    std::vector<Binding> at;
    for (std::size_t i = 0; i < data_.model.parameters.size(); ++i)
      at.push_back({data_.model.parameters[i], answer_.found.at[i]});
    const auto loss = evaluate(loss_.total, at, data_.held_out.view());
    if (!loss) return loss.error();
    answer_.held_out_loss = *loss;
  }
  return std::nullopt;
}

Exit Fitting::run() {
  const std::string formula = arguments_.operands.empty() ? "" : arguments_.operands[0];
  auto error = read();
  const bool lm = loss_.squares && (options_.method.empty() || options_.method == "lm");
  if (!error) error = lm ? squares() : other();
  // A search that was stopped has found something: what is left to say about it is short.
  if (answer_.found.reason == Reason::stopped) graph_.limits.stop = nullptr;
  if (!error && answer_.found.reason != Reason::not_finite) error = judge();
  if (error) return report(console_, *error, formula);
  const Exit exit = print(console_, data_, answer_, options_, formula);
  if (options_.plot || !options_.svg.empty()) {
    if (const auto failed = show()) return report(console_, *failed, formula);
  }
  return exit;
}

// The fitted curve with the data where there is one column on the right side, the loss over the
// steps, and the way down for two parameters.
std::optional<Diagnostic> Fitting::show() {
  std::vector<Chart> charts;
  const Model& model = data_.model;
  const auto predictors = graph_.symbols({&model.prediction.id, 1}, Op::column);
  if (predictors.size() == 1) {
    std::vector<Replacement> values;
    for (std::size_t i = 0; i < model.parameters.size(); ++i)
      values.push_back({symbol(graph_, model.parameters[i]), real(graph_, answer_.found.at[i])});
    const Expr fitted = substitute(model.prediction, values);
    const auto response = Residuals::compile(model.response, {}, data_.table.view());
    const auto found = std::ranges::find(data_.table.names, predictors[0]);
    const std::vector<double>& x =
        data_.table.columns[static_cast<std::size_t>(found - data_.table.names.begin())];
    const auto [low, high] = std::ranges::minmax(x);
    const Expr free = symbol(graph_, predictors[0]);
    const Replacement as_name[] = {{column(graph_, predictors[0]), free}};
    const auto drawn = response && low < high
                           ? curves({{substitute(fitted, as_name)}}, free, low, high, 400)
                           : Result<std::vector<Series>>(std::vector<Series>{});
    if (drawn && !drawn->empty()) {
      std::vector<double> y(data_.table.rows);
      response->rows_at({}, 0, y.size(), y.data());
      Series points{
          .kind = Series::Kind::points, .name = "data", .at = {}, .color = 0, .faint = false};
      const std::size_t every = y.size() / 2000 + 1;  // more only make a blot
      for (std::size_t i = 0; i < y.size(); i += every) points.at.emplace_back(x[i], y[i]);
      Series curve = drawn->front();
      curve.name = "fit";
      curve.color = 1;
      charts.push_back({.title = model.text,
                        .x_name = predictors[0],
                        .y_name = print_of_response(),
                        .series = {points, curve},
                        .log_y = false});
    }
  }
  if (answer_.watcher && answer_.watcher->seen().size() > 1)
    charts.push_back(loss_curve(*answer_.watcher));
  const Expr loss = answer_.sums > 0 && data_.table.rows > 100'000 ? Expr{} : loss_.total;
  if (answer_.watcher && loss.graph) {
    if (auto path = descent_path(loss, model.parameters, data_.table.view(), *answer_.watcher,
                                 answer_.found.at))
      charts.push_back(std::move(*path));
  }
  return draw(console_, charts, options_.plot && !console_.json, options_.svg);
}

std::string Fitting::print_of_response() const {
  return data_.model.text.substr(0, data_.model.text.find(" ~ "));
}

}  // namespace

Exit fit(Console& console, const Arguments& arguments) { return Fitting(console, arguments).run(); }

}  // namespace nabla
