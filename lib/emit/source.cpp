#include "lib/emit/source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "lib/core/graph.hpp"
#include "lib/core/stop.hpp"
#include "lib/emit/dialects.hpp"
#include "lib/emit/formula.hpp"
#include "lib/emit/names.hpp"
#include "lib/emit/print.hpp"
#include "lib/eval/tape.hpp"

namespace nabla {

namespace {

constexpr std::size_t longest_formula = 72;   // of an intermediate result; keeps nesting below 50
constexpr std::size_t longest_comment = 400;  // a formula beyond is left out of the comment

std::string join(const auto& parts, std::string_view between = ", ") {
  std::string text;
  for (const auto& part : parts) {
    if (!text.empty()) text += between;
    text += part;
  }
  return text;
}

class Writer {
 public:
  Writer(const SourceRequest& request, const Dialect& dialect, const Tape& tape,
         const Limits& limits, bool local)
      : request_(request),
        local_(local),
        d_(dialect),
        t_(tape),
        limits_(limits),
        identifiers_(dialect),
        formulas_(dialect, tape) {}

  std::optional<Diagnostic> prepare();
  SourceParts write();
  [[noreturn]] void too_long() const;

 private:
  bool has_rows() const { return t_.needs_data() || !t_.column_names.empty(); }
  void name_everything();
  void choose_temporaries();
  void write_operations();
  void write_outputs();
  std::string comment() const;
  std::string signature() const;

  void write_declarations();
  std::string helpers(HelperPlace) const;
  SourceParts assemble(std::string_view declared) const;

  void line(std::string_view text);
  void line_of(std::string_view pattern, std::initializer_list<Hole> holes);
  std::string fresh_temporary(std::string_view wanted, Kind);
  void check_length() const;

  const SourceRequest& request_;
  bool local_;
  const Dialect& d_;
  const Tape& t_;
  const Limits& limits_;
  Identifiers identifiers_;

  Formulas formulas_;
  std::string gradient_, hessian_, value_;
  std::vector<std::string> declarations_;  // of the program's functions
  std::string temporaries_text_;           // declarations of temporaries, where they stand first
  std::vector<std::uint8_t> keep_;         // an operation that gets a name
  std::vector<std::uint8_t> used_leaves_;  // inputs, columns and the number of rows that occur
  std::size_t temporaries_ = 0, totals_ = 0;
  std::string body_, indent_ = "    ";
};

std::optional<Diagnostic> Writer::prepare() {
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

void Writer::name_everything() {
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
void Writer::choose_temporaries() {
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

// A statement as lines that are no longer than the language allows; 0: one line.
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

void Writer::line(std::string_view text) {
  if (!text.empty()) body_ += broken(text, d_.layout.longest_line, indent_);
}

// A pattern of the layout as a line, unless the language has none.
void Writer::line_of(std::string_view pattern, std::initializer_list<Hole> holes) {
  if (!pattern.empty()) line(fill(pattern, holes));
}

std::string Writer::fresh_temporary(std::string_view wanted, Kind kind) {
  const std::string name = identifiers_.fresh(wanted);
  const std::string_view pattern =
      kind == Kind::number ? d_.layout.declare_temporary : d_.layout.declare_condition;
  if (!pattern.empty()) temporaries_text_ += fmt::format("    {}\n", fill(pattern, {{'n', name}}));
  return name;
}

void Writer::check_length() const {
  if (body_.size() > limits_.output_bytes) too_long();
}

void Writer::too_long() const {
  throw LimitError(
      {.code = "L106",
       .message = fmt::format("the code is longer than {} bytes", limits_.output_bytes),
       .span = {},
       .hint = "raise the limit 'output_bytes'"});
}

void Writer::write_operations() {
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

void Writer::write_outputs() {
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

std::string Writer::comment() const {
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

std::string Writer::signature() const {
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
void Writer::write_declarations() {
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
std::string Writer::helpers(HelperPlace place) const {
  std::string text = body_, found;
  for (const Helper& helper : d_.helpers) {
    if (text.find(helper.word) == text.npos) continue;
    if (helper.at == place) found += helper.text;
    text += helper.text;
  }
  return found;
}

SourceParts Writer::write() {
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

SourceParts Writer::assemble(std::string_view declared) const {
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

}  // namespace

const Dialect* find_dialect(std::string_view name) {
  const Dialect* found = nullptr;
  for (const Dialect& d : dialects) {
    for_each_spelling(d.name, d.aliases, [&](std::string_view s) {
      if (s == name) found = &d;
    });
  }
  return found;
}

std::vector<std::string_view> languages() {
  std::vector<std::string_view> names;
  names.reserve(std::size(dialects));
  for (const Dialect& d : dialects) names.push_back(d.name);
  return names;
}

Result<std::string> generate(const SourceRequest& request) {
  const auto parts = generate_parts(request);
  if (!parts) return parts.error();
  std::string text;
  for (const std::string& piece : parts->head) text += piece;
  if (!text.empty()) text += find_dialect(request.language)->layout.comment_inside ? "\n\n" : "\n";
  return text + parts->function;
}

Result<SourceParts> generate_parts(const SourceRequest& request, bool local) {
  const Dialect* dialect = find_dialect(request.language);
  if (dialect == nullptr) {
    return Diagnostic{
        .code = "G401",
        .message = fmt::format("no language is called '{}'", request.language.substr(0, 40)),
        .span = {},
        .hint = fmt::format("there are {}", join(languages()))};
  }
  std::vector<Expr> outputs;
  if (request.value) outputs.push_back(request.function);
  outputs.insert(outputs.end(), request.gradient.begin(), request.gradient.end());
  outputs.insert(outputs.end(), request.hessian.begin(), request.hessian.end());
  if (outputs.empty()) {
    return Diagnostic{.code = "G404",
                      .message = "nothing is asked of the function",
                      .span = {},
                      .hint = "ask for the value, the gradient or the Hessian"};
  }
  const auto tape = record(request.inputs, outputs, request.columns);
  if (!tape) return tape.error();
  const bool chooses = std::ranges::find(tape->op, Primitive::select) != tape->op.end();
  if (chooses && dialect->with_choices != nullptr) dialect = dialect->with_choices;
  try {
    Writer writer(request, *dialect, *tape, outputs.front().graph->limits, local);
    if (auto error = writer.prepare()) return *error;
    SourceParts parts = writer.write();
    if (parts.function.size() > outputs.front().graph->limits.output_bytes) writer.too_long();
    return parts;
  } catch (const LimitError& error) {
    return error.diagnostic();
  } catch (const std::bad_alloc&) {
    return out_of_memory();
  }
}

}  // namespace nabla
