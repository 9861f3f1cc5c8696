#include "lib/emit/boxes.hpp"

#include <algorithm>
#include <utility>

#include "lib/core/constants.hpp"
#include "lib/core/graph.hpp"
#include "lib/emit/canvas.hpp"
#include "lib/emit/letters.hpp"

namespace nabla {

namespace {

constexpr std::string_view raised[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
constexpr std::string_view lowered[] = {"₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr std::string_view times = "⋅";

constexpr std::string_view spelling(Sign sign) {
  switch (sign) {
    case Sign::plus: return " + ";
    case Sign::minus: return " − ";
    case Sign::negative: return "−";
    case Sign::dot:
    case Sign::factor:
    case Sign::thin: return times;
    case Sign::slash: return "/";
    case Sign::comma: return ", ";
    case Sign::less: return " < ";
    case Sign::less_equal: return " ≤ ";
    case Sign::greater: return " > ";
    case Sign::greater_equal: return " ≥ ";
    case Sign::equal: return " = ";
    case Sign::not_equal: return " ≠ ";
    case Sign::both: return " ∧ ";
    case Sign::either: return " ∨ ";
    case Sign::negation: return "¬";
    case Sign::apply: return "";
    case Sign::gap: return " ";
    case Sign::sum: return sum_sign;
  }
  return {};
}

std::string letters(std::string_view name) {
  const std::string_view greek = greek_letter(name);
  return std::string(greek.empty() ? name : greek);
}

std::string index(std::string_view part) {
  if (!std::ranges::all_of(part, is_digit)) return "_" + letters(part);
  std::string text;
  for (const char c : part) text += lowered[c - '0'];
  return text;
}

std::string spell_name(std::string_view name, bool column) {
  const NameParts parts = split_name(name);
  std::string text = letters(parts.head);
  if (parts.hat) text += "\u0302";
  for (const std::string_view part : parts.indices) text += index(part);
  return column ? text + "ᵢ" : text;
}

}  // namespace

BoxId BoxSink::add(Box box) {
  // A box takes more than the bytes it is drawn with.
  if (boxes_.size() > limits_.output_bytes / 16) output_too_long(limits_);
  boxes_.push_back(std::move(box));
  return static_cast<BoxId>(boxes_.size() - 1);
}

BoxId BoxSink::add_text(std::string text) {
  const std::size_t width = width_of(text);
  return add({.kind = Box::Kind::text, .width = width, .text = std::move(text)});
}

BoxId BoxSink::add_row(std::vector<BoxId> parts) {
  Box row{.kind = Box::Kind::row, .parts = std::move(parts)};
  for (const BoxId id : row.parts) {
    const Box& box = boxes_[id];
    row.width += box.width;
    row.up = std::max(row.up, box.up), row.down = std::max(row.down, box.down);
  }
  return add(std::move(row));
}

// ---- taking marks

void BoxSink::begin() { open_.push_back({}); }

BoxId BoxSink::finish() {
  std::vector<BoxId> row = std::move(open_.back().row);
  open_.pop_back();
  return add_row(std::move(row));
}

void BoxSink::add_part() {
  Open& open = open_.back();
  open.parts.push_back(add_row(std::exchange(open.row, {})));
}

void BoxSink::take(const Mark& mark) {
  using Kind = Mark::Kind;
  switch (mark.kind) {
    case Kind::number: return put(std::string(mark.text));
    case Kind::name:
    case Kind::column: return put(spell_name(mark.text, mark.kind == Kind::column));
    case Kind::constant: {
      const Constant& row = constants[mark.row];
      return put(std::string(row.aliases.empty() ? row.name : row.aliases));
    }
    case Kind::function: {
      const FunctionName name = function_name(functions[mark.row]);
      return put(letters(name.letters) + (name.index.empty() ? "" : index(name.index)));
    }
    case Kind::sign:
      if (mark.sign != Sign::sum) {
        if (mark.sign == Sign::apply) return;
        const std::vector<BoxId>& row = open_.back().row;
        const bool apart =
            spelling(mark.sign) == times && !row.empty() && is_bar(boxes_[row.back()]);
        return put((apart ? " " : "") + std::string(spelling(mark.sign)));
      }
      open_.back().row.push_back(add({.kind = Box::Kind::sum, .width = 3, .up = 1, .down = 1}));
      return put(" ");
    case Kind::open: return open_.push_back({.group = mark.group});
    case Kind::next:
    case Kind::row: return add_part();
    case Kind::close: {
      add_part();
      Box group{
          .kind = Box::Kind::group, .group = mark.group, .parts = std::move(open_.back().parts)};
      open_.pop_back();
      measure(group);
      std::vector<BoxId>& row = open_.back().row;
      // No sign runs into a fraction bar.
      const bool apart = mark.group == Group::fraction && !row.empty();
      if (apart && !boxes_[row.back()].text.ends_with(' ')) put(" ");
      row.push_back(add(std::move(group)));
    }
  }
}

// ---- sizes

bool BoxSink::is_bar(const Box& box) const {
  return box.kind == Box::Kind::group && box.group == Group::fraction;
}

bool BoxSink::is_fraction(const Box& row) const {
  return row.parts.size() == 1 && is_bar(part(row, 0));
}

// The exponent in small digits; empty when it is more than a whole number.
std::string BoxSink::small_digits(BoxId row) const {
  std::string text;
  for (const BoxId id : boxes_[row].parts) {
    const std::string& part = boxes_[id].text;
    if (part == spelling(Sign::negative)) {
      text += "⁻";
    } else if (!part.empty() && std::ranges::all_of(part, is_digit)) {
      for (const char c : part) text += raised[c - '0'];
    } else {
      return {};
    }
  }
  return text;
}

void BoxSink::measure(Box& box) const {
  const Box& first = part(box, 0);
  box.width = first.width, box.up = first.up, box.down = first.down;
  switch (box.group) {
    case Group::parentheses:
    case Group::bars:
    case Group::floor:
    case Group::ceiling: box.width += 2; return;
    case Group::fraction: {
      const Box& below = part(box, 1);
      box.width = std::max(first.width, below.width);
      // The bar of a fraction of fractions is the longer one.
      if (is_fraction(first) || is_fraction(below)) box.width += 2;
      box.up = first.height(), box.down = below.height();
      return;
    }
    case Group::power: {
      box.text = small_digits(box.parts[1]);
      box.flat = !box.text.empty();
      box.width += box.flat ? width_of(box.text) : part(box, 1).width;
      if (!box.flat) box.up += part(box, 1).height();
      return;
    }
    case Group::root:
    case Group::cube_root:
      box.flat = first.parts.size() == 1 && boxes_[first.parts[0]].kind == Box::Kind::text;
      box.width += box.flat ? 1 : first.height() + 1;
      if (!box.flat) ++box.up;
      return;
    case Group::cases: {
      std::size_t conditions = otherwise_text.size(), height = 0;
      bool single = true;
      box.columns = 0;
      for (std::size_t i = 0; i < box.parts.size(); i += 2) {
        RowSize row;
        row.hold(part(box, i));
        box.columns = std::max(box.columns, part(box, i).width);
        if (i + 1 < box.parts.size()) {
          row.hold(part(box, i + 1));
          conditions = std::max(conditions, condition_text.size() + part(box, i + 1).width);
        }
        single = single && row.height() == 1;
        height += row.height();
      }
      box.flat = single;
      height += gap_of(single) * (box.parts.size() / 2);
      box.width = 2 + box.columns + 2 + conditions;
      box.up = (height - 1) / 2, box.down = height - 1 - box.up;
      return;
    }
  }
}

BoxId BoxSink::add_matrix(std::vector<BoxId> entries, std::size_t columns) {
  Box box{.kind = Box::Kind::matrix, .columns = columns, .parts = std::move(entries)};
  std::vector<std::size_t> widths(columns);
  std::size_t height = 0;
  const std::size_t rows = box.parts.size() / columns;
  box.flat = true;
  for (std::size_t i = 0; i < rows; ++i) {
    RowSize row;
    for (std::size_t j = 0; j < columns; ++j) {
      const Box& entry = part(box, i * columns + j);
      row.hold(entry);
      widths[j] = std::max(widths[j], entry.width);
    }
    box.flat = box.flat && row.height() == 1;
    height += row.height();
  }
  height += gap_of(box.flat) * (rows - 1);
  box.width = 2 + 2 * (columns - 1);
  for (const std::size_t width : widths) box.width += width;
  box.up = (height - 1) / 2, box.down = height - 1 - box.up;
  return add(std::move(box));
}

}  // namespace nabla
