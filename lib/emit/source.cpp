#include "lib/emit/source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "lib/core/graph.hpp"
#include "lib/emit/dialects.hpp"
#include "lib/emit/names.hpp"
#include "lib/emit/numerals.hpp"
#include "lib/emit/print.hpp"
#include "lib/eval/tape.hpp"

namespace nabla {

namespace {

constexpr std::size_t longest_formula = 72;   // of an intermediate result; keeps nesting below 50
constexpr std::size_t longest_comment = 400;  // a formula beyond is left out of the comment

const Dialect* find_dialect(std::string_view name) {
  const Dialect* found = nullptr;
  for (const Dialect& d : dialects) {
    for_each_spelling(d.name, d.aliases, [&](std::string_view s) {
      if (s == name) found = &d;
    });
  }
  return found;
}

// `pattern` with #x replaced for each pair {x, text}.
struct Hole {
  char key;
  std::string_view text;
};
std::string fill(std::string_view pattern, std::initializer_list<Hole> holes) {
  std::string result;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '#' && i + 1 < pattern.size()) {
      const auto hole = std::ranges::find(holes, pattern[i + 1], &Hole::key);
      if (hole != holes.end()) {
        result += hole->text;
        ++i;
        continue;
      }
    }
    result += pattern[i];
  }
  return result;
}

std::string join(const auto& parts, std::string_view between = ", ") {
  std::string text;
  for (const auto& part : parts) {
    if (!text.empty()) text += between;
    text += part;
  }
  return text;
}

// A formula in the target language, and how tightly it holds together.
struct Formula {
  std::string text;
  int level = 9;
  Kind kind = Kind::number;
};

class Writer {
 public:
  Writer(const SourceRequest& request, const Dialect& dialect, const Tape& tape)
      : request_(request), d_(dialect), t_(tape), identifiers_(dialect) {}

  std::optional<Diagnostic> prepare();
  std::string write();

 private:
  bool has_rows() const { return t_.needs_data() || !t_.column_names.empty(); }
  void name_everything();
  void choose_temporaries();
  void write_operations();
  void write_outputs();
  std::string comment() const;
  std::string signature() const;

  Formula value(std::uint32_t v) const;
  Formula constant(double x) const;
  Formula operation(std::size_t at) const;
  std::string operand(std::uint32_t v, Kind wanted, int level) const;
  std::string number(std::uint32_t v) const { return operand(v, Kind::number, 0); }
  void line(std::string_view text);

  const SourceRequest& request_;
  const Dialect& d_;
  const Tape& t_;
  Identifiers identifiers_;

  std::vector<std::string> inputs_, columns_;  // spellings
  std::string rows_, index_, gradient_, hessian_;
  std::vector<std::uint8_t> keep_;  // an operation that gets a name
  std::vector<Formula> formulas_;   // of the operations so far: a name, or text to put in place
  std::vector<std::uint8_t> used_leaves_;  // inputs, columns and the number of rows that occur
  std::size_t temporaries_ = 0, totals_ = 0;
  std::string body_, indent_ = "    ";
};

std::optional<Diagnostic> Writer::prepare() {
  if (!is_identifier(request_.name) || identifiers_.is_reserved(request_.name)) {
    return Diagnostic{.code = "G402",
                      .message = fmt::format("a function in {} cannot be called '{}'", d_.name,
                                             is_identifier(request_.name) ? request_.name : "that"),
                      .span = {},
                      .hint = "use letters, digits and '_', and no word of the language"};
  }
  for (std::size_t i = 0; i < t_.op.size(); ++i) {
    if (t_.op[i] != Primitive::call) continue;
    const FunctionRow& f = row(Fn{t_.detail[i]});
    if (f.*d_.column == "-") {
      return Diagnostic{.code = "G403",
                        .message = fmt::format("{} has no function {}", d_.name, f.name),
                        .span = {}};
    }
  }
  return std::nullopt;
}

void Writer::name_everything() {
  (void)identifiers_.take(std::span(&request_.name, 1));
  std::vector<std::string> names = t_.input_names;
  inputs_ = identifiers_.take(names);
  columns_ = identifiers_.take(t_.column_names);
  rows_ = identifiers_.fresh("n");
  index_ = identifiers_.fresh("i");
  gradient_ = identifiers_.fresh("gradient");
  hessian_ = identifiers_.fresh("hessian");
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

Formula Writer::constant(double x) const {
  if (std::isnan(x)) return {std::string(d_.not_a_number)};
  const std::string magnitude = std::isinf(x) ? std::string(d_.infinity) : numeral(std::fabs(x));
  if (!std::signbit(x)) return {magnitude};
  const Spelling& negate = d_.spellings[static_cast<std::size_t>(Primitive::negate)];
  return {fill(negate.text, {{'a', magnitude}}), negate.level};
}

Formula Writer::value(std::uint32_t v) const {
  if (v < t_.first_column()) return {inputs_[v]};
  if (v < t_.row_count()) {
    return {fill(d_.statements.element, {{'n', columns_[v - t_.first_column()]}, {'i', index_}})};
  }
  if (v == t_.row_count()) {
    return {fill(d_.number_of_rows.text, {{'a', rows_}}), d_.number_of_rows.level};
  }
  if (v < t_.first_operation()) return constant(t_.constants[v - t_.first_constant()]);
  return formulas_[v - t_.first_operation()];
}

std::string Writer::operand(std::uint32_t v, Kind wanted, int level) const {
  Formula f = value(v);
  const auto parenthesised = [](Formula& formula, int at_least) {
    return formula.level < at_least ? fmt::format("({})", formula.text) : std::move(formula.text);
  };
  if (f.kind != wanted) {
    const Spelling& as = wanted == Kind::number ? d_.number_of_condition : d_.condition_of_number;
    const std::string inner = parenthesised(f, as.operands[0]);
    f = {fill(as.text, {{'a', inner}}), as.level, wanted};
  }
  return parenthesised(f, level);
}

Formula Writer::operation(std::size_t at) const {
  const Primitive op = t_.op[at];
  const int count = arity(op, t_.detail[at]);
  if (op == Primitive::call) {
    const FunctionRow& f = row(Fn{t_.detail[at]});
    const std::string_view own = f.*d_.column;
    std::string operands = number(t_.a[at]);
    if (count == 2) operands += fmt::format(", {}", number(t_.b[at]));
    if (own.find('#') != own.npos) {
      const std::size_t hole = own.find('#');
      return {fmt::format("{}{}{}", own.substr(0, hole), operands, own.substr(hole + 1))};
    }
    return {own.empty() ? fmt::format("{}{}({})", d_.name_prefix, f.name, operands)
                        : fmt::format("{}{}({})", d_.own_prefix, own, operands)};
  }
  const PrimitiveRow& primitive = row(op);
  const Spelling& spelling = d_.spellings[static_cast<std::size_t>(op)];
  const std::string a = operand(t_.a[at], primitive.first, spelling.operands[0]);
  const std::string b =
      count > 1 ? operand(t_.b[at], primitive.second, spelling.operands[1]) : std::string();
  const std::string c =
      count > 2 ? operand(t_.c[at], Kind::number, spelling.operands[2]) : std::string();
  return {fill(spelling.text, {{'a', a}, {'b', b}, {'c', c}}), spelling.level, primitive.result};
}

void Writer::line(std::string_view text) {
  if (!text.empty()) fmt::format_to(std::back_inserter(body_), "{}{}\n", indent_, text);
}

void Writer::write_operations() {
  formulas_.resize(t_.op.size());
  std::uint32_t begin = 0;
  for (const Segment& segment : t_.segments) {
    std::uint32_t totals = segment.end;
    while (segment.loop && totals > begin && t_.op[totals - 1] == Primitive::total) --totals;
    for (std::uint32_t i = totals; i < segment.end; ++i) {
      formulas_[i] = {identifiers_.fresh(fmt::format("s{}", ++totals_))};
      line(fill(d_.statements.start_total, {{'n', formulas_[i].text}}));
    }
    if (segment.loop) {
      line(fill(d_.statements.loop, {{'i', index_}, {'n', rows_}}));
      indent_ += "    ";
    }
    for (std::uint32_t i = begin; i < totals; ++i) {
      Formula formula = operation(i);
      if (keep_[i] || formula.text.size() > longest_formula) {
        const std::string name = identifiers_.fresh(fmt::format("t{}", ++temporaries_));
        line(fill(formula.kind == Kind::number ? d_.statements.number : d_.statements.condition,
                  {{'n', name}, {'v', formula.text}}));
        formula = {name, 9, formula.kind};
      }
      formulas_[i] = std::move(formula);
    }
    for (std::uint32_t i = totals; i < segment.end; ++i) {
      line(fill(d_.statements.add_row, {{'n', formulas_[i].text}, {'v', number(t_.a[i])}}));
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
  if (request_.value) results.push_back(number(t_.outputs[0]));
  const auto array = [&](const std::string& name, std::size_t count, std::size_t columns) {
    if (count == 0) return;
    std::vector<std::string> entries;
    for (std::size_t i = 0; i < count; ++i) entries.push_back(number(t_.outputs[at + i]));
    at += count;
    if (!d_.layout.store.empty()) {
      for (std::size_t i = 0; i < count; ++i) {
        line(fill(d_.layout.store, {{'n', name}, {'i', std::to_string(i)}, {'v', entries[i]}}));
      }
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
  if (!results.empty()) line(fill(d_.layout.result, {{'v', join(results)}}));
}

std::string Writer::comment() const {
  std::vector<std::string> lines;
  std::string formula;
  try {
    formula = print(request_.function, {.max_bytes = longest_comment});
  } catch (const LimitError&) {
    formula = "(too long to show)";
  }
  lines.push_back(fmt::format("{}({}) = {}", request_.name, join(inputs_), formula));

  // What the formula calls by another name than the code.
  std::vector<std::string> renamed;
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    if (inputs_[i] != t_.input_names[i]) {
      renamed.push_back(fmt::format("{} is {}", t_.input_names[i], inputs_[i]));
    }
  }
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i] != t_.column_names[i]) {
      renamed.push_back(fmt::format("column {} is {}", t_.column_names[i], columns_[i]));
    }
  }
  if (!renamed.empty()) lines.push_back(fmt::format("Here {}.", join(renamed)));
  if (!columns_.empty()) {
    lines.push_back(
        fmt::format("Sums run over the rows of {}, from first to last.", join(columns_)));
  }
  const bool stores = !d_.layout.store.empty();
  std::vector<std::string> results;
  if (request_.value) results.push_back("the value");
  if (!stores && !request_.gradient.empty()) results.push_back("the gradient");
  if (!stores && !request_.hessian.empty()) results.push_back("the Hessian as a list of rows");
  if (!results.empty()) lines.push_back(fmt::format("Returns {}.", join(results)));
  if (stores && !request_.gradient.empty()) {
    lines.push_back(fmt::format("{}[{}]: the derivatives by {}.", gradient_,
                                request_.gradient.size(), join(inputs_)));
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
  for (const std::string& name : inputs_) declare(layout.number_parameter, name);
  for (const std::string& name : columns_) declare(layout.column_parameter, name);
  if (has_rows()) {
    // Without a column nothing tells the number of rows but a parameter.
    declare(columns_.empty() && layout.count_parameter.empty() ? layout.number_parameter
                                                               : layout.count_parameter,
            rows_);
  }
  if (!request_.gradient.empty()) declare(layout.array_parameter, gradient_);
  if (!request_.hessian.empty()) declare(layout.array_parameter, hessian_);
  return fill(layout.open,
              {{'r', request_.value ? layout.value_type : layout.no_type},
               {'n', request_.name},
               {'p', parameters.empty() ? std::string(layout.no_parameters) : join(parameters)}});
}

std::string Writer::write() {
  name_everything();
  choose_temporaries();
  const auto declare_unused = [&](std::uint32_t leaf, const std::string& name) {
    if (!used_leaves_[leaf] && !d_.statements.unused.empty()) {
      line(fill(d_.statements.unused, {{'n', name}}));
    }
  };
  for (std::uint32_t i = 0; i < inputs_.size(); ++i) declare_unused(i, inputs_[i]);
  for (std::uint32_t i = 0; i < columns_.size(); ++i) {
    declare_unused(t_.first_column() + i, columns_[i]);
  }
  if (!t_.needs_data() && has_rows() && !d_.layout.count_parameter.empty()) {
    declare_unused(t_.row_count(), rows_);
  }
  if (t_.needs_data() && !columns_.empty()) {
    line(fill(d_.layout.count_rows, {{'n', rows_}, {'v', columns_.front()}}));
  }
  write_operations();
  write_outputs();

  const std::string_view gap = d_.layout.comment_inside ? "\n\n" : "\n";
  std::string text = fmt::format("{}{}{}", d_.layout.head,
                                 has_rows() ? d_.layout.data_head : std::string_view(), gap);
  if (!d_.layout.comment_inside) text += comment();
  text += signature();
  text += '\n';
  if (d_.layout.comment_inside) text += comment();
  text += body_;
  if (!d_.layout.close.empty()) text += fmt::format("{}\n", d_.layout.close);
  return text;
}

}  // namespace

std::vector<std::string_view> languages() {
  std::vector<std::string_view> names;
  for (const Dialect& d : dialects) names.push_back(d.name);
  return names;
}

Result<std::string> generate(const SourceRequest& request) {
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
  const auto tape = record(request.inputs, outputs, request.columns);
  if (!tape) return tape.error();
  Writer writer(request, *dialect, *tape);
  if (auto error = writer.prepare()) return *error;
  return writer.write();
}

}  // namespace nabla
