#include "cli/reply.hpp"

#include <fmt/format.h>

#include <array>
#include <limits>

#include "cli/text.hpp"
#include "lib/emit/latex.hpp"
#include "lib/emit/mathml.hpp"
#include "lib/emit/print.hpp"
#include "lib/emit/tree.hpp"
#include "lib/emit/unicode.hpp"
#include "parser/render.hpp"
#include "simplify/metric.hpp"

namespace nabla {
namespace {

struct FormatRow {
  std::string_view name;
  Format format;
};
constexpr std::array formats{
    FormatRow{"text", Format::text},   FormatRow{"unicode", Format::unicode},
    FormatRow{"latex", Format::latex}, FormatRow{"mathml", Format::mathml},
    FormatRow{"sexpr", Format::sexpr}, FormatRow{"dot", Format::dot}};

// Much larger as a tree than as the graph it is.
bool is_swollen(Expr e, std::size_t least) {
  const std::size_t tree = tree_operations(e);
  return tree > least && tree / 4 > shared_operations(std::span(&e, 1));
}

// `element(i)` for every entry, bracketed in the shape of the quantity.
std::string in_shape(const Quantity& shape, std::string_view between_rows, auto element) {
  if (shape.is_scalar()) return element(0);
  const bool matrix = shape.shape == Quantity::Shape::matrix;
  const std::size_t rows = matrix ? shape.rows : 1;
  const std::size_t columns = matrix ? shape.columns : shape.entries.size();
  const bool outer = matrix && between_rows == ", ";
  std::string out = outer ? "[" : "";
  for (std::size_t i = 0; i < rows; ++i) {
    if (i != 0) out += between_rows;
    out += '[';
    for (std::size_t j = 0; j < columns; ++j) {
      if (j != 0) out += ", ";
      out += element(i * columns + j);
    }
    out += ']';
  }
  if (outer) out += ']';
  return out;
}

// The same as JSON, where lists have no blanks.
void append_shape(std::string& out, const Quantity& shape, auto append_element) {
  if (shape.is_scalar()) return append_element(0);
  const bool matrix = shape.shape == Quantity::Shape::matrix;
  const std::size_t rows = matrix ? shape.rows : 1;
  const std::size_t columns = matrix ? shape.columns : shape.entries.size();
  if (matrix) out += '[';
  for (std::size_t i = 0; i < rows; ++i) {
    out += i != 0 ? ",[" : "[";
    for (std::size_t j = 0; j < columns; ++j) {
      if (j != 0) out += ',';
      append_element(i * columns + j);
    }
    out += ']';
  }
  if (matrix) out += ']';
}

void append_places(std::string& out, std::span<const KinkPlace> places, Format format) {
  constexpr std::string_view where[] = {"zero", "whole", "half_whole"};
  out += ",\"kinks\":[";
  for (std::size_t i = 0; i < places.size(); ++i) {
    const KinkPlace& place = places[i];
    out += i != 0 ? ",{\"surface\":" : "{\"surface\":";
    append_json(out, write(place.surface, format));
    for (const auto& [key, value] : {std::pair<std::string_view, std::string_view>{
                                         "where", where[static_cast<int>(place.where)]},
                                     {"kind", name_of(place.kind)},
                                     {"of", place.of},
                                     {"derivative", place.derivative}}) {
      out += ",\"" + std::string(key) + "\":";
      append_json(out, value);
    }
    out += ",\"at\":[";
    for (std::size_t k = 0; k < place.at.size(); ++k) {
      if (k != 0) out += ',';
      append_json(out, write(place.at[k], format));
    }
    out += "]}";
  }
  out += ']';
}

}  // namespace

std::optional<Format> find_format(std::string_view name) {
  for (const FormatRow& row : formats) {
    if (row.name == name) return row.format;
  }
  return std::nullopt;
}

std::string format_names() {
  std::string names;
  for (const FormatRow& row : formats) (names += names.empty() ? "" : ", ") += row.name;
  return names;
}

std::string write(Expr e, Format format, std::size_t swollen) {
  switch (format) {
    case Format::unicode: return unicode(e);
    case Format::mathml: return mathml(e);
    case Format::latex: return latex(e);
    case Format::sexpr: return sexpr(e);
    case Format::dot: return dot(e);
    case Format::text: break;
  }
  return is_swollen(e, swollen) ? print_shared(e) : print(e);
}

std::string write(const Quantity& quantity, Format format, std::string_view between_rows) {
  if (format == Format::unicode && !quantity.is_scalar() && !quantity.entries.empty()) {
    const bool matrix = quantity.shape == Quantity::Shape::matrix;
    return unicode_matrix(quantity.entries, matrix ? quantity.columns : quantity.entries.size());
  }
  return in_shape(quantity, between_rows,
                  [&](std::size_t i) { return write(quantity.entries[i], format); });
}

std::string write_values(const Quantity& shape, const Row& row, int digits,
                         std::string_view between_rows) {
  return in_shape(shape, between_rows, [&](std::size_t i) {
    std::string text;
    append_number(text, row.values[i], digits);
    return text;
  });
}

std::string describe(const KinkPlace& place, Format format) {
  std::string text = write(place.surface, format);
  switch (place.where) {
    case KinkPlace::Where::zero: text += " = 0"; break;
    case KinkPlace::Where::whole: text += " whole"; break;
    case KinkPlace::Where::half_whole: text += " whole and a half"; break;
  }
  for (std::size_t i = 0; i < place.at.size(); ++i) {
    text += (i == 0 ? " (at " : ", ") + write(place.at[i], format);
  }
  if (!place.at.empty()) text += ')';
  return text + ": " + std::string(name_of(place.kind)) + " of " + std::string(place.of) +
         ", derivative " + std::string(place.derivative);
}

std::size_t operations(const Quantity& quantity) {
  std::size_t sum = 0;
  for (const Expr e : quantity.entries) sum += tree_operations(e);
  return sum;
}

void append_json(std::string& out, const Quantity& quantity, Format format) {
  constexpr std::size_t readable_by_programs = 100'000;
  append_shape(out, quantity, [&](std::size_t i) {
    append_json(out, write(quantity.entries[i], format, readable_by_programs));
  });
}

namespace {

// ,"gradient":{"tree":...,"shared":...,"operations":...
void append_size(std::string& out, std::string_view name, const Size& size) {
  out += fmt::format(",\"{}\":{{\"tree\":{},\"shared\":{},\"operations\":{}", name, size.tree,
                     size.shared, size.operations);
}

void append_cost(std::string& out, const Cost& cost) {
  append_size(out, "function", cost.function);
  out += '}';
  const auto append_derivatives = [&](std::string_view name, const DerivativeSize& size) {
    append_size(out, name, size);
    out += fmt::format(",\"tangent\":{},\"adjoint\":{}}}", size.tangent, size.adjoint);
  };
  append_derivatives("gradient", cost.gradient);
  if (cost.hessian) {
    append_derivatives("hessian", *cost.hessian);
  } else {
    out += ",\"hessian\":null";
  }
  out += fmt::format(",\"value_and_gradient\":{},\"everything\":{}", cost.value_and_gradient,
                     cost.everything);
}

}  // namespace

std::string write(const Cost& cost, bool jacobian) {
  std::string out = fmt::format("{:<20}{:>11}{:>9}{:>12}\n", "", "tree", "shared", "operations");
  const auto line = [&](std::string_view name, const Size& size) {
    const bool huge = size.tree >= std::numeric_limits<std::uint32_t>::max();
    out += fmt::format("{:<20}{:>11}{:>9}{:>12}", name, huge ? "> 4e9" : std::to_string(size.tree),
                       size.shared, size.operations);
  };
  const auto derivatives = [&](std::string_view name, const DerivativeSize& size) {
    line(name, size);
    out += fmt::format("   (tangent {}, adjoint {})\n", size.tangent, size.adjoint);
  };
  line("function", cost.function);
  out += '\n';
  derivatives(jacobian ? "jacobian" : "gradient", cost.gradient);
  if (cost.hessian) derivatives("hessian", *cost.hessian);
  out += fmt::format("{:<20}{:>32}\n", jacobian ? "value and jacobian" : "value and gradient",
                     cost.value_and_gradient);
  if (cost.hessian) out += fmt::format("{:<20}{:>32}\n", "all three", cost.everything);
  return out;
}

void append_json(std::string& out, const Answer& answer, const Question& question, Format format) {
  out += "\"result\":";
  if (question.task == Task::codegen) {
    append_json(out, answer.code);
  } else {
    append_json(out, answer.result, format);
  }
  if (answer.cost) append_cost(out, *answer.cost);
  if (question.task == Task::kinks) append_places(out, answer.places, format);
  if (question.task == Task::explain && !answer.quotient) {
    out += ",\"steps\":[";
    for (std::size_t i = 0; i < answer.steps.size(); ++i) {
      out += i == 0 ? "{\"of\":" : ",{\"of\":";
      append_json(out, write(answer.steps[i].of, format));
      out += ",\"derivative\":";
      append_json(out, write(answer.steps[i].derivative, format));
      out += ",\"rule\":";
      append_json(out, rule_text(answer.steps[i]));
      out += '}';
    }
    out += ']';
  }
  if (answer.quotient) {
    out += ",\"quotient\":";
    append_json(out, write(answer.quotient->quotient, format));
    out += ",\"shortened\":";
    append_json(out, write(answer.quotient->shortened, format));
    out += ",\"limit\":";
    if (answer.quotient->limit)
      append_json(out, write(*answer.quotient->limit, format));
    else
      out += "null";
  }
  out += ",\"values\":[";
  for (std::size_t i = 0; i < answer.rows.size(); ++i) {
    if (i != 0) out += ',';
    if (answer.rows[i].missing) {
      out += "null";
    } else {
      append_shape(out, answer.result,
                   [&](std::size_t j) { append_json(out, answer.rows[i].values[j]); });
    }
  }
  out += "],\"operations\":";
  out += std::to_string(operations(answer.result));
  if (!answer.explanation.empty()) {
    out += ",\"explanation\":";
    append_json(out, answer.explanation);
  }
  out += ",\"notes\":";
  append_json(out, answer.notes, question.texts);
}

namespace {

void append_span(std::string& out, Span span) {
  out += '[' + std::to_string(span.begin) + ',' + std::to_string(span.end) + ']';
}

}  // namespace

void append_json(std::string& out, const Diagnostic& d, std::string_view source) {
  out += "{\"code\":";
  append_json(out, d.code);
  out += ",\"severity\":\"";
  out += d.severity == Severity::error     ? "error"
         : d.severity == Severity::warning ? "warning"
                                           : "note";
  out += "\",\"message\":";
  append_json(out, d.message);
  out += ",\"span\":";
  append_span(out, d.span);
  const bool located = d.span.end != 0 || !d.labels.empty() || d.code.starts_with('P');
  if (located && !source.empty()) {
    const Place place = place_of(d.span.begin, source);
    out +=
        ",\"line\":" + std::to_string(place.line) + ",\"column\":" + std::to_string(place.column);
  }
  out += ",\"hint\":";
  append_json(out, d.hint);
  out += ",\"labels\":[";
  for (std::size_t i = 0; i < d.labels.size(); ++i) {
    out += i == 0 ? "{\"span\":" : ",{\"span\":";
    append_span(out, d.labels[i].span);
    out += ",\"text\":";
    append_json(out, d.labels[i].text);
    out += '}';
  }
  out += "],\"fix\":";
  if (d.fix) {
    out += "{\"span\":";
    append_span(out, d.fix->span);
    out += ",\"text\":";
    append_json(out, d.fix->replacement);
    out += '}';
  } else {
    out += "null";
  }
  if (!d.reading.empty()) {
    out += ",\"reading\":";
    append_json(out, d.reading);
    out += ",\"alternative\":";
    append_json(out, d.alternative);
  }
  if (d.source != 0) out += ",\"expr\":" + std::to_string(d.source);
  out += '}';
}

void append_json(std::string& out, const std::vector<Diagnostic>& notes,
                 const std::vector<std::string>& texts) {
  out += '[';
  for (std::size_t i = 0; i < notes.size(); ++i) {
    if (i != 0) out += ',';
    append_json(out, notes[i], notes[i].source < texts.size() ? texts[notes[i].source] : "");
  }
  out += ']';
}

void append_json(std::string& out, const std::vector<std::string>& names) {
  out += '[';
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i != 0) out += ',';
    append_json(out, names[i]);
  }
  out += ']';
}

}  // namespace nabla
