#include "cli/evaluate.hpp"

#include <algorithm>

#include "lib/eval/function.hpp"

namespace nabla {
namespace {

const Point::Entry* find(const Point& point, std::string_view name) {
  const auto found = std::ranges::find(point.entries, name, &Point::Entry::name);
  return found == point.entries.end() ? nullptr : &*found;
}

std::optional<double> number_for(const Scope& scope, const Point& point, const std::string& name) {
  if (const auto* entry = find(point, name)) {
    if (!entry->is_column) return entry->number;
    return std::nullopt;
  }
  const Definition* definition = scope.find(name);
  if (!definition || definition->kind != Definition::Kind::number) return std::nullopt;
  return closed_value(definition->value.scalar());
}

// Values of a definition such as x = [1, 2, 3].
std::optional<std::vector<double>> column_for(const Scope& scope, const Point& point,
                                              const std::string& name) {
  if (const auto* entry = find(point, name)) {
    if (entry->is_column) return entry->column;
    return std::nullopt;
  }
  const Definition* definition = scope.find(name);
  if (!definition || definition->kind != Definition::Kind::data) return std::nullopt;
  std::vector<double> column;
  for (const Expr entry : definition->value.entries) {
    const auto value = closed_value(entry);
    if (!value) return std::nullopt;
    column.push_back(*value);
  }
  return column;
}

Diagnostic no_value(const std::string& name, bool column) {
  return {.code = column ? "E302" : "E301",
          .message = (column ? "no data for '" : "no value for '") + name + "'",
          .span = {},
          .hint = column ? "give a list: " + name + "=[1, 2, 3]" : "give one: " + name + "=1"};
}

// One point of the compiled expressions.
Row row_at(const Function& function, const Scope& scope, const Point& point,
           const std::vector<std::string>& names, const std::vector<std::string>& column_names,
           std::size_t outputs, bool sums, const Stop* stop) {
  std::vector<double> in;
  for (const std::string& name : names) {
    const auto value = number_for(scope, point, name);
    if (!value) return {.values = {}, .missing = no_value(name, false)};
    in.push_back(*value);
  }
  std::vector<std::vector<double>> columns;
  for (const std::string& name : column_names) {
    auto column = column_for(scope, point, name);
    if (!column) return {.values = {}, .missing = no_value(name, true)};
    if (!columns.empty() && column->size() != columns.front().size()) {
      return {
          .values = {},
          .missing = Diagnostic{.code = "E306",
                                .message = "'" + name + "' has " + std::to_string(column->size()) +
                                           " rows, '" + column_names.front() + "' has " +
                                           std::to_string(columns.front().size()),
                                .span = {}}};
    }
    columns.push_back(std::move(*column));
  }
  Row row{.values = std::vector<double>(outputs)};
  if (sums) {
    Data data;
    data.names = column_names;
    for (const auto& column : columns) data.columns.emplace_back(column);
    data.rows = columns.empty() ? 0 : columns.front().size();
    function(in, row.values, data, stop);
  } else {
    function(in, row.values, stop);
  }
  return row;
}

}  // namespace

std::optional<double> closed_value(Expr e) {
  if (node(e).is_number()) return e.graph->value_of_number(node(e));
  if (node(e).flags & depends_on_symbol) return std::nullopt;
  const auto value = evaluate(e, {});
  if (!value && value.error().code.starts_with('L')) throw LimitError(value.error());
  return value ? std::optional(*value) : std::nullopt;
}

Result<Rows> evaluate_at(Graph& graph, const Scope& scope, std::span<const Expr> expressions,
                         std::span<const Point> points) {
  std::vector<NodeId> roots;
  bool sums = false;
  for (const Expr e : expressions) {
    roots.push_back(e.id);
    sums = sums || (node(e).flags & has_data_sum);
  }
  std::vector<std::string> names = graph.symbols(roots);
  const auto is_given = [&](const std::string& name) {
    return std::ranges::any_of(
        points, [&](const Point& p) { return number_for(scope, p, name).has_value(); });
  };
  // The number of rows, when nobody says otherwise; see record() of the tape.
  if (sums)
    std::erase_if(names, [&](const std::string& name) { return name == "n" && !is_given(name); });

  std::vector<Expr> inputs;
  inputs.reserve(names.size());
  for (const std::string& name : names) inputs.push_back(symbol(graph, name));
  const auto function = Function::compile(inputs, expressions);
  if (!function) return function.error();

  Rows result;
  // that n counts the rows has been said where it was read
  for (const Diagnostic& note : function->notes()) {
    if (note.code != "S701") result.notes.push_back(note);
  }
  sums = function->needs_data();
  const std::vector<std::string> columns = graph.symbols(roots, Op::column);
  for (const Point& point : points) {
    result.rows.push_back(row_at(*function, scope, point, names, columns, expressions.size(), sums,
                                 graph.limits.stop));
  }
  return result;
}

}  // namespace nabla
