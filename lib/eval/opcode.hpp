#pragma once

// What straight-line code is made of once mathematics is lowered: operations a processor has, on
// numbers of 64 bits, each a row of one table. Interpreter and machine code follow these rows to
// the bit; where a result is NaN, its sign and payload are open.

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <span>
#include <string_view>

#include "lib/eval/inline.hpp"
#include "lib/eval/primitive.hpp"

namespace nabla {

enum class Opcode : std::uint8_t {
  add,
  subtract,
  multiply,
  divide,
  square_root,
  less,
  less_equal,
  equal,
  not_equal,
  both,
  either,
  negation,
  select,
  multiply_add,       // a*b + c, rounded once
  multiply_subtract,  // a*b - c, rounded once
  subtract_product,   // c - a*b, rounded once
  minimum,            // a < b ? a : b
  maximum,            // a > b ? a : b
  round_even,         // to the nearest integer, halves to even
  floor,
  ceiling,
  truncate,
  bit_and,
  bit_or,
  bit_xor,
  integer_add,  // of the bit patterns, modulo 2^64
  integer_subtract,
  shift_left,  // the bit pattern, by `detail`
  shift_right,
  scale,        // a * 2^floor(b), rounded once; a > 0, |b| <= 2000, or both NaN
  lookup,       // entry of table `detail`; the lowest four bits of a say which
  kernel_one,   // kernel of function `detail` of the machine (kernels/lowering.hpp),
  kernel_two,   // of two operands
  apply_one,    // function `detail` of the program (Code::functions), of one operand,
  apply_two,    // of two,
  apply_three,  // of three
  call,         // function `detail` of the machine
  call_two,
  rescue,  // a, x, y: the function of x where the condition a holds, else y
  repair,  // x, y, z: z, or the function of x and y where z is NaN
};

struct OpcodeRow {
  Opcode step;
  std::string_view name;
  int arity;
  Kind result = Kind::number;
  Kind first = Kind::number, second = Kind::number;
  bool commutes = false;
};

// clang-format off
inline constexpr std::array opcodes{
    OpcodeRow{Opcode::add,               "add",               2, Kind::number, Kind::number, Kind::number, true},
    OpcodeRow{Opcode::subtract,          "subtract",          2},
    OpcodeRow{Opcode::multiply,          "multiply",          2, Kind::number, Kind::number, Kind::number, true},
    OpcodeRow{Opcode::divide,            "divide",            2},
    OpcodeRow{Opcode::square_root,       "square_root",       1},
    OpcodeRow{Opcode::less,              "less",              2, Kind::condition},
    OpcodeRow{Opcode::less_equal,        "less_equal",        2, Kind::condition},
    OpcodeRow{Opcode::equal,             "equal",             2, Kind::condition, Kind::number, Kind::number, true},
    OpcodeRow{Opcode::not_equal,         "not_equal",         2, Kind::condition, Kind::number, Kind::number, true},
    OpcodeRow{Opcode::both,              "both",              2, Kind::condition, Kind::condition, Kind::condition, true},
    OpcodeRow{Opcode::either,            "either",            2, Kind::condition, Kind::condition, Kind::condition, true},
    OpcodeRow{Opcode::negation,          "negation",          1, Kind::condition, Kind::condition},
    OpcodeRow{Opcode::select,            "select",            3, Kind::number,    Kind::condition},
    OpcodeRow{Opcode::multiply_add,      "multiply_add",      3},
    OpcodeRow{Opcode::multiply_subtract, "multiply_subtract", 3},
    OpcodeRow{Opcode::subtract_product,  "subtract_product",  3},
    OpcodeRow{Opcode::minimum,           "lesser",            2},
    OpcodeRow{Opcode::maximum,           "greater",           2},
    OpcodeRow{Opcode::round_even,        "round_even",        1},
    OpcodeRow{Opcode::floor,             "round_down",        1},
    OpcodeRow{Opcode::ceiling,           "round_up",           1},
    OpcodeRow{Opcode::truncate,          "truncate",          1},
    OpcodeRow{Opcode::bit_and,           "bit_and",           2, Kind::number, Kind::number, Kind::number, true},
    OpcodeRow{Opcode::bit_or,            "bit_or",            2, Kind::number, Kind::number, Kind::number, true},
    OpcodeRow{Opcode::bit_xor,           "bit_xor",           2, Kind::number, Kind::number, Kind::number, true},
    OpcodeRow{Opcode::integer_add,       "integer_add",       2, Kind::number, Kind::number, Kind::number, true},
    OpcodeRow{Opcode::integer_subtract,  "integer_subtract",  2},
    OpcodeRow{Opcode::shift_left,        "shift_left",        1},
    OpcodeRow{Opcode::shift_right,       "shift_right",       1},
    OpcodeRow{Opcode::scale,             "scale",             2},
    OpcodeRow{Opcode::lookup,            "lookup",            1},
    OpcodeRow{Opcode::kernel_one,        "kernel_one",        1},
    OpcodeRow{Opcode::kernel_two,        "kernel_two",        2},
    OpcodeRow{Opcode::apply_one,         "apply_one",         1},
    OpcodeRow{Opcode::apply_two,         "apply_two",         2},
    OpcodeRow{Opcode::apply_three,       "apply_three",       3},
    OpcodeRow{Opcode::call,              "call",              1},
    OpcodeRow{Opcode::call_two,          "call_two",          2},
    OpcodeRow{Opcode::rescue,            "rescue",            3, Kind::number,    Kind::condition},
    OpcodeRow{Opcode::repair,            "repair",            3},
};
// clang-format on

static_assert([] {
  for (std::size_t i = 0; i < opcodes.size(); ++i) {
    if (static_cast<std::size_t>(opcodes[i].step) != i) return false;
  }
  return true;
}());

constexpr const OpcodeRow& row(Opcode s) { return opcodes[static_cast<std::size_t>(s)]; }
constexpr int arity(Opcode s) { return row(s).arity; }
// Calls a row of the function table.
constexpr bool calls(Opcode s) { return s >= Opcode::call; }
// Stands for the steps of a kernel.
constexpr bool is_kernel(Opcode s) { return s == Opcode::kernel_one || s == Opcode::kernel_two; }
// Calls a function of the program.
constexpr bool applies(Opcode s) { return s >= Opcode::apply_one && s <= Opcode::apply_three; }

// `detail` of calls: a row of the function table, or this for the power function.
inline constexpr std::uint8_t power_function = 255;
// From here on a row of the function table as Math::precise computes it.
inline constexpr std::uint8_t precise_functions = 128;
static_assert(functions.size() < power_function - precise_functions);
using Unary = double (*)(double);
using Binary = double (*)(double, double);
Unary unary_function(std::uint8_t detail);  // nullptr if there is none of one operand
Binary binary_function(std::uint8_t detail);

// Tables of lookup.
std::span<const double, 16> table_of(std::uint8_t detail);

namespace word {

NABLA_INLINE std::uint64_t bits(double x) { return std::bit_cast<std::uint64_t>(x); }
NABLA_INLINE double number(std::uint64_t x) { return std::bit_cast<double>(x); }

// To the nearest integer, halves to even, where |x| < 2^51; the mode of rounding is the default.
inline constexpr double round_shift = 6755399441055744.0;  // 1.5 * 2^52

// Two factors, so that neither leaves the range of normal numbers and only the second rounds.
NABLA_INLINE double scale(double a, double b) {
  const double n = __builtin_floor(b), half = __builtin_floor(n * 0.5);
  const double bias = round_shift + 1023;
  const double first = number(bits(half + bias) << 52);
  const double second = number(bits((n - half) + bias) << 52);
  return (a * first) * second;
}

}  // namespace word

// The value of one step, which calls no function of the program.
double apply(Opcode, std::uint8_t detail, double a, double b, double c);

}  // namespace nabla
