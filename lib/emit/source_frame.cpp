// What stands around the operations of a generated function: comment, signature, declarations.

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "lib/core/graph.hpp"
#include "lib/emit/print.hpp"
#include "lib/emit/source_writer.hpp"

namespace nabla {

namespace {

constexpr std::size_t longest_comment = 400;  // a formula beyond is left out of the comment

}  // namespace

std::string broken(std::string_view text, std::size_t longest, std::string_view indent) {
  std::string lines;
  while (longest != 0 && indent.size() + text.size() > longest) {
    const std::size_t blank = text.rfind(' ', longest - indent.size() - 2);
    if (blank == text.npos || blank == 0) break;
    lines += fmt::format("{}{} &\n", indent, text.substr(0, blank));
    text.remove_prefix(blank + 1);
  }
  return lines + fmt::format("{}{}\n", indent, text);
}

std::string SourceWriter::comment() const {
  std::vector<std::string> lines;
  std::string formula;
  try {
    formula = print(request_.shown.value_or(request_.function), {.max_bytes = longest_comment});
  } catch (const LimitError&) {
    formula = "(too long to show)";
  }
  lines.push_back(fmt::format("{}({}) = {}", request_.name, join(formulas_.inputs), formula));

  // What the formula calls by another name than the code.
  std::vector<std::string> renamed;
  for (std::size_t i = 0; i < formulas_.inputs.size(); ++i) {
    if (formulas_.inputs[i] != t_.input_names[i]) {
      renamed.push_back(fmt::format("{} is {}", t_.input_names[i], formulas_.inputs[i]));
    }
  }
  for (std::size_t i = 0; i < formulas_.columns.size(); ++i) {
    if (formulas_.columns[i] != t_.column_names[i]) {
      renamed.push_back(fmt::format("column {} is {}", t_.column_names[i], formulas_.columns[i]));
    }
  }
  if (!renamed.empty()) lines.push_back(fmt::format("Here {}.", join(renamed)));
  if (!formulas_.columns.empty()) {
    lines.push_back(
        fmt::format("Sums run over the rows of {}, from first to last.", join(formulas_.columns)));
  }
  const bool stores = !d_.layout.store.empty() && !d_.layout.returns_arrays;
  std::vector<std::string> results;
  if (request_.value) results.push_back("the value");
  if (!stores && !request_.gradient.empty()) results.push_back("the gradient");
  if (!stores && !request_.hessian.empty()) results.push_back("the Hessian as a list of rows");
  if (!results.empty()) lines.push_back(fmt::format("Returns {}.", join(results)));
  if (stores && !request_.gradient.empty()) {
    std::vector<std::string> by;
    for (const Expr x : request_.variables) {
      const auto found = std::ranges::find(request_.inputs, x) - request_.inputs.begin();
      by.push_back(formulas_.inputs[static_cast<std::size_t>(found)]);
    }
    lines.push_back(fmt::format("{}[{}]: the derivatives by {}.", gradient_,
                                request_.gradient.size(),
                                join(by.empty() ? formulas_.inputs : by)));
  }
  if (stores && !request_.hessian.empty()) {
    lines.push_back(fmt::format("{}[{}]: the second derivatives, row by row.", hessian_,
                                request_.hessian.size()));
  }
  if (!d_.caveat.empty()) lines.emplace_back(d_.caveat);

  std::string text;
  const std::string_view indent = d_.layout.comment_inside ? "    " : "";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool last = i + 1 == lines.size();
    text +=
        fmt::format("{}{}{}{}\n", indent, i == 0 ? d_.layout.comment_open : d_.layout.comment_line,
                    lines[i], last ? d_.layout.comment_close : "");
  }
  return text;
}

std::string SourceWriter::signature() const {
  const Layout& layout = d_.layout;
  std::vector<std::string> parameters;
  const auto declare = [&](std::string_view pattern, const std::string& name) {
    if (!pattern.empty()) parameters.push_back(fill(pattern, {{'n', name}}));
  };
  for (const std::string& name : formulas_.inputs) declare(layout.number_parameter, name);
  for (const std::string& name : formulas_.columns) declare(layout.column_parameter, name);
  if (has_rows()) {
    // Without a column nothing tells the number of rows but a parameter.
    declare(formulas_.columns.empty() && layout.count_parameter.empty() ? layout.number_parameter
                                                                        : layout.count_parameter,
            formulas_.rows);
  }
  std::vector<std::string> results;
  if (request_.value) results.push_back(value_);
  for (const auto& [name, count] : {std::pair(gradient_, request_.gradient.size()),
                                    std::pair(hessian_, request_.hessian.size())}) {
    if (count == 0) continue;
    if (layout.returns_arrays) {
      results.push_back(name);
    } else {
      declare(layout.array_parameter, name);
    }
  }
  const bool other = !request_.value && !layout.open_without_value.empty();
  return fill(other ? layout.open_without_value : layout.open,
              {{'r', request_.value ? layout.value_type : layout.no_type},
               {'n', request_.name},
               {'p', parameters.empty() ? std::string(layout.no_parameters) : join(parameters)},
               {'o', join(results)}});
}

// What languages with declarations or array types need before the first operation.
void SourceWriter::write_declarations() {
  const Layout& layout = d_.layout;
  for (const std::string& name : formulas_.inputs) line_of(layout.declare_number, {{'n', name}});
  if (has_rows()) line_of(layout.declare_count, {{'n', formulas_.rows}});
  for (const std::string& name : formulas_.columns) {
    line_of(layout.declare_column, {{'n', name}, {'k', formulas_.rows}});
  }
  for (const auto& [name, count] : {std::pair(gradient_, request_.gradient.size()),
                                    std::pair(hessian_, request_.hessian.size())}) {
    if (count != 0) line_of(layout.declare_array, {{'n', name}, {'k', std::to_string(count)}});
  }
  if (request_.value) line_of(layout.declare_value, {{'o', value_}});
}

// Definitions for that place that the code uses, and those that these use.
std::string SourceWriter::helpers(HelperPlace place) const {
  std::string text = body_, found;
  for (const Helper& helper : d_.helpers) {
    if (text.find(helper.word) == text.npos) continue;
    if (helper.at == place) found += helper.text;
    text += helper.text;
  }
  return found;
}

SourceParts SourceWriter::write() {
  name_everything();
  choose_temporaries();
  write_declarations();
  const std::string declared = std::exchange(body_, {});
  for (const std::string& name : formulas_.inputs) {
    line_of(d_.layout.prepare_number, {{'n', name}});
  }
  line_of(d_.layout.prepare, {{'p', join(formulas_.inputs)}});
  if (!request_.gradient.empty()) {
    line_of(d_.layout.make_gradient,
            {{'n', gradient_}, {'k', std::to_string(request_.gradient.size())}});
  }
  if (!request_.hessian.empty()) {
    line_of(d_.layout.make_hessian, {{'n', hessian_},
                                     {'k', std::to_string(request_.hessian.size())},
                                     {'m', std::to_string(request_.inputs.size())}});
  }
  const auto declare_unused = [&](std::uint32_t leaf, const std::string& name) {
    if (!used_leaves_[leaf] && !d_.statements.unused.empty()) {
      line(fill(d_.statements.unused, {{'n', name}}));
    }
  };
  for (std::uint32_t i = 0; i < formulas_.inputs.size(); ++i)
    declare_unused(i, formulas_.inputs[i]);
  for (std::uint32_t i = 0; i < formulas_.columns.size(); ++i) {
    declare_unused(t_.first_column() + i, formulas_.columns[i]);
  }
  if (!t_.needs_data() && has_rows() && !d_.layout.count_parameter.empty()) {
    declare_unused(t_.row_count(), formulas_.rows);
  }
  if (t_.needs_data() && !formulas_.columns.empty()) {
    line(fill(d_.layout.count_rows, {{'n', formulas_.rows}, {'v', formulas_.columns.front()}}));
  }
  write_operations();
  write_outputs();

  if (t_.needs_data() && !d_.layout.declare_index.empty()) {
    const bool loops = std::ranges::any_of(t_.segments, &Segment::loop);
    if (loops) {
      temporaries_text_ +=
          fmt::format("    {}\n", fill(d_.layout.declare_index, {{'n', formulas_.index}}));
    }
  }
  return assemble(declared);
}

SourceParts SourceWriter::assemble(std::string_view declared) const {
  const Layout& layout = d_.layout;
  SourceParts parts;
  const auto before = [&](std::string piece) {
    if (!piece.empty()) parts.head.push_back(std::move(piece));
  };
  before(std::string(layout.head));
  if (has_rows()) before(std::string(layout.data_head));
  for (const std::string& declaration : declarations_) before(declaration);
  before(helpers(HelperPlace::head));
  std::string& text = parts.function;
  if (!layout.comment_inside) text += comment();
  if (local_) text += layout.local;
  text += broken(signature(), layout.longest_line, "");
  if (layout.comment_inside) text += comment();
  text += helpers(HelperPlace::top);
  if (!layout.preamble.empty()) text += fmt::format("    {}\n", layout.preamble);
  text += helpers(HelperPlace::body);
  text += declared;
  text += temporaries_text_;
  text += body_;
  const bool other = !request_.value && !layout.close_without_value.empty();
  const std::string_view close = other ? layout.close_without_value : layout.close;
  if (!close.empty()) text += fmt::format("{}\n", fill(close, {{'n', request_.name}}));
  text += helpers(HelperPlace::tail);
  return parts;
}

}  // namespace nabla
