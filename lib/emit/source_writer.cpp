#include "lib/emit/source_writer.hpp"

#include <fmt/format.h>

#include <span>
#include <utility>

#include "lib/core/graph.hpp"
#include "lib/core/stop.hpp"

namespace nabla {

namespace {

constexpr std::size_t longest_formula = 72;  // of an intermediate result; keeps nesting below 50

}  // namespace

std::optional<Diagnostic> SourceWriter::prepare() {
  std::vector<bool> called(t_.functions.size());
  for (std::size_t i = 0; i < t_.op.size(); ++i) {
    if (is_apply(t_.op[i])) called[t_.detail[i]] = true;
  }
  for (std::size_t i = 0; i < called.size(); ++i) {
    if (!called[i]) continue;
    const auto& f = t_.functions[i];
    const UserFunction::Spelling* spelling = f->spelling(d_.name);
    if (spelling == nullptr) {
      return Diagnostic{.code = "G403",
                        .message = fmt::format("{} has no spelling for {}", f->name, d_.name),
                        .span = {},
                        .hint = "the program that defines the function can give it one"};
    }
    // Nothing else may be called what it is made of.
    identifiers_.reserve(spelling->code);
    if (!spelling->declaration.empty()) declarations_.push_back(spelling->declaration + "\n");
  }
  if (!is_identifier(request_.name) || identifiers_.is_reserved(request_.name)) {
    return Diagnostic{.code = "G402",
                      .message = fmt::format("a function in {} cannot be called '{}'", d_.name,
                                             is_identifier(request_.name) ? request_.name : "that"),
                      .span = {},
                      .hint = "use letters, digits and '_', and no word of the language"};
  }
  for (std::size_t i = 0; i < t_.op.size(); ++i) {
    if (t_.op[i] != Primitive::call) continue;
    const Fn fn{t_.detail[i]};
    if (spelling_of(d_, fn) == "-") {
      return Diagnostic{.code = "G403",
                        .message = fmt::format("{} has no function {}", d_.name, row(fn).name),
                        .span = {}};
    }
  }
  return std::nullopt;
}

void SourceWriter::name_everything() {
  (void)identifiers_.take(std::span(&request_.name, 1));
  std::vector<std::string> names = t_.input_names;
  formulas_.inputs = identifiers_.take(names);
  formulas_.columns = identifiers_.take(t_.column_names);
  formulas_.rows = identifiers_.fresh("n");
  formulas_.index = identifiers_.fresh("i");
  gradient_ = identifiers_.fresh("gradient");
  hessian_ = identifiers_.fresh("hessian");
  value_ = identifiers_.fresh("value");
}

// What is used twice gets a name, and what a loop uses but need not compute again in every row.
void SourceWriter::choose_temporaries() {
  const std::uint32_t first = t_.first_operation();
  keep_.assign(t_.op.size(), 0);
  used_leaves_.assign(first, 0);
  std::vector<std::uint8_t> uses(t_.op.size());
  const auto use = [&](std::uint32_t v) {
    if (v < first) {
      used_leaves_[v] = 1;
    } else if (++uses[v - first] > 1) {
      uses[v - first] = 2;
      keep_[v - first] = 1;
    }
  };
  std::uint32_t begin = 0;
  for (const Segment& segment : t_.segments) {
    for (std::uint32_t i = begin; i < segment.end; ++i) {
      for (int k = 0; k < arity(t_.op[i], t_.detail[i]); ++k) {
        const std::uint32_t v = t_.operand(i, k);
        use(v);
        if (segment.loop && v >= first && v - first < begin) keep_[v - first] = 1;
      }
    }
    begin = segment.end;
  }
  for (const std::uint32_t v : t_.outputs) use(v);
}

void SourceWriter::line(std::string_view text) {
  if (!text.empty()) body_ += broken(text, d_.layout.longest_line, indent_);
}

// A pattern of the layout as a line, unless the language has none.
void SourceWriter::line_of(std::string_view pattern, std::initializer_list<Hole> holes) {
  if (!pattern.empty()) line(fill(pattern, holes));
}

std::string SourceWriter::fresh_temporary(std::string_view wanted, Kind kind) {
  const std::string name = identifiers_.fresh(wanted);
  const std::string_view pattern =
      kind == Kind::number ? d_.layout.declare_temporary : d_.layout.declare_condition;
  if (!pattern.empty()) temporaries_text_ += fmt::format("    {}\n", fill(pattern, {{'n', name}}));
  return name;
}

void SourceWriter::check_length() const {
  if (body_.size() > limits_.output_bytes) too_long();
}

void SourceWriter::too_long() const {
  throw LimitError(
      {.code = "L106",
       .message = fmt::format("the code is longer than {} bytes", limits_.output_bytes),
       .span = {},
       .hint = "raise the limit 'output_bytes'"});
}

void SourceWriter::write_operations() {
  StopCheck stop(limits_, 64);
  std::uint32_t begin = 0;
  for (const Segment& segment : t_.segments) {
    std::uint32_t totals = segment.end;
    while (segment.loop && totals > begin && t_.op[totals - 1] == Primitive::total) --totals;
    for (std::uint32_t i = totals; i < segment.end; ++i) {
      formulas_.of_operations[i] = {fresh_temporary(fmt::format("s{}", ++totals_), Kind::number)};
      line(fill(d_.statements.start_total, {{'n', formulas_.of_operations[i].text}}));
    }
    if (segment.loop) {
      line(fill(d_.statements.loop, {{'i', formulas_.index}, {'n', formulas_.rows}}));
      indent_ += "    ";
    }
    for (std::uint32_t i = begin; i < totals; ++i) {
      stop();
      check_length();
      if (t_.op[i] == Primitive::select && !d_.statements.choose.empty()) {
        const std::string name = fresh_temporary(fmt::format("t{}", ++temporaries_), Kind::number);
        line(fill(d_.statements.choose, {{'a', formulas_.operand(t_.a[i], Kind::condition, 0)},
                                         {'b', formulas_.number(t_.b[i])},
                                         {'c', formulas_.number(t_.c[i])},
                                         {'n', name}}));
        formulas_.of_operations[i] = {name};
        continue;
      }
      Formula formula = formulas_.operation(i);
      if (keep_[i] || formula.text.size() > longest_formula) {
        const std::string name = fresh_temporary(fmt::format("t{}", ++temporaries_), formula.kind);
        line(fill(formula.kind == Kind::number ? d_.statements.number : d_.statements.condition,
                  {{'n', name}, {'v', formula.text}}));
        formula = {name, 9, formula.kind};
      }
      formulas_.of_operations[i] = std::move(formula);
    }
    for (std::uint32_t i = totals; i < segment.end; ++i) {
      line(fill(d_.statements.add_row,
                {{'n', formulas_.of_operations[i].text}, {'v', formulas_.number(t_.a[i])}}));
    }
    if (segment.loop) {
      indent_.resize(indent_.size() - 4);
      line(d_.statements.end_loop);
    }
    begin = segment.end;
  }
}

void SourceWriter::write_outputs() {
  std::size_t at = request_.value ? 1 : 0;
  std::vector<std::string> results;
  if (request_.value) {
    const std::string value = formulas_.number(t_.outputs[0]);
    results.push_back(d_.layout.value.empty() ? value : fill(d_.layout.value, {{'v', value}}));
  }
  const auto array = [&](const std::string& name, std::size_t count, std::size_t columns) {
    if (count == 0) return;
    std::vector<std::string> entries;
    for (std::size_t i = 0; i < count; ++i) entries.push_back(formulas_.number(t_.outputs[at + i]));
    at += count;
    if (!d_.layout.store.empty()) {
      for (std::size_t i = 0; i < count; ++i) {
        const std::string at_index = std::to_string(i + d_.layout.first_index);
        line(fill(d_.layout.store, {{'n', name}, {'i', at_index}, {'v', entries[i]}}));
      }
      if (columns != 0) {
        line_of(d_.layout.finish_hessian, {{'n', name}, {'m', std::to_string(columns)}});
      }
      if (d_.layout.returns_arrays && !d_.layout.named_results) results.push_back(name);
      return;
    }
    // Written as a list, one row a line.
    const std::size_t rows = columns == 0 ? 1 : count / columns;
    line(fmt::format("{} = [", name));
    for (std::size_t r = 0; r < rows; ++r) {
      const std::span row(entries.data() + r * (count / rows), count / rows);
      line(columns == 0 ? fmt::format("    {},", join(row, ",\n        "))
                        : fmt::format("    [{}],", join(row)));
    }
    line("]");
    results.push_back(name);
  };
  array(gradient_, request_.gradient.size(), 0);
  array(hessian_, request_.hessian.size(), request_.inputs.size());
  if (!results.empty()) line(fill(d_.layout.result, {{'v', join(results)}, {'o', value_}}));
}

}  // namespace nabla
