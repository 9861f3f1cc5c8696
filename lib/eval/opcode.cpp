#include "lib/eval/opcode.hpp"

#include "lib/eval/interpret/rows.hpp"
#include "lib/eval/kernels/lowering.hpp"
#include "lib/eval/kernels/tables.hpp"
#include "lib/eval/precise.hpp"

namespace nabla {

std::span<const double, 16> table_of(std::uint8_t detail) { return kernel::tables[detail]; }

Unary unary_function(std::uint8_t detail) {
  if (detail == power_function) return nullptr;
  if (detail < precise_functions) return row(Fn{detail}).value.unary;
  return precise::function(Fn{static_cast<std::uint8_t>(detail - precise_functions)});
}
Binary binary_function(std::uint8_t detail) {
  return detail == power_function ? Binary{::pow} : row(Fn{detail}).value.binary;
}

double apply(Opcode s, std::uint8_t detail, double a, double b, double c) {
  using word::bits, word::number;
  switch (s) {
    case Opcode::add: return a + b;
    case Opcode::subtract: return a - b;
    case Opcode::multiply: return a * b;
    case Opcode::divide: return a / b;
    case Opcode::square_root: return std::sqrt(a);
    case Opcode::less: return a < b ? 1.0 : 0.0;
    case Opcode::less_equal: return a <= b ? 1.0 : 0.0;
    case Opcode::equal: return a == b ? 1.0 : 0.0;
    case Opcode::not_equal: return a != b ? 1.0 : 0.0;
    case Opcode::both: return a != 0 && b != 0 ? 1.0 : 0.0;
    case Opcode::either: return a != 0 || b != 0 ? 1.0 : 0.0;
    case Opcode::negation: return a == 0 ? 1.0 : 0.0;
    case Opcode::select: return a != 0 ? b : c;
    case Opcode::multiply_add: return std::fma(a, b, c);
    case Opcode::multiply_subtract: return std::fma(a, b, -c);
    case Opcode::subtract_product: return std::fma(-a, b, c);
    case Opcode::minimum: return a < b ? a : b;
    case Opcode::maximum: return a > b ? a : b;
    case Opcode::round_even: return std::nearbyint(a);
    case Opcode::floor: return std::floor(a);
    case Opcode::ceiling: return std::ceil(a);
    case Opcode::truncate: return std::trunc(a);
    case Opcode::bit_and: return number(bits(a) & bits(b));
    case Opcode::bit_or: return number(bits(a) | bits(b));
    case Opcode::bit_xor: return number(bits(a) ^ bits(b));
    case Opcode::integer_add: return number(bits(a) + bits(b));
    case Opcode::integer_subtract: return number(bits(a) - bits(b));
    case Opcode::shift_left: return number(bits(a) << detail);
    case Opcode::shift_right: return number(bits(a) >> detail);
    case Opcode::scale: return word::scale(a, b);
    case Opcode::lookup: return table_of(detail)[bits(a) & 15];
    case Opcode::kernel_one:
    case Opcode::kernel_two:
      return point_machine().kernels[kernel::number_of(detail, s == Opcode::kernel_two)](a, b);
    case Opcode::apply_one:
    case Opcode::apply_two:
    case Opcode::apply_three: break;  // the code knows the function, a step does not
    case Opcode::call: return unary_function(detail)(a);
    case Opcode::call_two: return binary_function(detail)(a, b);
    case Opcode::rescue: return a != 0 ? unary_function(detail)(b) : c;
    case Opcode::repair: return c != c ? binary_function(detail)(a, b) : c;
  }
  return 0;
}

}  // namespace nabla
