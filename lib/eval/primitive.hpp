#pragma once

// The operations a tape is made of, each a row of one table, and what they do to doubles.
// Interpreter, constant folding and the code generators read these rows; IEEE arithmetic, nothing
// rewritten.

#include <cmath>
#include <cstdint>
#include <string_view>

#include "lib/core/functions.hpp"

namespace nabla {

enum class Primitive : std::uint8_t {
  add,
  subtract,
  multiply,
  divide,
  negate,
  square_root,
  power,
  less,
  less_equal,
  equal,
  not_equal,
  both,
  either,
  negation,
  select,  // a, b, c: b where a is not 0, else c
  call,    // detail: row of the function table
  total,   // the sum of a over the rows; ends a loop over rows
  apply1,  // detail: a function of the program (Tape::functions), of one operand,
  apply2,  // of two,
  apply3,  // of three; apply() does not know it, since it belongs to the tape
};

constexpr bool is_apply(Primitive op) { return op >= Primitive::apply1 && op <= Primitive::apply3; }

// How an operation reads a value and what it gives: a number, or a condition worth 1 or 0 (read as
// "not 0", so that NaN counts as true).
enum class Kind : std::uint8_t { number, condition };

struct PrimitiveRow {
  Primitive op;
  std::string_view name;
  int arity;  // 0: the function row says
  Kind result = Kind::number;
  Kind first = Kind::number;   // how operand a is read
  Kind second = Kind::number;  // how operand b is read
};

// clang-format off
inline constexpr std::array primitives{
    PrimitiveRow{Primitive::add,         "add",         2},
    PrimitiveRow{Primitive::subtract,    "subtract",    2},
    PrimitiveRow{Primitive::multiply,    "multiply",    2},
    PrimitiveRow{Primitive::divide,      "divide",      2},
    PrimitiveRow{Primitive::negate,      "negate",      1},
    PrimitiveRow{Primitive::square_root, "square_root", 1},
    PrimitiveRow{Primitive::power,       "power",       2},
    PrimitiveRow{Primitive::less,        "less",        2, Kind::condition},
    PrimitiveRow{Primitive::less_equal,  "less_equal",  2, Kind::condition},
    PrimitiveRow{Primitive::equal,       "equal",       2, Kind::condition},
    PrimitiveRow{Primitive::not_equal,   "not_equal",   2, Kind::condition},
    PrimitiveRow{Primitive::both,        "both",        2, Kind::condition, Kind::condition, Kind::condition},
    PrimitiveRow{Primitive::either,      "either",      2, Kind::condition, Kind::condition, Kind::condition},
    PrimitiveRow{Primitive::negation,    "negation",    1, Kind::condition, Kind::condition},
    PrimitiveRow{Primitive::select,      "select",      3, Kind::number,    Kind::condition},
    PrimitiveRow{Primitive::call,        "call",        0},
    PrimitiveRow{Primitive::total,       "total",       1},
    PrimitiveRow{Primitive::apply1,      "apply",       1},
    PrimitiveRow{Primitive::apply2,      "apply",       2},
    PrimitiveRow{Primitive::apply3,      "apply",       3},
};
// clang-format on

static_assert([] {
  for (std::size_t i = 0; i < primitives.size(); ++i) {
    if (static_cast<std::size_t>(primitives[i].op) != i) return false;
  }
  return true;
}());

constexpr const PrimitiveRow& row(Primitive op) { return primitives[static_cast<std::size_t>(op)]; }

constexpr int arity(Primitive op, std::uint8_t detail) {
  return op == Primitive::call ? row(Fn{detail}).value.arity : row(op).arity;
}

// The value of one operation. `total` has none: it belongs to a loop.
inline double apply(Primitive op, std::uint8_t detail, double a, double b, double c) {
  switch (op) {
    case Primitive::add: return a + b;
    case Primitive::subtract: return a - b;
    case Primitive::multiply: return a * b;
    case Primitive::divide: return a / b;
    case Primitive::negate: return -a;
    case Primitive::square_root: return std::sqrt(a);
    case Primitive::power: return std::pow(a, b);
    case Primitive::less: return a < b ? 1.0 : 0.0;
    case Primitive::less_equal: return a <= b ? 1.0 : 0.0;
    case Primitive::equal: return a == b ? 1.0 : 0.0;
    case Primitive::not_equal: return a != b ? 1.0 : 0.0;
    case Primitive::both: return a != 0 && b != 0 ? 1.0 : 0.0;
    case Primitive::either: return a != 0 || b != 0 ? 1.0 : 0.0;
    case Primitive::negation: return a == 0 ? 1.0 : 0.0;
    case Primitive::select: return a != 0 ? b : c;
    case Primitive::call: {
      const Value& value = row(Fn{detail}).value;
      return value.arity == 2 ? value.binary(a, b) : value.unary(a);
    }
    case Primitive::total:
    case Primitive::apply1:
    case Primitive::apply2:
    case Primitive::apply3: break;
  }
  return 0;
}

}  // namespace nabla
