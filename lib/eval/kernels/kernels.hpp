#pragma once

// Vector mathematics: elementary functions as sequences of steps, so that a batch, a single point
// and every engine compute them alike. Numbers come from derive.sollya. Largest errors, in units in
// the last place, stand in docs/performance.md and are tested against MPFR.
//
// What a kernel does not cover (huge arguments of sin, overflow of expm1) goes to the C library,
// one lane at a time, by the steps `rescue` and `repair`.

#include <array>
#include <cstddef>
#include <cstdint>

#include "lib/eval/inline.hpp"
#include "lib/eval/opcode.hpp"

namespace nabla {

// `To` takes the steps, of which it has
//   make<step>(a, b, c), shift<step, by>(a), lookup(a, table), constant(x), bits(pattern),
//   rescue(condition, f, x, y), repair(f, x, y, z)
// on values and conditions of its own types: code is written, or vectors are computed.
template <class To>
class Kernels {
 public:
  using Value = typename To::Value;
  using Condition = typename To::Condition;
  explicit Kernels(To& to) : to_(to) {}

  NABLA_INLINE Value exp(Value);
  NABLA_INLINE Value expm1(Value);
  NABLA_INLINE Value log(Value);
  NABLA_INLINE Value log1p(Value);
  NABLA_INLINE Value sin(Value);
  NABLA_INLINE Value cos(Value);
  NABLA_INLINE Value tan(Value);
  NABLA_INLINE Value sinh(Value);
  NABLA_INLINE Value cosh(Value);
  NABLA_INLINE Value tanh(Value);
  NABLA_INLINE Value asin(Value);
  NABLA_INLINE Value acos(Value);
  NABLA_INLINE Value atan(Value);
  NABLA_INLINE Value atan2(Value, Value);
  NABLA_INLINE Value cbrt(Value);
  NABLA_INLINE Value erf(Value);
  NABLA_INLINE Value power(Value, Value);
  NABLA_INLINE Value hypot(Value, Value);

 private:
  // x = 2^(n/16) (1 + p) in parts; `scaled` is 2^(n/16).
  struct Exponential {
    Value shifted;   // its lowest bits are n
    Value power;     // 2^((n mod 16)/16)
    Value rest;      // r, |r| <= log(2)/32
    Value exponent;  // n/16
    Value lost;      // what r was rounded by, where asked for
  };
  NABLA_INLINE Exponential split_exponent(Value, bool exact = false);
  NABLA_INLINE Value expm1_of_clamped(Value);

  struct Logarithm {
    Value exponent;  // k, a number
    Value bits;      // k + 1023 where the exponent of a number stands
    Value z, inverse, value;
  };
  NABLA_INLINE Logarithm split_logarithm(Value);
  NABLA_INLINE Value log_from(const Logarithm&, Value r);

  NABLA_INLINE Value sine_of_reduced(Value r, Value sign);
  NABLA_INLINE Value asin_poly(Value t);  // (asin(x) - x)/x, t = x^2

  // sum of c[i] x^i; pairs first, which halves the chain of operations.
  template <std::size_t from = 0, std::size_t count>
  NABLA_INLINE Value polynomial(const std::array<double, count>& c, Value x, Value x2) {
    const auto pair = [&]() NABLA_INLINED {
      if constexpr (from + 1 < count) {
        return fma(number(c[from + 1]), x, number(c[from]));
      } else {
        return number(c[from]);
      }
    };
    if constexpr (from + 2 >= count) {
      return pair();
    } else {
      const Value sum = polynomial<from + 2>(c, x, x2);
      return fma(sum, x2, pair());
    }
  }

  NABLA_INLINE Value number(double x) { return to_.constant(x); }
  template <Opcode s>
  NABLA_INLINE Value make(Value a, Value b) {
    return to_.template make<s>(a, b, Value{});
  }
  NABLA_INLINE Value add(Value a, Value b) { return make<Opcode::add>(a, b); }
  NABLA_INLINE Value sub(Value a, Value b) { return make<Opcode::subtract>(a, b); }
  NABLA_INLINE Value mul(Value a, Value b) { return make<Opcode::multiply>(a, b); }
  NABLA_INLINE Value div(Value a, Value b) { return make<Opcode::divide>(a, b); }
  NABLA_INLINE Value square_root(Value a) { return make<Opcode::square_root>(a, Value{}); }
  NABLA_INLINE Value floor(Value a) { return make<Opcode::floor>(a, Value{}); }
  NABLA_INLINE Value scale(Value a, Value b) { return make<Opcode::scale>(a, b); }
  NABLA_INLINE Value fma(Value a, Value b, Value c) {
    return to_.template make<Opcode::multiply_add>(a, b, c);
  }
  NABLA_INLINE Value fms(Value a, Value b, Value c) {
    return to_.template make<Opcode::multiply_subtract>(a, b, c);
  }
  NABLA_INLINE Value fnma(Value a, Value b, Value c) {
    return to_.template make<Opcode::subtract_product>(a, b, c);
  }
  NABLA_INLINE Value at_most(double limit, Value x) {
    return make<Opcode::minimum>(number(limit), x);
  }
  NABLA_INLINE Value at_least(double limit, Value x) {
    return make<Opcode::maximum>(number(limit), x);
  }
  NABLA_INLINE Value absolute(Value x) {
    return make<Opcode::bit_and>(x, to_.bits(~std::uint64_t{0} >> 1));
  }
  NABLA_INLINE Value sign_of(Value x) { return make<Opcode::bit_and>(x, number(-0.0)); }
  NABLA_INLINE Value with_sign(Value x, Value sign) { return make<Opcode::bit_or>(x, sign); }
  NABLA_INLINE Value flip(Value x, Value sign) { return make<Opcode::bit_xor>(x, sign); }
  template <int by>
  NABLA_INLINE Value shift_left(Value x) {
    return to_.template shift<Opcode::shift_left, by>(x);
  }
  template <int by>
  NABLA_INLINE Value shift_right(Value x) {
    return to_.template shift<Opcode::shift_right, by>(x);
  }
  NABLA_INLINE Value lookup(Value x, std::uint8_t table) { return to_.lookup(x, table); }
  NABLA_INLINE Condition less(Value a, Value b) {
    return to_.template make<Opcode::less>(a, b, Value{});
  }
  NABLA_INLINE Condition equal(Value a, Value b) {
    return to_.template make<Opcode::equal>(a, b, Value{});
  }
  NABLA_INLINE Condition not_equal(Value a, Value b) {
    return to_.template make<Opcode::not_equal>(a, b, Value{});
  }
  NABLA_INLINE Condition both(Condition a, Condition b) {
    return to_.template make<Opcode::both>(a, b, Value{});
  }
  NABLA_INLINE Value select(Condition c, Value x, Value y) {
    return to_.template make<Opcode::select>(c, x, y);
  }
  NABLA_INLINE Value rescue(Condition where, Fn f, Value x, Value y) {
    return to_.rescue(where, static_cast<std::uint8_t>(f), x, y);
  }
  NABLA_INLINE Value repair(Fn f, Value x, Value y, Value z) {
    return to_.repair(static_cast<std::uint8_t>(f), x, y, z);
  }

  To& to_;
};

}  // namespace nabla
