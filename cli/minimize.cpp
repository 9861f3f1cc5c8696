#include "cli/minimize.hpp"

#include <algorithm>
#include <optional>

#include "cli/ask.hpp"
#include "cli/curves.hpp"
#include "cli/data_file.hpp"
#include "cli/fit_answer.hpp"
#include "cli/reply.hpp"
#include "cli/search.hpp"
#include "cli/text.hpp"
#include "lib/core/substitute.hpp"
#include "lib/emit/print.hpp"
#include "parser/parse.hpp"

namespace nabla {
namespace {

class Minimizing {
 public:
  Minimizing(Console& console, const Arguments& arguments)
      : console_(console), arguments_(arguments), graph_(console.limits) {}

  Exit run();

 private:
  std::optional<Diagnostic> read_data();
  std::optional<Diagnostic> read();
  void print_text(const Searched&);
  void print_json(const Searched&);

  Console& console_;
  const Arguments& arguments_;
  Graph graph_;
  Table table_;
  std::vector<SearchOptions::Value> known_;  // numbers of --at and of the text
  std::vector<std::string> parameters_;
  std::string asked_;
  Expr loss_;
  std::vector<Diagnostic> notes_;
  SearchOptions options_;
};

// Columns from --data, or as lists in --at.
std::optional<Diagnostic> Minimizing::read_data() {
  if (arguments_.has("data")) {
    const auto format = csv_format(arguments_);
    if (!format) return format.error();
    const auto bytes = FileBytes::read(std::string(arguments_.value("data")));
    if (!bytes) return bytes.error();
    // Only what the expression uses; that is known after a first reading.
    const auto columns = read_csv_columns(bytes->text(), *format, console_.limits);
    if (!columns) return columns.error();
    Graph scratch(console_.limits);
    ReadOptions options;
    for (const CsvColumn& c : *columns) options.columns.push_back(c.name);
    const auto read = parse(scratch, arguments_.operands[0], options);
    if (!read) return read.error();
    std::vector<NodeId> roots;
    for (const Expr e : read->value.entries) roots.push_back(e.id);
    std::vector<std::string> used = scratch.symbols(roots, Op::column);
    std::erase_if(used, [&](const std::string& name) {
      return std::ranges::find(*columns, name, &CsvColumn::name) == columns->end();
    });
    if (used.empty()) used.push_back(columns->front().name);
    auto table = read_csv(bytes->text(), *format, used, console_.limits);
    if (!table) return table.error();
    table_ = std::move(*table);
  }
  for (const std::string_view text : arguments_.values("at")) {
    auto point = read_point(text, console_.limits);
    if (!point) return point.error();
    for (Point::Entry& entry : point->entries) {
      if (!entry.is_column) {
        known_.push_back({entry.name, entry.number});
        continue;
      }
      if (!table_.names.empty() && entry.column.size() != table_.rows) {
        return Diagnostic{.code = "E306",
                          .message = "'" + entry.name + "' has " +
                                     std::to_string(entry.column.size()) + " rows, not " +
                                     std::to_string(table_.rows),
                          .span = {}};
      }
      table_.rows = entry.column.size();
      table_.names.push_back(entry.name);
      table_.columns.push_back(std::move(entry.column));
    }
  }
  return std::nullopt;
}

std::optional<Diagnostic> Minimizing::read() {
  if (arguments_.operands.size() != 1) {
    return Diagnostic{.code = "U503",
                      .message = "minimize takes one expression",
                      .span = {},
                      .hint = "the shell takes words apart: put the expression in quotes"};
  }
  auto search_options = read_search_options(arguments_, console_.limits);
  if (!search_options) return search_options.error();
  options_ = std::move(*search_options);
  if (options_.method == "lm") {
    return Diagnostic{.code = "F906",
                      .message = "lm is for fits; an expression has no residuals",
                      .span = {},
                      .hint = "newton is the default"};
  }
  if (auto error = read_data()) return error;
  ReadOptions options;
  options.strict = console_.strict;
  options.columns = table_.names;
  for (const std::string_view name : split_list(arguments_.value("variables")))
    options.variables.emplace_back(name);
  for (const auto& value : options_.from) options.variables.push_back(value.name);
  Scope scope;
  auto statements = parse_statements(graph_, scope, arguments_.operands[0], options);
  if (!statements) return statements.error();
  if (statements->empty())
    return Diagnostic{.code = "P013", .message = "nothing to read here", .span = {}};
  const Statement& last = statements->back();
  for (const Statement& s : *statements)
    notes_.insert(notes_.end(), s.notes.begin(), s.notes.end());
  std::erase_if(notes_, [](const Diagnostic& d) { return d.code == "S714"; });
  if (!last.value.is_scalar()) {
    return Diagnostic{
        .code = "U505", .message = "what is made small is one number", .span = last.span};
  }
  loss_ = last.value.scalar();
  asked_ = print(loss_);
  // x = [1, 2, 3] in the text is data, too.
  for (const std::string& name : graph_.symbols({&loss_.id, 1}, Op::column)) {
    const Definition* known = scope.find(name);
    if (!known || known->kind != Definition::Kind::data) continue;
    std::vector<double> column;
    for (const Expr e : known->value.entries) column.push_back(closed_value(e).value_or(0));
    table_.rows = column.size();
    table_.names.push_back(name);
    table_.columns.push_back(std::move(column));
  }
  std::vector<Replacement> values;
  for (const std::string& name : graph_.symbols({&loss_.id, 1})) {
    const auto given = std::ranges::find(known_, name, &SearchOptions::Value::name);
    const Definition* known = scope.find(name);
    if (given != known_.end()) {
      values.push_back({symbol(graph_, name), real(graph_, given->number)});
    } else if (known && known->kind == Definition::Kind::number &&
               std::ranges::find(options_.from, name, &SearchOptions::Value::name) ==
                   options_.from.end()) {
      values.push_back({symbol(graph_, name), known->value.scalar()});
    } else if (name == "n" && (node(loss_).flags & has_data_sum) &&
               std::ranges::find(last.variables, name) == last.variables.end()) {
      continue;  // the number of rows
    } else {
      parameters_.push_back(name);
    }
  }
  // In the order of the text; those of a function in the order of its parameters.
  std::ranges::stable_sort(parameters_, {}, [&](const std::string& name) {
    return std::ranges::find(last.variables, name) - last.variables.begin();
  });
  const bool rows_counted =
      node(loss_).flags & has_data_sum &&
      std::ranges::find(parameters_, "n") != parameters_.end() &&
      std::ranges::none_of(options_.from, [](const auto& v) { return v.name == "n"; });
  if (rows_counted) {
    std::erase(parameters_, "n");
    values.push_back({symbol(graph_, "n"), data_sum(number(graph_, 1))});
  }
  if (!values.empty()) loss_ = substitute(loss_, values);
  // A start for a name that is not there: the value does not depend on it, and it stays.
  for (const auto& value : options_.from) {
    if (is_identifier(value.name) &&
        std::ranges::find(parameters_, value.name) == parameters_.end())
      parameters_.push_back(value.name);
  }
  if (parameters_.empty()) {
    return Diagnostic{.code = "F902",
                      .message = "the expression has no free names: there is nothing to choose",
                      .span = last.span};
  }
  for (const std::string& parameter : parameters_) {
    const Expr x = symbol(graph_, parameter);
    if (options_.l1 > 0) loss_ = loss_ + options_.l1 * call("abs"_fn, x);
    if (options_.l2 > 0) loss_ = loss_ + options_.l2 * (x * x);
  }
  return std::nullopt;
}

void Minimizing::print_text(const Searched& searched) {
  const Found& found = searched.found;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    std::string line = parameters_[i] + "=";
    append_number(line, found.at[i], console_.digits);
    console_.out << line << '\n';
  }
  std::string line = "value=";
  append_number(line, found.value, console_.digits);
  line += ", gradient_norm=";
  append_number(line, found.gradient_norm, 5);
  console_.out << line << '\n';
  if (searched.sums > 0) {
    console_.out << "the data were read once, into " << std::to_string(searched.sums) << " sums\n";
  }
  console_.out << ending(found, options_.descent) << '\n';
}

void Minimizing::print_json(const Searched& searched) {
  const Found& found = searched.found;
  std::string out = "{\"ok\":true,\"command\":\"minimize\",\"read_as\":";
  append_json(out, asked_);
  append_object(out, "minimizer", parameters_, found.at);
  append_field(out, "value", found.value);
  append_field(out, "gradient_norm", found.gradient_norm);
  append_field(out, "iterations", static_cast<double>(found.iterations));
  append_field(out, "evaluations", static_cast<double>(found.evaluations));
  out += std::string(",\"converged\":") + (found.reason == Reason::converged ? "true" : "false");
  out += ",\"reason\":";
  append_json(out, ending(found, options_.descent));
  out += ",\"kind\":";
  append_json(out, name_of(found.kind));
  if (found.largest_stable_rate > 0)
    append_field(out, "largest_stable_rate", found.largest_stable_rate);
  if (searched.sums > 0) append_field(out, "sums", static_cast<double>(searched.sums));
  out += ",\"notes\":";
  append_json(out, notes_, arguments_.operands);
  console_.out << out << "}\n";
}

Exit Minimizing::run() {
  const std::string text = arguments_.operands.empty() ? "" : arguments_.operands[0];
  if (auto error = read()) return report(console_, *error, text);
  auto start = start_for(options_, parameters_, 0);
  if (!start) return report(console_, start.error(), text);
  // 0 is where people begin; where it has no value, or is no more than a saddle, others are tried.
  const Data data = table_.view();
  Start first = *start;
  if (options_.starts <= 1) first.given.assign(first.given.size(), true);
  auto searched = search(console_, loss_, parameters_, data, options_, first);
  const bool all_given = std::ranges::all_of(start->given, [](bool b) { return b; });
  const auto fruitless = [&] {
    const Reason reason = searched->found.reason;
    return reason == Reason::not_finite ||
           (reason == Reason::flat && searched->found.iterations == 0);
  };
  if (searched && !all_given && fruitless())
    searched = search(console_, loss_, parameters_, data, options_, *start);
  if (!searched) return report(console_, searched.error(), text);
  if (console_.json) {
    print_json(*searched);
  } else {
    report_notes(console_, notes_, text);
    print_text(*searched);
  }
  if (options_.plot || !options_.svg.empty()) {
    std::vector<Chart> charts;
    if (searched->watcher->seen().size() > 1) charts.push_back(loss_curve(*searched->watcher));
    if (auto path = descent_path(loss_, parameters_, data, *searched->watcher, searched->found.at))
      charts.push_back(std::move(*path));
    if (const auto error = draw(console_, charts, options_.plot && !console_.json, options_.svg))
      return report(console_, *error, text);
  }
  return exit_of(console_, searched->found.reason);
}

}  // namespace

Exit minimize(Console& console, const Arguments& arguments) {
  return Minimizing(console, arguments).run();
}

}  // namespace nabla
