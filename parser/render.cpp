#include "parser/render.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "lib/core/diagnostic_codes.hpp"
#include "parser/columns.hpp"
#include "parser/spelling.hpp"

namespace nabla {
namespace {

// One character as it is shown.
struct Cell {
  std::string text;
  std::size_t bytes, columns;
};

Cell show(std::string_view text, std::size_t column) {
  const CodePoint c = first_code_point(text);
  if (c.size == 1 && c.value == '\t') {
    const std::size_t columns = 4 - column % 4;
    return {std::string(columns, ' '), 1, columns};
  }
  // direction marks could reorder the line; they are shown like other control characters
  const bool hidden = c.size != 0 && (c.value < 0x20 || (c.value >= 0x7F && c.value < 0xA0) ||
                                      (c.value >= 0x202A && c.value <= 0x202E) ||
                                      (c.value >= 0x2066 && c.value <= 0x2069) ||
                                      c.value == 0x2028 || c.value == 0x2029);
  if (c.size == 0 || hidden) {
    static constexpr char hex[] = "0123456789abcdef";
    std::string escaped;
    const std::size_t bytes = std::max<std::size_t>(c.size, 1);
    for (std::size_t i = 0; i < bytes; ++i) {
      const auto byte = static_cast<unsigned char>(text[i]);
      escaped += {'\\', 'x', hex[byte >> 4], hex[byte & 15]};
    }
    return {escaped, bytes, escaped.size()};
  }
  return {std::string(text.substr(0, c.size)), c.size, columns_of(c.value)};
}

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const Cell cell = show(text, columns);
    columns += cell.columns;
    text.remove_prefix(cell.bytes);
  }
  return columns;
}

struct Line {
  std::size_t begin, end;
};

// The line an offset lies in, cut around it when it is very long.
Line line_around(std::size_t offset, std::string_view source, std::size_t reach) {
  const auto is_break = [](char c) { return c == '\n' || c == '\r'; };
  std::size_t begin = offset, end = offset;
  while (begin > 0 && !is_break(source[begin - 1]) &&
         (offset - begin < reach || (source[begin] & 0xC0) == 0x80))
    --begin;
  while (end < source.size() && !is_break(source[end]) && end - offset < 4 * reach) ++end;
  return {begin, end};
}

struct Mark {
  Span span;
  char sign;
  std::string_view text;
};

struct Painter {
  std::string out;
  bool color;

  void paint(std::string_view code, std::string_view text) {
    if (color && !text.empty())
      out.append("\x1b[").append(code).append("m").append(text).append("\x1b[0m");
    else
      out += text;
  }
};

// Shows one line and under it the marks that begin in it.
void show_line(Painter& painter, Line line, std::string_view source, std::span<const Mark> marks,
               std::size_t width, std::string_view tint) {
  std::string shown;
  std::vector<std::pair<std::size_t, std::size_t>> extents(marks.size(), {SIZE_MAX, 0});
  std::size_t column = 0;
  const bool cut =
      line.begin > 0 && source[line.begin - 1] != '\n' && source[line.begin - 1] != '\r';
  if (cut) {
    shown = "...";
    column = 3;
  }
  std::size_t at = line.begin;
  const auto touch = [&](std::size_t bytes, std::size_t from, std::size_t to) {
    for (std::size_t i = 0; i < marks.size(); ++i) {
      const bool hit = marks[i].span.begin < at + bytes &&
                       at < std::max(marks[i].span.end, marks[i].span.begin + 1);
      if (!hit) continue;
      extents[i].first = std::min(extents[i].first, from);
      extents[i].second = std::max(extents[i].second, to);
    }
  };
  while (at < line.end) {
    const Cell cell = show(source.substr(at, line.end - at), column);
    if (column + cell.columns + 3 > width) {
      shown += "...";
      break;
    }
    touch(cell.bytes, column, column + cell.columns);
    shown += cell.text;
    column += cell.columns;
    at += cell.bytes;
  }
  // the end of the line, where something is missing
  for (std::size_t i = 0; at >= line.end && i < marks.size(); ++i) {
    const bool here = extents[i].first == SIZE_MAX && marks[i].span.begin == at;
    if (here) extents[i] = {column, column + 1};
  }
  painter.out += "  " + shown + "\n";
  for (std::size_t i = 0; i < marks.size(); ++i) {
    if (extents[i].first == SIZE_MAX) continue;
    const std::size_t length = std::max<std::size_t>(extents[i].second - extents[i].first, 1);
    painter.out += "  " + std::string(extents[i].first, ' ');
    painter.paint(marks[i].sign == '^' ? tint : "36", std::string(length, marks[i].sign));
    const std::string text = printable(marks[i].text);
    // Beside the mark where there is room, else below it.
    const bool beside = extents[i].second + 1 + columns_of(text) <= width;
    if (!text.empty()) painter.out += (beside ? " " : "\n  ") + text;
    painter.out += "\n";
  }
}

}  // namespace

std::string printable(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    if (text[0] == '\t') {
      result += ' ';
      text.remove_prefix(1);
      continue;
    }
    const Cell cell = show(text, 0);
    result += cell.text;
    text.remove_prefix(cell.bytes);
  }
  return result;
}

Place place_of(std::size_t offset, std::string_view source) {
  Place place;
  for (std::size_t i = 0; i < std::min(offset, source.size()); ++i) {
    if (source[i] == '\n') {
      ++place.line;
      place.column = 1;
    } else if ((source[i] & 0xC0) != 0x80) {
      ++place.column;
    }
  }
  return place;
}

std::string render(const Diagnostic& d, std::string_view source, const RenderOptions& options) {
  Painter painter{.out = {}, .color = options.color};
  const std::string_view word = d.severity == Severity::error     ? "error"
                                : d.severity == Severity::warning ? "warning"
                                                                  : "note";
  const std::string_view tint = d.severity == Severity::error     ? "1;31"
                                : d.severity == Severity::warning ? "1;33"
                                                                  : "1;36";
  painter.paint(tint, std::string(word) + "[" + d.code + "]");
  painter.out += ": " + printable(d.message);
  const bool located =
      !source.empty() && d.span.begin <= source.size() &&
      (d.span.end != 0 || d.span.begin != 0 || !d.labels.empty() || d.code[0] == 'P');
  const bool many_lines = source.find('\n') != source.npos;
  if (located && many_lines) {
    const Place place = place_of(d.span.begin, source);
    painter.out +=
        " (line " + std::to_string(place.line) + ", column " + std::to_string(place.column) + ")";
  }
  painter.out += "\n";
  if (!located) {
    if (!d.hint.empty()) painter.out += "  " + printable(d.hint) + "\n";
    return std::move(painter.out);
  }

  const std::size_t width = std::max<std::size_t>(options.width, 20) - 2;
  // What stands in the same line is marked under one copy of it, the place itself first.
  std::vector<Mark> marks{{d.span, '^', d.hint}};
  for (const Label& label : d.labels) {
    if (label.span.begin <= source.size()) marks.push_back({label.span, '-', label.text});
  }
  std::vector<bool> done(marks.size());
  for (std::size_t i = 0; i < marks.size(); ++i) {
    if (done[i]) continue;
    std::size_t first = marks[i].span.begin;
    const Line line = line_around(first, source, width / 2);
    std::vector<Mark> here;
    for (std::size_t j = i; j < marks.size(); ++j) {
      const std::size_t at = marks[j].span.begin;
      if (done[j] || at < line.begin || at > line.end) continue;
      done[j] = true;
      here.push_back(marks[j]);
    }
    show_line(painter, line, source, here, width, tint);
  }
  return std::move(painter.out);
}

std::string render_notes(std::span<const Diagnostic> notes, std::string_view source,
                         const RenderOptions& options) {
  const auto brief = [](const Diagnostic& d) {
    const DiagnosticCode* row = find_diagnostic_code(d.code);
    return d.severity == Severity::note && row != nullptr && row->brief;
  };
  std::string out;
  for (std::size_t i = 0; i < notes.size(); ++i) {
    if (!brief(notes[i])) {
      out += render(notes[i], source, options);
      continue;
    }
    const auto same = [&](const Diagnostic& d) { return d.code == notes[i].code; };
    if (std::any_of(notes.begin(), notes.begin() + static_cast<std::ptrdiff_t>(i), same)) continue;
    Painter painter{.out = {}, .color = options.color};
    painter.paint("1;36", "note[" + notes[i].code + "]");
    std::string line = ": ";
    std::size_t listed = 0;
    for (std::size_t j = i; j < notes.size(); ++j) {
      if (!same(notes[j])) continue;
      const std::string next = printable(notes[j].message.starts_with("read as ") && listed != 0
                                             ? notes[j].message.substr(8)
                                             : notes[j].message);
      if (listed != 0 && columns_of(line) + columns_of(next) + 20 > options.width) {
        line += ", ...";
        break;
      }
      line += (listed++ == 0 ? "" : ", ") + next;
    }
    out += painter.out + line + "\n";
  }
  return out;
}

}  // namespace nabla
