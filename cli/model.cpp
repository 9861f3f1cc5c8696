#include "cli/model.hpp"

#include <algorithm>
#include <optional>

#include "lib/core/substitute.hpp"
#include "lib/emit/print.hpp"
#include "parser/parse.hpp"

namespace nabla {
namespace {

bool has_column(std::span<const CsvColumn> data, std::string_view name) {
  return std::ranges::find(data, name, &CsvColumn::name) != data.end();
}

// The data column a name stands for; empty when it stands for none.
std::string column_of(std::span<const CsvColumn> data, const std::string& name) {
  if (has_column(data, name)) return name;
  if (name.ends_with("_i") && has_column(data, name.substr(0, name.size() - 2)))
    return name.substr(0, name.size() - 2);
  return {};
}

// Where the ~ outside brackets stands; nothing unless there is exactly one.
std::optional<std::size_t> tilde(std::string_view text) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '~') continue;
    if (found) return std::nullopt;
    found = i;
  }
  return found;
}

// Columns by their plain names, as the formula has them; not where a sum would lose them.
Expr with_names(Expr e) {
  if (node(e).flags & has_data_sum) return e;
  Graph& g = *e.graph;
  std::vector<Replacement> replacements;
  for (const std::string& name : g.symbols({&e.id, 1}, Op::column))
    replacements.push_back({column(g, name), symbol(g, name)});
  return replacements.empty() ? e : substitute(e, replacements);
}

}  // namespace

Expr with_columns(Expr e, std::span<const CsvColumn> data) {
  Graph& g = *e.graph;
  std::vector<Replacement> replacements;
  for (const std::string& name : g.symbols({&e.id, 1})) {
    const std::string column_name = column_of(data, name);
    if (!column_name.empty()) replacements.push_back({symbol(g, name), column(g, column_name)});
  }
  return replacements.empty() ? e : substitute(e, replacements);
}

Result<Model> read_model(Graph& graph, std::string_view text, std::span<const CsvColumn> data,
                         bool strict) {
  const auto middle = tilde(text);
  if (!middle) {
    return Diagnostic{.code = "F901",
                      .message = "a model is written response ~ formula",
                      .span = {0, text.size()},
                      .hint = "for example 'y ~ w*x + b'"};
  }
  Model model;
  ReadOptions options;
  options.strict = strict;
  for (const CsvColumn& c : data) options.columns.push_back(c.name);
  // Blanks instead of the other side keep the places of errors right.
  std::string left(text), right(text);
  std::fill(left.begin() + static_cast<std::ptrdiff_t>(*middle), left.end(), ' ');
  std::fill_n(right.begin(), *middle + 1, ' ');
  for (const auto& [side, expr] :
       {std::pair(&right, &model.prediction), std::pair(&left, &model.response)}) {
    auto read = parse(graph, *side, options);
    if (!read) return read.error();
    if (!read->value.is_scalar()) {
      return Diagnostic{.code = "N104",
                        .message = "each side of a model is one expression, not a vector",
                        .span = {0, text.size()}};
    }
    const std::string side_text = print(with_names(read->value.scalar()));
    model.text = expr == &model.response ? side_text + " ~ " + model.text : side_text;
    *expr = with_columns(read->value.scalar(), data);
    for (Diagnostic& note : read->notes) {
      // That a column hides a constant or function is what a column is for.
      if (note.code != "S714") model.notes.push_back(std::move(note));
    }
    for (const std::string& name : read->variables) {
      if (column_of(data, name).empty() &&
          std::ranges::find(model.parameters, name) == model.parameters.end()) {
        model.parameters.push_back(name);
      }
    }
  }
  const NodeId sides[] = {model.response.id, model.prediction.id};
  const std::vector<std::string> used = graph.symbols(sides, Op::column);
  for (const CsvColumn& c : data) {
    if (std::ranges::find(used, c.name) != used.end() &&
        std::ranges::find(model.columns, c.name) == model.columns.end()) {
      model.columns.push_back(c.name);
    }
  }
  return model;
}

}  // namespace nabla
