#pragma once

// One row at a time, in plain C++. Where the kernels meet arguments that are the library's, they
// ask it at once.

#include <cstdint>

#include "lib/eval/inline.hpp"
#include "lib/eval/kernels/tables.hpp"
#include "lib/eval/opcode.hpp"

namespace nabla {
namespace {

class Lanes {
 public:
  static constexpr std::size_t count = 1;
  using Value = double;
  using Condition = bool;

  static NABLA_INLINE Value load(const double* p) { return *p; }
  static NABLA_INLINE void store(double* p, Value x) { *p = x; }
  static NABLA_INLINE Value constant(double x) { return x; }
  static NABLA_INLINE Value bits(std::uint64_t x) { return word::number(x); }
  static NABLA_INLINE Condition truth(Value x) { return x != 0; }
  static NABLA_INLINE Value number(Condition c) { return c ? 1.0 : 0.0; }

  template <Opcode s, typename A>
  static NABLA_INLINE auto make(A a, A b, Value c) {
    using word::bits, word::number;
    if constexpr (s == Opcode::add)
      return a + b;
    else if constexpr (s == Opcode::subtract)
      return a - b;
    else if constexpr (s == Opcode::multiply)
      return a * b;
    else if constexpr (s == Opcode::divide)
      return a / b;
    else if constexpr (s == Opcode::square_root)
      return __builtin_sqrt(a);
    else if constexpr (s == Opcode::multiply_add)
      return __builtin_fma(a, b, c);
    else if constexpr (s == Opcode::multiply_subtract)
      return __builtin_fma(a, b, -c);
    else if constexpr (s == Opcode::subtract_product)
      return __builtin_fma(-a, b, c);
    else if constexpr (s == Opcode::minimum)
      return a < b ? a : b;
    else if constexpr (s == Opcode::maximum)
      return a > b ? a : b;
    else if constexpr (s == Opcode::round_even)
      return __builtin_nearbyint(a);
    else if constexpr (s == Opcode::floor)
      return __builtin_floor(a);
    else if constexpr (s == Opcode::ceiling)
      return __builtin_ceil(a);
    else if constexpr (s == Opcode::truncate)
      return __builtin_trunc(a);
    else if constexpr (s == Opcode::bit_and)
      return number(bits(a) & bits(b));
    else if constexpr (s == Opcode::bit_or)
      return number(bits(a) | bits(b));
    else if constexpr (s == Opcode::bit_xor)
      return number(bits(a) ^ bits(b));
    else if constexpr (s == Opcode::integer_add)
      return number(bits(a) + bits(b));
    else if constexpr (s == Opcode::integer_subtract)
      return number(bits(a) - bits(b));
    else if constexpr (s == Opcode::scale)
      return word::scale(a, b);
    else if constexpr (s == Opcode::less)
      return a < b;
    else if constexpr (s == Opcode::less_equal)
      return a <= b;
    else if constexpr (s == Opcode::equal)
      return a == b;
    else if constexpr (s == Opcode::not_equal)
      return a != b;
    else if constexpr (s == Opcode::both)
      return a && b;
    else if constexpr (s == Opcode::either)
      return a || b;
    else if constexpr (s == Opcode::negation)
      return !a;
  }
  template <Opcode s>
  static NABLA_INLINE Value make(Condition a, Value b, Value c) {
    return a ? b : c;
  }
  template <Opcode s>
  static NABLA_INLINE Value shift(Value a, unsigned by) {
    return word::number(s == Opcode::shift_left ? word::bits(a) << by : word::bits(a) >> by);
  }
  template <Opcode s, int by>
  static NABLA_INLINE Value shift(Value a) {
    return shift<s>(a, by);
  }
  static NABLA_INLINE Value lookup(Value a, std::uint8_t table) {
    return kernel::tables[table][word::bits(a) & 15];
  }

  static NABLA_INLINE Value rescue(Condition where, std::uint8_t f, Value x, Value y) {
    return where ? unary_function(f)(x) : y;
  }
  static NABLA_INLINE Value repair(std::uint8_t f, Value x, Value y, Value z) {
    return z != z ? binary_function(f)(x, y) : z;
  }
  static constexpr bool any_trouble() { return false; }
};

}  // namespace
}  // namespace nabla
