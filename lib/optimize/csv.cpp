#include "lib/optimize/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <optional>

#include "lib/core/graph.hpp"

namespace nabla {
namespace {

// A field of the file as a message may show it: short, and no byte that moves a terminal's cursor.
std::string shown(std::string_view field) {
  constexpr std::size_t most = 40;
  std::string out;
  for (const char c : field.substr(0, most)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  if (field.size() > most) {
    while (!out.empty() && (static_cast<unsigned char>(out.back()) & 0xc0) == 0x80) out.pop_back();
    if (!out.empty() && static_cast<unsigned char>(out.back()) >= 0xc0) out.pop_back();
    out += "...";
  }
  return out;
}

Diagnostic trouble(std::string code, std::string message, std::string hint = {}) {
  return {
      .code = std::move(code), .message = std::move(message), .span = {}, .hint = std::move(hint)};
}

// Walks over the text field by field.
class Cursor {
 public:
  Cursor(std::string_view text, char delimiter)
      : at_(text.data()), end_(text.data() + text.size()), delimiter_(delimiter) {
    if (text.starts_with("\xEF\xBB\xBF")) at_ += 3;
  }

  bool at_end() const { return at_ == end_; }
  bool at_blank_line() const { return *at_ == '\n' || *at_ == '\r'; }
  std::size_t line() const { return line_; }  // of the field that was read last, counted from 1

  // The next field without its quotes; false when quotes do not fit.
  bool next(std::string_view& field, bool& last_of_row) {
    if (at_ != end_ && *at_ == '"') return quoted(field, last_of_row);
    const char* p = at_;
    while (p != end_ && *p != delimiter_ && *p != '\n' && *p != '\r') ++p;
    field = {at_, static_cast<std::size_t>(p - at_)};
    finish(p, last_of_row);
    return true;
  }

  void skip_line_end() {
    bool ignored;
    finish(at_, ignored);
  }

 private:
  // p is at what ends a field.
  void finish(const char* p, bool& last_of_row) {
    line_ = next_line_;
    last_of_row = p == end_ || *p != delimiter_;
    if (p != end_) {
      if (last_of_row) {
        ++next_line_;
        if (*p == '\r' && p + 1 != end_ && p[1] == '\n') ++p;
      }
      ++p;
    }
    at_ = p;
  }

  bool quoted(std::string_view& field, bool& last_of_row) {
    buffer_.clear();
    const char* p = at_ + 1;
    for (;;) {
      const char* const quote =
          p == end_
              ? nullptr
              : static_cast<const char*>(std::memchr(p, '"', static_cast<std::size_t>(end_ - p)));
      line_ = next_line_;
      if (!quote) return false;
      buffer_.append(p, quote);
      next_line_ += static_cast<std::size_t>(std::count(p, quote, '\n'));
      p = quote + 1;
      if (p == end_ || *p != '"') break;
      buffer_ += '"';
      ++p;
    }
    if (p != end_ && *p != delimiter_ && *p != '\n' && *p != '\r') return false;
    const std::size_t line = line_;
    finish(p, last_of_row);
    line_ = line;
    field = buffer_;
    return true;
  }

  const char* at_;
  const char* end_;
  char delimiter_;
  std::size_t line_ = 1, next_line_ = 1;
  std::string buffer_;
};

std::string_view without_blanks(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t')) s.remove_suffix(1);
  return s;
}

bool is_missing(std::string_view s) {
  constexpr std::string_view words[] = {"",    "NA",  "N/A",  "n/a",  "NaN",
                                        "nan", "NAN", "null", "NULL", "na"};
  return std::ranges::find(words, s) != std::end(words);
}

enum class Kind { number, missing, text };

Kind to_number(std::string_view field, char decimal, double& value) {
  std::string_view s = without_blanks(field);
  if (is_missing(s)) return Kind::missing;
  char copy[64];
  if (decimal != '.') {
    if (s.size() >= sizeof copy || s.find('.') != s.npos) return Kind::text;
    std::ranges::replace_copy(s, copy, decimal, '.');
    s = {copy, s.size()};
  }
  if (s.front() == '+') s.remove_prefix(1);
  const char* const end = s.data() + s.size();
  const auto found = std::from_chars(s.data(), end, value);
  if (found.ptr != end) return Kind::text;
  if (found.ec == std::errc::result_out_of_range) {
    // Too large is refused, too small is 0: the sign of the exponent tells which.
    const std::size_t e = s.find_first_of("eE");
    const bool small = e != s.npos ? s.substr(e + 1).starts_with('-') : s.find('.') < 2;
    if (!small) return Kind::text;
    value = s.front() == '-' ? -0.0 : 0.0;
    return Kind::number;
  }
  return found.ec == std::errc{} && std::isfinite(value) ? Kind::number : Kind::text;
}

std::string identifier_for(std::string_view header, std::size_t position) {
  const std::string_view s = without_blanks(header);
  if (is_identifier(s)) return std::string(s);
  std::string name;
  for (const char c : s) {
    const bool fits =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    if (fits)
      name += c;
    else if (!name.empty() && name.back() != '_')
      name += '_';
  }
  while (!name.empty() && name.back() == '_') name.pop_back();
  if (!name.empty() && name.front() >= '0' && name.front() <= '9') name.insert(0, "c");
  return is_identifier(name) ? name : fmt::format("c{}", position + 1);
}

// What other sign a line seems to be taken apart at.
std::string delimiter_hint(const std::vector<CsvColumn>& columns, char delimiter) {
  for (const char other : {';', '\t', '|', ','}) {
    if (other == delimiter) continue;
    const bool seen = std::ranges::any_of(
        columns, [&](const CsvColumn& c) { return c.header.find(other) != std::string::npos; });
    if (!seen) continue;
    const std::string sign =
        other == '\t' ? "a tab: --delimiter tab" : fmt::format("'{0}': --delimiter '{0}'", other);
    return "the first line looks taken apart at " + sign +
           (other == ';' ? ", and for a decimal comma --decimal ','" : "");
  }
  return {};
}

class Reader {
 public:
  Reader(std::string_view text, const CsvFormat& format, const Limits& limits)
      : cursor_(text, format.delimiter), format_(format), limits_(limits) {}

  std::optional<Diagnostic> read_header();
  std::optional<Diagnostic> choose(std::span<const std::string> wanted);
  std::optional<Diagnostic> read_rows();

  std::vector<CsvColumn> columns;
  Table table;

 private:
  std::optional<Diagnostic> bad_quotes() const;
  std::optional<Diagnostic> ragged(std::size_t line, std::size_t fields) const;
  std::optional<Diagnostic> bad_field(Kind, std::size_t column, std::string_view field) const;

  Cursor cursor_;
  const CsvFormat& format_;
  const Limits& limits_;
  std::vector<std::size_t> target_;  // of each field: where its numbers go, or none
  static constexpr std::size_t none = ~std::size_t{0};
};

std::optional<Diagnostic> Reader::bad_quotes() const {
  return trouble("C806", fmt::format("line {}: quotes that do not fit", cursor_.line()),
                 "a quoted field ends at a quote before the next delimiter or line end; a quote "
                 "inside it is doubled");
}

std::optional<Diagnostic> Reader::read_header() {
  // A file of names that is read without taking a line from it.
  Cursor cursor = cursor_;
  while (!cursor.at_end() && cursor.at_blank_line()) cursor.skip_line_end();
  if (cursor.at_end()) return trouble("C804", "the data are empty");
  bool last = false, all_numbers = true;
  std::string_view field;
  while (!last) {
    if (!cursor.next(field, last)) {
      cursor_ = cursor;
      return bad_quotes();
    }
    if (columns.size() == limits_.arguments) {
      return trouble("L103",
                     fmt::format("the first line has more than {} columns", limits_.arguments),
                     "the limit is named 'arguments'");
    }
    double ignored;
    all_numbers = all_numbers && to_number(field, format_.decimal, ignored) == Kind::number;
    columns.push_back(format_.header
                          ? CsvColumn{identifier_for(field, columns.size()), std::string(field)}
                          : CsvColumn{fmt::format("c{}", columns.size() + 1), {}});
  }
  if (!format_.header) return std::nullopt;
  if (all_numbers) {
    return trouble(
        "C805", fmt::format("line {}: numbers where the names of the columns stand", cursor.line()),
        "--no-header calls the columns c1, c2, ...");
  }
  cursor_ = cursor;
  return std::nullopt;
}

std::optional<Diagnostic> Reader::choose(std::span<const std::string> wanted) {
  target_.assign(columns.size(), none);
  const auto take = [&](std::size_t at) {
    target_[at] = table.names.size();
    table.names.push_back(columns[at].name);
  };
  if (wanted.empty()) {
    for (std::size_t i = 0; i < columns.size(); ++i) take(i);
  }
  for (const std::string& name : wanted) {
    const auto found = std::ranges::find(columns, name, &CsvColumn::name);
    if (found == columns.end()) {
      return trouble("C807", fmt::format("the data have no column '{}'", shown(name)));
    }
    if (std::find_if(found + 1, columns.end(),
                     [&](const CsvColumn& c) { return c.name == name; }) != columns.end()) {
      return trouble("C807", fmt::format("two columns are called '{}'", shown(name)));
    }
    const auto at = static_cast<std::size_t>(found - columns.begin());
    if (target_[at] == none) take(at);
  }
  table.columns.resize(table.names.size());
  return std::nullopt;
}

std::optional<Diagnostic> Reader::ragged(std::size_t line, std::size_t fields) const {
  return trouble("C801",
                 fmt::format("line {} has {}{} field{}, the first line {}", line,
                             fields > columns.size() ? "at least " : "", fields,
                             fields == 1 ? "" : "s", columns.size()),
                 delimiter_hint(columns, format_.delimiter));
}

std::optional<Diagnostic> Reader::bad_field(Kind kind, std::size_t column,
                                            std::string_view field) const {
  const std::string place =
      fmt::format("line {}, column {} ('{}')", cursor_.line(), column + 1, columns[column].name);
  if (kind == Kind::missing) {
    return trouble("C803", place + ": the value is missing", "--missing drop leaves such rows out");
  }
  std::string hint;
  if (format_.decimal == '.' && field.find(',') != field.npos) {
    hint = "for a decimal comma: --decimal ',' with --delimiter ';'";
  } else if (format_.decimal != '.' && field.find('.') != field.npos) {
    hint = fmt::format("the decimal sign was set to '{}'", format_.decimal);
  } else {
    hint = delimiter_hint(columns, format_.delimiter);
  }
  return trouble("C802", fmt::format("{}: '{}' is no number", place, shown(field)),
                 std::move(hint));
}

std::optional<Diagnostic> Reader::read_rows() {
  const std::size_t width = columns.size();
  std::vector<double> row(table.names.size());
  std::string_view field;
  while (!cursor_.at_end()) {
    // Blank lines part nothing; where there is one column only, they are rows without a value.
    if (cursor_.at_blank_line()) {
      Cursor ahead = cursor_;
      while (!ahead.at_end() && ahead.at_blank_line()) ahead.skip_line_end();
      if (width > 1 || ahead.at_end()) {
        cursor_ = ahead;
        continue;
      }
    }
    bool last = false, incomplete = false;
    for (std::size_t i = 0; !last; ++i) {
      if (!cursor_.next(field, last)) return bad_quotes();
      if (i == width) return ragged(cursor_.line(), i + 1);
      if (target_[i] != none) {
        const Kind kind = to_number(field, format_.decimal, row[target_[i]]);
        if (kind == Kind::missing && format_.missing == Missing::drop) {
          incomplete = true;
        } else if (kind != Kind::number) {
          // A row cut at the wrong sign is better told by its shape.
          std::size_t fields = i + 1;
          const std::string text(field);
          const std::size_t line = cursor_.line();
          Cursor rest = cursor_;
          while (!last && rest.next(field, last)) ++fields;
          if (fields != width) return ragged(line, fields);
          return bad_field(kind, i, text);
        }
      }
      if (last && i + 1 != width) return ragged(cursor_.line(), i + 1);
    }
    if (incomplete) {
      ++table.dropped;
      continue;
    }
    for (std::size_t k = 0; k < row.size(); ++k) table.columns[k].push_back(row[k]);
    ++table.rows;
  }
  if (table.rows == 0) {
    return trouble("C804", table.dropped == 0 ? "there are names of columns, but no rows"
                                              : "in every row a value is missing");
  }
  return std::nullopt;
}

}  // namespace

Result<std::vector<CsvColumn>> read_csv_columns(std::string_view text, const CsvFormat& format,
                                                const Limits& limits) {
  Reader reader(text, format, limits);
  if (auto error = reader.read_header()) return *error;
  return std::move(reader.columns);
}

Result<Table> read_csv(std::string_view text, const CsvFormat& format,
                       std::span<const std::string> wanted, const Limits& limits) {
  Reader reader(text, format, limits);
  if (auto error = reader.read_header()) return *error;
  if (auto error = reader.choose(wanted)) return *error;
  if (auto error = reader.read_rows()) return *error;
  return std::move(reader.table);
}

}  // namespace nabla
