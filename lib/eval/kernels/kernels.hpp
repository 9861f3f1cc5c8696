#pragma once

// Vector mathematics: elementary functions as sequences of steps, so that a batch, a single point
// and every engine compute them alike. Numbers come from derive.sollya. Largest errors, in units in
// the last place, stand in docs/performance.md and are tested against MPFR.
//
// What a kernel does not cover (huge arguments of sin, overflow of expm1) goes to the C library,
// one lane at a time, by the steps `rescue` and `repair`.

#include <cstdint>
#include <optional>

#include "lib/eval/code_builder.hpp"

namespace nabla {

class Kernels {
 public:
  using Value = CodeBuilder::Value;
  explicit Kernels(CodeBuilder& to) : to_(to) {}

  // Nothing where the function has no kernel.
  std::optional<Value> call(Fn, Value x);
  std::optional<Value> call(Fn, Value x, Value y);

  Value exp(Value);
  Value expm1(Value);
  Value log(Value);
  Value log1p(Value);
  Value sin(Value);
  Value cos(Value);
  Value tan(Value);
  Value sinh(Value);
  Value cosh(Value);
  Value tanh(Value);
  Value asin(Value);
  Value acos(Value);
  Value atan(Value);
  Value atan2(Value, Value);
  Value cbrt(Value);
  Value erf(Value);
  Value power(Value, Value);
  Value hypot(Value, Value);

 private:
  // x = 2^(n/16) (1 + p) in parts; `scaled` is 2^(n/16).
  struct Exponential {
    Value shifted;                   // its lowest bits are n
    Value power;                     // 2^((n mod 16)/16)
    Value rest;                      // r, |r| <= log(2)/32
    Value exponent;                  // n/16
    Value lost = CodeBuilder::none;  // what r was rounded by, where asked for
  };
  Exponential split_exponent(Value, bool exact = false);
  Value expm1_of_clamped(Value);

  struct Logarithm {
    Value exponent;  // k, a number
    Value bits;      // k + 1023 where the exponent of a number stands
    Value z, inverse, value;
  };
  Logarithm split_logarithm(Value);
  Value log_from(const Logarithm&, Value r);

  Value sine_of_reduced(Value r, Value sign);
  Value asin_poly(Value t);  // (asin(x) - x)/x, t = x^2

  // sum of c[i] x^i; pairs first, which halves the chain of operations.
  Value polynomial(std::span<const double> c, Value x, Value x2);

  Value number(double x) { return to_.constant(x); }
  Value add(Value a, Value b) { return to_.emit(Opcode::add, a, b); }
  Value sub(Value a, Value b) { return to_.emit(Opcode::subtract, a, b); }
  Value mul(Value a, Value b) { return to_.emit(Opcode::multiply, a, b); }
  Value div(Value a, Value b) { return to_.emit(Opcode::divide, a, b); }
  Value fma(Value a, Value b, Value c) { return to_.emit(Opcode::multiply_add, a, b, c); }
  Value fms(Value a, Value b, Value c) { return to_.emit(Opcode::multiply_subtract, a, b, c); }
  Value fnma(Value a, Value b, Value c) { return to_.emit(Opcode::subtract_product, a, b, c); }
  Value at_most(double limit, Value x) { return to_.emit(Opcode::minimum, number(limit), x); }
  Value at_least(double limit, Value x) { return to_.emit(Opcode::maximum, number(limit), x); }
  Value absolute(Value x) { return to_.emit(Opcode::bit_and, x, to_.bits(~std::uint64_t{0} >> 1)); }
  Value sign_of(Value x) { return to_.emit(Opcode::bit_and, x, number(-0.0)); }
  Value with_sign(Value x, Value sign) { return to_.emit(Opcode::bit_or, x, sign); }
  Value flip(Value x, Value sign) { return to_.emit(Opcode::bit_xor, x, sign); }
  Value shift_left(Value x, std::uint8_t by) {
    return to_.emit(Opcode::shift_left, x, CodeBuilder::none, CodeBuilder::none, by);
  }
  Value shift_right(Value x, std::uint8_t by) {
    return to_.emit(Opcode::shift_right, x, CodeBuilder::none, CodeBuilder::none, by);
  }
  Value lookup(Value x, std::uint8_t table) {
    return to_.emit(Opcode::lookup, x, CodeBuilder::none, CodeBuilder::none, table);
  }
  Value less(Value a, Value b) { return to_.emit(Opcode::less, a, b); }
  Value select(Value c, Value x, Value y) { return to_.emit(Opcode::select, c, x, y); }
  Value rescue(Value where, Fn f, Value x, Value y) {
    return to_.emit(Opcode::rescue, where, x, y, static_cast<std::uint8_t>(f));
  }
  Value repair(Fn f, Value x, Value y, Value z) {
    return to_.emit(Opcode::repair, x, y, z, static_cast<std::uint8_t>(f));
  }

  CodeBuilder& to_;
};

}  // namespace nabla
