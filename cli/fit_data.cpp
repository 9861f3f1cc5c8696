#include "cli/fit_data.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "cli/data_file.hpp"
#include "cli/text.hpp"
#include "lib/optimize/random.hpp"
#include "parser/render.hpp"

namespace nabla {
namespace {

std::string listed(const std::vector<CsvColumn>& columns) {
  std::string out;
  for (std::size_t i = 0; i < std::min<std::size_t>(columns.size(), 20); ++i)
    out += (i > 0 ? ", " : "") + columns[i].name;
  return columns.size() > 20 ? out + ", ..." : out;
}

std::vector<double>& column_of(Table& table, const std::string& name) {
  const auto found = std::ranges::find(table.names, name);
  return table.columns[static_cast<std::size_t>(found - table.names.begin())];
}

std::optional<Diagnostic> check_weights(Table& table, const std::string& name) {
  if (name.empty()) return std::nullopt;
  const std::vector<double>& weights = column_of(table, name);
  const auto bad = std::ranges::find_if(weights, [](double w) { return w < 0; });
  if (bad == weights.end()) return std::nullopt;
  return Diagnostic{
      .code = "C809",
      .message = "row " + std::to_string(bad - weights.begin() + 1) + ": a weight below 0",
      .span = {}};
}

// Columns of the prediction become (x - mean)/deviation; constant ones stay.
void standardize(Graph& g, FitData& data) {
  for (const std::string& name : g.symbols({&data.model.prediction.id, 1}, Op::column)) {
    std::vector<double>& x = column_of(data.table, name);
    long double sum = 0, squares = 0;
    for (const double v : x) sum += v;
    const long double mean = sum / static_cast<long double>(x.size());
    for (const double v : x) squares += (v - mean) * (v - mean);
    const long double deviation = std::sqrt(squares / static_cast<long double>(x.size()));
    if (!(deviation > 0)) continue;
    for (Table* table : {&data.table, &data.held_out}) {
      if (table->rows == 0) continue;
      for (double& v : column_of(*table, name)) v = static_cast<double>((v - mean) / deviation);
    }
    data.scaled.push_back({name, static_cast<double>(mean), static_cast<double>(deviation)});
  }
}

// A share of the rows, drawn by the seed, goes to `held_out`; the order of the others stays.
void split(FitData& data, double share, std::uint64_t seed) {
  std::vector<std::size_t> order(data.table.rows);
  std::iota(order.begin(), order.end(), std::size_t{0});
  Random random(seed);
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  const auto count =
      static_cast<std::size_t>(std::llround(share * static_cast<double>(order.size())));
  std::vector<bool> out(order.size(), false);
  for (std::size_t i = 0; i < count; ++i) out[order[i]] = true;
  Table kept{.names = data.table.names,
             .columns = {},
             .rows = order.size() - count,
             .dropped = data.table.dropped};
  data.held_out = Table{.names = data.table.names, .columns = {}, .rows = count, .dropped = 0};
  for (const std::vector<double>& from : data.table.columns) {
    auto& in = kept.columns.emplace_back();
    auto& aside = data.held_out.columns.emplace_back();
    for (std::size_t i = 0; i < from.size(); ++i) (out[i] ? aside : in).push_back(from[i]);
  }
  data.table = std::move(kept);
}

}  // namespace

Result<FitData> read_fit_data(Graph& graph, const Console& console, const Arguments& arguments) {
  if (arguments.operands.size() != 2) {
    return Diagnostic{.code = "U503",
                      .message = "fit takes a model and a data file",
                      .span = {},
                      .hint = "nabla fit 'y ~ w*x + b' DATA.csv; - is the standard input"};
  }
  const std::string& formula = arguments.operands[0];
  const auto format = csv_format(arguments);
  if (!format) return format.error();
  double share = 0;
  if (arguments.has("holdout")) {
    const auto number = to_number(arguments.value("holdout"));
    if (!number || !(*number > 0 && *number < 1)) {
      return Diagnostic{.code = "U501",
                        .message = "--holdout takes a share of the rows, between 0 and 1",
                        .span = {}};
    }
    share = *number;
  }
  const auto bytes = FileBytes::read(arguments.operands[1]);
  if (!bytes) return bytes.error();
  const auto columns = read_csv_columns(bytes->text(), *format, console.limits);
  if (!columns) return columns.error();
  auto model = read_model(graph, formula, *columns, console.strict);
  if (!model) return model.error();
  FitData data;
  data.model = std::move(*model);
  data.notes = data.model.notes;
  data.weights = arguments.value("weights");
  if (data.model.columns.empty()) {
    // A file that was taken apart at the wrong sign has no such columns, and its rows show it.
    const auto all = read_csv(bytes->text(), *format, {}, console.limits);
    if (!all) return all.error();
    return Diagnostic{.code = "F902",
                      .message = "no column of the data occurs in the formula",
                      .span = {0, formula.size()},
                      .hint = "the columns are " + listed(*columns)};
  }
  if (data.model.parameters.empty()) {
    return Diagnostic{.code = "F902",
                      .message = "every name in the formula is a column: there is nothing to fit",
                      .span = {0, formula.size()}};
  }
  std::vector<std::string> wanted = data.model.columns;
  if (!data.weights.empty()) wanted.push_back(data.weights);
  auto table = read_csv(bytes->text(), *format, wanted, console.limits);
  if (!table) return table.error();
  data.table = std::move(*table);
  for (const CsvColumn& c : *columns) {
    if (c.header.empty() || trimmed(c.header) == c.name) continue;
    if (std::ranges::find(wanted, c.name) == wanted.end()) continue;
    data.notes.push_back(
        {.code = "C808",
         .severity = Severity::note,
         .message = "column '" + printable(c.header) + "' is called " + c.name + " here",
         .span = {}});
    if (console.strict) {
      data.notes.back().severity = Severity::error;
      return data.notes.back();
    }
  }
  if (auto error = check_weights(data.table, data.weights)) return *error;
  if (share > 0) split(data, share, to_count(arguments.value("seed", "1")).value_or(1));
  const std::size_t p = data.model.parameters.size();
  if (data.table.rows < p) {
    return Diagnostic{.code = "F903",
                      .message = std::to_string(data.table.rows) +
                                 (data.table.rows == 1 ? " row does" : " rows do") +
                                 " not determine " + std::to_string(p) + " parameters",
                      .span = {}};
  }
  if (arguments.has("standardize")) standardize(graph, data);
  return data;
}

}  // namespace nabla
