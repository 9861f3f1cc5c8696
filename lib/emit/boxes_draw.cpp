#include <algorithm>

#include "lib/emit/boxes.hpp"
#include "lib/emit/canvas.hpp"

namespace nabla {

namespace {

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

struct Place {
  BoxId box;
  std::size_t x, y;  // left end of the base line
};

}  // namespace

std::string draw(std::span<const Box> boxes, BoxId root, const Limits& limits) {
  const Box& whole = boxes[root];
  const auto part = [&](const Box& box, std::size_t i) -> const Box& {
    return boxes[box.parts[i]];
  };
  // A place takes more than the byte it is written with.
  if (whole.width > limits.output_bytes / 16 / whole.height()) output_too_long(limits);
  Canvas canvas(whole.width, whole.height());
  std::vector<Place> places{{root, 0, whole.up}};
  while (!places.empty()) {
    const Place at = places.back();
    places.pop_back();
    const Box& box = boxes[at.box];
    const std::size_t x = at.x, y = at.y, top = y - box.up;
    const auto put = [&](std::size_t i, std::size_t left, std::size_t base) {
      places.push_back({box.parts[i], left, base});
    };
    switch (box.kind) {
      case Box::Kind::text: canvas.write(x, y, box.text); continue;
      case Box::Kind::sum:
        canvas.write(x + 1, y - 1, "n");
        canvas.write(x + 1, y, sum_sign);
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
          canvas.write(x, y, cube ? "∛" : row("sqrt"_fn).aliases);
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
          canvas.write(right, line + row.up, last ? otherwise_text : condition_text);
          if (!last) put(i + 1, right + condition_text.size(), line + row.up);
          line += row.height() + gap_of(box.flat);
        }
        break;
      }
    }
  }
  return canvas.text();
}

}  // namespace nabla
