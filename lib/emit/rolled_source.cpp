#include "lib/emit/rolled_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "lib/core/graph.hpp"
#include "lib/emit/formula.hpp"
#include "lib/emit/names.hpp"
#include "lib/emit/source.hpp"

namespace nabla {

namespace {

constexpr std::size_t longest_list = 300;  // of names in the comment
constexpr std::size_t longest_line = 96;

// Indices first, first + step, ...
struct Progression {
  std::int64_t first, step;
};

std::optional<Progression> progression(const Template& t, std::size_t slot) {
  const std::size_t width = t.slots.size(), terms = t.terms();
  const auto at = [&](std::size_t row) -> std::int64_t { return t.table[row * width + slot]; };
  const Progression p{at(0), terms > 1 ? at(1) - at(0) : 0};
  for (std::size_t row = 1; row < terms; ++row) {
    if (at(row) - at(row - 1) != p.step) return std::nullopt;
  }
  return p;
}

// first + step * i with `first` and `step * i` never negative by themselves.
std::string index_text(const Progression& p, const std::string& i) {
  if (p.step == 0) return std::to_string(p.first);
  const std::int64_t size = p.step < 0 ? -p.step : p.step;
  const std::string multiple = size == 1 ? i : fmt::format("{} * {}", size, i);
  if (p.step < 0) return fmt::format("{} - {}", p.first, multiple);
  return p.first == 0 ? multiple : fmt::format("{} + {}", multiple, p.first);
}

class RolledWriter {
 public:
  RolledWriter(const RolledSourceRequest& request, const Dialect& dialect)
      : r_(request), d_(dialect), g_(*request.sum->rest.graph), identifiers_(dialect) {}

  Result<std::string> run() {
    std::vector<std::string> names{r_.name};
    for (const Expr p : r_.parameters) names.push_back(g_.name_of(g_[p.id]));
    names = identifiers_.take(names);
    parameters_.assign(names.begin() + 1, names.end());
    x_ = identifiers_.fresh("x");
    gradient_ = identifiers_.fresh("gradient");
    value_ = identifiers_.fresh("value");
    slopes_ = identifiers_.fresh("slopes");
    i_ = identifiers_.fresh("i");

    line("    ", r_.value ? fmt::format("double {} = -0.0;", value_) : std::string());
    if (r_.slopes != nullptr) {
      open_loop(r_.sum->variables);
      line("        ", fmt::format("{}[{}] = 0.0;", gradient_, i_));
      close_loop();
    }
    if (auto error = write_rest()) return *error;
    for (std::size_t t = 0; t < r_.sum->templates.size(); ++t) {
      if (auto error = write_loop(t)) return *error;
    }
    std::string text = assembled();
    if (text.size() > g_.limits.output_bytes) too_long();
    return text;
  }

 private:
  void line(std::string_view indent, std::string_view text) {
    if (!text.empty()) body_ += fmt::format("{}{}\n", indent, text);
  }
  void open_loop(std::size_t times) {
    line("    ", fill(d_.statements.loop, {{'i', i_}, {'n', std::to_string(times)}}));
  }
  void close_loop() { line("    ", d_.statements.end_loop); }

  [[noreturn]] void too_long() const {
    throw LimitError(
        {.code = "L106",
         .message = fmt::format("the code is longer than {} bytes", g_.limits.output_bytes),
         .span = {},
         .hint = "raise the limit 'output_bytes'"});
  }

  // A function of its own for a part; its name.
  Result<std::string> part(std::string_view wanted, std::vector<Expr> inputs, Expr f,
                           std::vector<Expr> slopes) {
    std::vector<Expr> variables = inputs;
    inputs.insert(inputs.end(), r_.parameters.begin(), r_.parameters.end());
    const SourceRequest request{.language = r_.language,
                                .name = identifiers_.fresh(fmt::format("{}_{}", r_.name, wanted)),
                                .inputs = std::move(inputs),
                                .function = f,
                                .value = r_.value,
                                .gradient = std::move(slopes),
                                .variables = std::move(variables)};
    auto parts = generate_parts(request, true);
    if (!parts) return parts.error();
    for (std::string& piece : parts->head) {
      if (std::ranges::find(head_, piece) == head_.end()) head_.push_back(std::move(piece));
    }
    functions_ += parts->function + "\n";
    return request.name;
  }

  void write_call(std::string_view indent, const std::string& function,
                  std::vector<std::string> arguments, std::string_view assign) {
    arguments.insert(arguments.end(), parameters_.begin(), parameters_.end());
    if (r_.slopes != nullptr && has_slopes_) arguments.push_back(slopes_);
    const std::string call = fmt::format("{}({});", function, fmt::join(arguments, ", "));
    line(indent, r_.value ? fmt::format("{} {} {}", value_, assign, call) : call);
  }
  std::string element(const std::string& index) const { return fmt::format("{}[{}]", x_, index); }

  std::optional<Diagnostic> write_rest() {
    const Rolled& sum = *r_.sum;
    std::vector<std::uint32_t> entries;
    std::vector<Expr> slopes;
    if (r_.slopes != nullptr) {
      for (std::uint32_t i = 0; i < r_.slopes->rest.size(); ++i) {
        if (r_.slopes->rest[i].id == Graph::zero) continue;
        entries.push_back(i);
        slopes.push_back(r_.slopes->rest[i]);
      }
    }
    const bool nothing = sum.rest.id == Graph::zero && !sum.templates.empty();
    if (nothing || (!r_.value && slopes.empty())) return std::nullopt;

    std::vector<NodeId> roots{sum.rest.id};
    for (const Expr e : slopes) roots.push_back(e.id);
    const std::vector<NodeId> below = g_.below(roots);
    std::vector<Expr> inputs;
    std::vector<std::string> arguments;
    for (std::size_t i = 0; i < r_.variables.size(); ++i) {
      if (!std::ranges::binary_search(below, r_.variables[i].id)) continue;
      inputs.push_back(r_.variables[i]);
      arguments.push_back(element(std::to_string(i)));
    }
    has_slopes_ = !slopes.empty();
    const auto name = part("rest", std::move(inputs), sum.rest, std::move(slopes));
    if (!name) return name.error();
    if (!has_slopes_) {
      write_call("    ", *name, std::move(arguments), "=");
      return std::nullopt;
    }
    line("    ", "{");
    line("        ", fmt::format("double {}[{}];", slopes_, entries.size()));
    write_call("        ", *name, std::move(arguments), "=");
    for (std::size_t k = 0; k < entries.size(); ++k) {
      line("        ", fmt::format("{}[{}] = {}[{}];", gradient_, entries[k], slopes_, k));
    }
    line("    ", "}");
    return std::nullopt;
  }

  std::optional<Diagnostic> write_loop(std::size_t number) {
    const Template& t = r_.sum->templates[number];
    const std::size_t width = t.slots.size();
    std::vector<Expr> slopes;
    if (r_.slopes != nullptr) slopes = r_.slopes->slopes[number];
    has_slopes_ = !slopes.empty();
    const auto name = part(fmt::format("term{}", number + 1), t.slots, t.body, std::move(slopes));
    if (!name) return name.error();

    std::vector<std::string> places(width);
    std::vector<std::size_t> uneven;
    for (std::size_t j = 0; j < width; ++j) {
      if (const auto p = progression(t, j)) {
        places[j] = index_text(*p, i_);
      } else {
        uneven.push_back(j);
      }
    }
    if (!uneven.empty()) {
      const std::string table = identifiers_.fresh(fmt::format("{}_index{}", r_.name, number + 1));
      write_table(table, t, uneven);
      for (std::size_t k = 0; k < uneven.size(); ++k) {
        const std::string row = uneven.size() == 1 ? i_ : fmt::format("{} * {}", uneven.size(), i_);
        places[uneven[k]] =
            k == 0 ? fmt::format("{}[{}]", table, row) : fmt::format("{}[{} + {}]", table, row, k);
      }
    }
    open_loop(t.terms());
    if (has_slopes_) line("        ", fmt::format("double {}[{}];", slopes_, width));
    std::vector<std::string> arguments;
    for (const std::string& place : places) arguments.push_back(element(place));
    write_call("        ", *name, std::move(arguments), "+=");
    if (has_slopes_) {
      for (std::size_t j = 0; j < width; ++j) {
        line("        ", fmt::format("{}[{}] += {}[{}];", gradient_, places[j], slopes_, j));
      }
    }
    close_loop();
    return std::nullopt;
  }

  void write_table(const std::string& name, const Template& t, std::span<const std::size_t> slots) {
    tables_ += fmt::format("static const unsigned {}[{}] = {{", name, t.terms() * slots.size());
    std::size_t width = longest_line;
    for (std::size_t row = 0; row < t.terms(); ++row) {
      for (const std::size_t j : slots) {
        const std::string entry = fmt::format("{},", t.table[row * t.slots.size() + j]);
        if (width + entry.size() + 1 > longest_line) {
          tables_ += "\n   ";
          width = 3;
          if (tables_.size() > g_.limits.output_bytes) too_long();
        }
        tables_ += " " + entry;
        width += entry.size() + 1;
      }
    }
    tables_ += "\n};\n\n";
  }

  std::string comment() const {
    const Layout& l = d_.layout;
    std::size_t terms = 0;
    for (const Template& t : r_.sum->templates) terms += t.terms();
    std::string names;
    for (std::size_t i = 0; i < r_.variables.size(); ++i) {
      if (names.size() > longest_list && i + 1 < r_.variables.size()) {
        if (!names.ends_with("...")) names += ", ...";
        continue;
      }
      names += (names.empty() ? "" : ", ") + g_.name_of(g_[r_.variables[i].id]);
    }
    std::string text =
        fmt::format("{}{}: the sum of {} terms of {} {}{}\n", l.comment_open, r_.name, terms,
                    r_.sum->templates.size(), r_.sum->templates.size() == 1 ? "shape" : "shapes",
                    r_.sum->rest.id == Graph::zero ? "." : ", and a rest.");
    text += fmt::format("{}{}[{}]: {}.", l.comment_line, x_, r_.variables.size(), names);
    if (r_.value) text += fmt::format("\n{}Returns the value.", l.comment_line);
    if (r_.slopes != nullptr) {
      text += fmt::format("\n{}{}[{}]: the derivatives by {}[...].", l.comment_line, gradient_,
                          r_.variables.size(), x_);
    }
    return text + std::string(l.comment_close) + "\n";
  }

  std::string assembled() {
    const Layout& l = d_.layout;
    for (const std::string_view piece : {l.head, l.data_head}) {
      if (std::ranges::find(head_, piece) == head_.end()) head_.emplace_back(piece);
    }
    // Includes first, whatever part asked for them.
    std::stable_partition(head_.begin(), head_.end(),
                          [](const std::string& s) { return s.starts_with('#'); });
    std::vector<std::string> declared{fill(l.column_parameter, {{'n', x_}})};
    for (const std::string& p : parameters_) {
      declared.push_back(fill(l.number_parameter, {{'n', p}}));
    }
    if (r_.slopes != nullptr) declared.push_back(fill(l.array_parameter, {{'n', gradient_}}));
    if (r_.value) line("    ", fill(l.result, {{'v', value_}, {'o', value_}}));
    const std::string signature = fill(l.open, {{'r', r_.value ? l.value_type : l.no_type},
                                                {'n', r_.name},
                                                {'p', fmt::format("{}", fmt::join(declared, ", "))},
                                                {'o', value_}});
    return fmt::format("{}\n{}{}{}{}\n{}{}\n", fmt::join(head_, ""), functions_, tables_, comment(),
                       signature, body_, l.close);
  }

  const RolledSourceRequest& r_;
  const Dialect& d_;
  const Graph& g_;
  Identifiers identifiers_;
  std::vector<std::string> parameters_, head_;
  std::string x_, gradient_, value_, slopes_, i_;
  std::string functions_, tables_, body_;
  bool has_slopes_ = false;
};

}  // namespace

Result<std::string> generate(const RolledSourceRequest& request) try {
  const Dialect* const dialect = find_dialect(request.language);
  if (dialect != nullptr && dialect->layout.local.empty()) {
    return Diagnostic{.code = "G405",
                      .message = fmt::format("{} code has no loops over tables", dialect->name),
                      .span = {},
                      .hint = "c and cpp have; or let the sum be written out"};
  }
  if (!request.value && request.slopes == nullptr) {
    return Diagnostic{.code = "G404",
                      .message = "nothing is asked of the function",
                      .span = {},
                      .hint = "ask for the value or the gradient"};
  }
  // The language and the name are judged where the first part is written.
  if (dialect == nullptr || !is_identifier(request.name) ||
      Identifiers(*dialect).is_reserved(request.name)) {
    const auto refused = generate({.language = request.language,
                                   .name = request.name,
                                   .inputs = {},
                                   .function = request.sum->rest.graph->expr(Graph::zero)});
    return refused.error();
  }
  return RolledWriter(request, *dialect).run();
} catch (const LimitError& error) {
  return error.diagnostic();
} catch (const std::bad_alloc&) {
  return out_of_memory();
}

}  // namespace nabla
