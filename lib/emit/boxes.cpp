#include "lib/emit/boxes.hpp"

#include <algorithm>
#include <utility>

#include "lib/core/constants.hpp"
#include "lib/core/graph.hpp"
#include "lib/emit/letters.hpp"

namespace nabla {

namespace {

constexpr std::string_view raised[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
constexpr std::string_view lowered[] = {"₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// U+0300 to U+036F stand on the character before them. Other names have one place a character.
bool combines(std::string_view rest) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(rest[i]); };
  return rest.size() > 1 && (byte(0) == 0xCC || (byte(0) == 0xCD && byte(1) < 0xB0));
}

std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!continues(text[i]) && !combines(text.substr(i))) ++width;
  }
  return width;
}

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
    case Sign::sum: return "∑";
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

// What a bracket is made of, from one line to many.
struct Bracket {
  std::string_view alone, top, middle, bottom;
};
struct Brackets {
  Bracket left, right;
};
constexpr Brackets brackets_of(Group group) {
  switch (group) {
    case Group::bars: return {{"│", "│", "│", "│"}, {"│", "│", "│", "│"}};
    case Group::floor: return {{"⌊", "⎢", "⎢", "⎣"}, {"⌋", "⎥", "⎥", "⎦"}};
    case Group::ceiling: return {{"⌈", "⎡", "⎢", "⎢"}, {"⌉", "⎤", "⎥", "⎥"}};
    default: return {{"(", "⎛", "⎜", "⎝"}, {")", "⎞", "⎟", "⎠"}};
  }
}
constexpr Brackets square{{"[", "⎡", "⎢", "⎣"}, {"]", "⎤", "⎥", "⎦"}};

void draw_bracket(Canvas& canvas, const Bracket& b, std::size_t x, std::size_t top,
                  std::size_t height) {
  for (std::size_t i = 0; i < height; ++i) {
    canvas.write(x, top + i,
                 height == 1       ? b.alone
                 : i == 0          ? b.top
                 : i + 1 == height ? b.bottom
                                   : b.middle);
  }
}

std::string repeated(std::string_view text, std::size_t count) {
  std::string all;
  for (; count > 0; --count) all += text;
  return all;
}

constexpr std::string_view if_text = "if ", otherwise = "otherwise";

// Lines between the rows of cases and matrices: none where each takes a single line.
std::size_t gap_of(bool single) { return single ? 0 : 1; }

struct RowSize {
  std::size_t up = 0, down = 0;
  void hold(const Box& box) { up = std::max(up, box.up), down = std::max(down, box.down); }
  std::size_t height() const { return up + 1 + down; }
};

}  // namespace

void Canvas::write(std::size_t x, std::size_t y, std::string_view text) {
  std::string* cell = &cells_[y * width_ + x];
  bool first = true;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i + 1;
    while (end < text.size() && continues(text[end])) ++end;
    if (!first && !combines(text.substr(i))) ++cell;
    *cell += text.substr(i, end - i);
    first = false;
    i = end;
  }
}

std::string Canvas::text() const {
  std::string all;
  for (std::size_t begin = 0; begin < cells_.size(); begin += width_) {
    std::string line;
    for (std::size_t x = 0; x < width_; ++x) {
      const std::string& cell = cells_[begin + x];
      line += cell.empty() ? " " : cell;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    if (begin != 0) all += '\n';
    all += line;
  }
  return all;
}

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
      std::size_t conditions = otherwise.size(), height = 0;
      bool single = true;
      box.columns = 0;
      for (std::size_t i = 0; i < box.parts.size(); i += 2) {
        RowSize row;
        row.hold(part(box, i));
        box.columns = std::max(box.columns, part(box, i).width);
        if (i + 1 < box.parts.size()) {
          row.hold(part(box, i + 1));
          conditions = std::max(conditions, if_text.size() + part(box, i + 1).width);
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

// ---- drawing

namespace {

struct Place {
  BoxId box;
  std::size_t x, y;  // left end of the base line
};

}  // namespace

std::string BoxSink::draw(BoxId root) const {
  const Box& whole = boxes_[root];
  // A place takes more than the byte it is written with.
  if (whole.width > limits_.output_bytes / 16 / whole.height()) output_too_long(limits_);
  Canvas canvas(whole.width, whole.height());
  std::vector<Place> places{{root, 0, whole.up}};
  while (!places.empty()) {
    const Place at = places.back();
    places.pop_back();
    const Box& box = boxes_[at.box];
    const std::size_t x = at.x, y = at.y, top = y - box.up;
    const auto put = [&](std::size_t i, std::size_t left, std::size_t base) {
      places.push_back({box.parts[i], left, base});
    };
    switch (box.kind) {
      case Box::Kind::text: canvas.write(x, y, box.text); continue;
      case Box::Kind::sum:
        canvas.write(x + 1, y - 1, "n");
        canvas.write(x + 1, y, spelling(Sign::sum));
        canvas.write(x, y + 1, "i=1");
        continue;
      case Box::Kind::row: {
        std::size_t left = x;
        for (std::size_t i = 0; i < box.parts.size(); ++i) {
          put(i, left, y);
          left += part(box, i).width;
        }
        continue;
      }
      case Box::Kind::matrix: {
        draw_bracket(canvas, square.left, x, top, box.height());
        draw_bracket(canvas, square.right, x + box.width - 1, top, box.height());
        const std::size_t rows = box.parts.size() / box.columns;
        std::vector<std::size_t> widths(box.columns);
        for (std::size_t i = 0; i < box.parts.size(); ++i) {
          auto& width = widths[i % box.columns];
          width = std::max(width, part(box, i).width);
        }
        std::size_t line = top;
        for (std::size_t i = 0; i < rows; ++i) {
          RowSize row;
          for (std::size_t j = 0; j < box.columns; ++j) row.hold(part(box, i * box.columns + j));
          std::size_t left = x + 1;
          for (std::size_t j = 0; j < box.columns; ++j) {
            const std::size_t entry = i * box.columns + j;
            put(entry, left + (widths[j] - part(box, entry).width) / 2, line + row.up);
            left += widths[j] + 2;
          }
          line += row.height() + gap_of(box.flat);
        }
        continue;
      }
      case Box::Kind::group: break;
    }
    switch (box.group) {
      case Group::parentheses:
      case Group::bars:
      case Group::floor:
      case Group::ceiling:
        draw_bracket(canvas, brackets_of(box.group).left, x, top, box.height());
        draw_bracket(canvas, brackets_of(box.group).right, x + box.width - 1, top, box.height());
        put(0, x + 1, y);
        break;
      case Group::fraction: {
        const Box &above = part(box, 0), &below = part(box, 1);
        canvas.write(x, y, repeated("─", box.width));
        put(0, x + (box.width - above.width) / 2, y - 1 - above.down);
        put(1, x + (box.width - below.width) / 2, y + 1 + below.up);
        break;
      }
      case Group::power: {
        const Box& base = part(box, 0);
        put(0, x, y);
        if (box.flat) {
          canvas.write(x + base.width, top, box.text);
        } else {
          put(1, x + base.width, y - base.up - 1 - part(box, 1).down);
        }
        break;
      }
      case Group::root:
      case Group::cube_root: {
        const bool cube = box.group == Group::cube_root;
        const Box& inside = part(box, 0);
        if (box.flat) {
          canvas.write(x, y, cube ? "∛" : "√");
          put(0, x + 1, y);
          break;
        }
        const std::size_t height = inside.height(), bottom = y + box.down;
        canvas.write(x, bottom, "╲");
        if (cube) canvas.write(x, bottom - 1, "3");
        for (std::size_t i = 0; i < height; ++i) canvas.write(x + 1 + i, bottom - i, "╱");
        canvas.write(x + height + 1, top, repeated("_", inside.width));
        put(0, x + height + 1, y);
        break;
      }
      case Group::cases: {
        const std::size_t height = box.height();
        for (std::size_t i = 0; i < height; ++i) {
          canvas.write(x, top + i, i == 0 ? "⎧" : i + 1 == height ? "⎩" : i == box.up ? "⎨" : "⎪");
        }
        std::size_t line = top;
        for (std::size_t i = 0; i < box.parts.size(); i += 2) {
          const bool last = i + 1 == box.parts.size();
          RowSize row;
          row.hold(part(box, i));
          if (!last) row.hold(part(box, i + 1));
          put(i, x + 2, line + row.up);
          const std::size_t right = x + 2 + box.columns + 2;
          canvas.write(right, line + row.up, last ? otherwise : if_text);
          if (!last) put(i + 1, right + if_text.size(), line + row.up);
          line += row.height() + gap_of(box.flat);
        }
        break;
      }
    }
  }
  return canvas.text();
}

}  // namespace nabla
