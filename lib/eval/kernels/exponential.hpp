#pragma once

// exp, expm1 and what is made of them; log and log1p.
//
// Table-driven reduction as in P. T. P. Tang, "Table-driven implementation of the exponential
// function" and "... of the logarithm function in IEEE floating-point arithmetic", ACM TOMS 15
// (1989), 16 (1990).

#include <limits>

#include "lib/eval/kernels/kernels.hpp"
#include "lib/eval/kernels/tables.hpp"

namespace nabla {

template <class To>
inline auto Kernels<To>::split_exponent(Value x, bool exact) -> Exponential {
  Exponential e;
  e.shifted = fma(x, number(kernel::sixteen_by_log2), number(word::round_shift));
  const Value n = sub(e.shifted, number(word::round_shift));
  const Value first = fnma(n, number(kernel::log2_by_sixteen_high), x);
  e.rest = fnma(n, number(kernel::log2_by_sixteen_low), first);
  if (exact) e.lost = fnma(n, number(kernel::log2_by_sixteen_low), sub(first, e.rest));
  e.power = lookup(e.shifted, kernel::exp2_high_table);
  e.exponent = mul(n, number(1.0 / 16));
  return e;
}

template <class To>
inline auto Kernels<To>::exp(Value x) -> Value {
  // Beyond these, infinity and 0 come out by themselves.
  const Exponential e = split_exponent(at_most(710, at_least(-746, x)));
  const Value r2 = mul(e.rest, e.rest);
  const Value p = fma(polynomial(kernel::exp_poly, e.rest, r2), r2, e.rest);
  return scale(fma(e.power, p, e.power), e.exponent);
}

template <class To>
inline auto Kernels<To>::expm1_of_clamped(Value x) -> Value {
  const Exponential e = split_exponent(x, true);
  // What the reduction rounded off comes back with the low part of the table.
  const Value r2 = mul(e.rest, e.rest);
  const Value low = add(lookup(e.shifted, kernel::exp2_low_table), e.lost);
  const Value w = fma(polynomial(kernel::expm1_poly, e.rest, r2), r2, low);
  const Value s = scale(e.power, e.exponent);
  // s - 1 is exact or larger than s r, so what their sum is rounded by is known.
  const Value below = sub(s, number(1)), high = fma(s, e.rest, below);
  return add(high, fma(s, w, fma(s, e.rest, sub(below, high))));
}

template <class To>
inline auto Kernels<To>::expm1(Value x) -> Value {
  const Value y = expm1_of_clamped(at_most(709, at_least(-40, x)));
  // A constant: clang 14 would call the operator of a literal in a template at run time.
  constexpr Fn itself = "expm1"_fn;
  return rescue(less(number(709), x), itself, x, with_sign(y, sign_of(x)));
}

template <class To>
inline auto Kernels<To>::tanh(Value x) -> Value {
  const Value a = absolute(x);
  const Value t = expm1_of_clamped(at_most(44, add(a, a)));
  const Value d = add(t, number(2)), q = div(t, d);
  // What d was rounded by counts where d is near 2; 1 - d/4 is near enough to 1/d there.
  const Value lost = sub(t, sub(d, number(2)));
  const Value weight = at_least(0, fnma(number(0.25), d, number(1)));
  return with_sign(fnma(mul(q, lost), weight, q), sign_of(x));
}

template <class To>
inline auto Kernels<To>::sinh(Value x) -> Value {
  const Value a = absolute(x);
  const Value t = expm1_of_clamped(at_most(709, a));
  const Value d = add(t, number(1)), q = div(t, d);
  // What d was rounded by counts where d is near 1, and 1/d near 3/2 - d/2.
  const Value lost = sub(t, sub(d, number(1)));
  const Value weight = at_least(0, fnma(number(0.5), d, number(1.5)));
  const Value y = mul(number(0.5), add(t, fnma(mul(q, lost), weight, q)));
  constexpr Fn itself = "sinh"_fn;
  return rescue(less(number(709), a), itself, x, with_sign(y, sign_of(x)));
}

template <class To>
inline auto Kernels<To>::cosh(Value x) -> Value {
  const Value a = absolute(x);
  const Value h = mul(number(0.5), exp(a));
  constexpr Fn itself = "cosh"_fn;
  return rescue(less(number(709), a), itself, x, add(h, div(number(0.25), h)));
}

// ---- logarithms

namespace kernel {

inline constexpr std::uint64_t one = 0x3FF0000000000000;
inline constexpr std::uint64_t lowest = 0x3FE5800000000000;  // 0.671875, where the cells begin
inline constexpr std::uint64_t mantissa = 0x000FFFFFFFFFFFFF;

}  // namespace kernel

template <class To>
inline auto Kernels<To>::split_logarithm(Value x) -> Logarithm {
  Logarithm l;
  const Value shifted = make<Opcode::integer_add>(x, to_.bits(kernel::one - kernel::lowest));
  const Value cell = shift_right<48>(shifted);
  l.inverse = lookup(cell, kernel::log_inverse_table);
  l.value = lookup(cell, kernel::log_value_table);
  l.z = make<Opcode::integer_add>(make<Opcode::bit_and>(shifted, to_.bits(kernel::mantissa)),
                                  to_.bits(kernel::lowest));
  // The exponent as a number: below the last place of 2^52.
  l.bits = shift_right<52>(shifted);
  l.exponent = sub(make<Opcode::bit_or>(l.bits, number(0x1p52)), number(0x1p52 + 1023));
  return l;
}

template <class To>
inline auto Kernels<To>::log_from(const Logarithm& l, Value r) -> Value {
  const Value r2 = mul(r, r);
  const Value high = fma(l.exponent, number(kernel::log2_high), l.value);
  const Value low =
      fma(polynomial(kernel::log1p_poly, r, r2), r2, mul(l.exponent, number(kernel::log2_low)));
  return add(high, add(r, low));
}

template <class To>
inline auto Kernels<To>::log(Value x) -> Value {
  const Logarithm l = split_logarithm(x);
  const Value y = log_from(l, fms(l.z, l.inverse, number(1)));
  const Value normal = at_most(0x1.fffffffffffffp1023, at_least(0x1p-1022, x));
  constexpr Fn itself = "log"_fn;
  return rescue(not_equal(normal, x), itself, x, y);
}

// exp(y log x) with log x and its product with y in two parts each, as in S. Nagy's pow of the Arm
// optimized routines.
template <class To>
inline auto Kernels<To>::power(Value x, Value y) -> Value {
  const Logarithm l = split_logarithm(x);
  const Value zi = mul(l.z, l.inverse), zi_low = fms(l.z, l.inverse, zi);
  const Value r = sub(zi, number(1));
  const Value k_log2 = mul(l.exponent, number(kernel::log2_high));
  const Value t = add(k_log2, l.value), t_low = sub(l.value, sub(t, k_log2));
  const Value u = add(t, r), u_low = sub(r, sub(u, t));
  const Value half = mul(r, number(-0.5)), square = mul(half, r);
  const Value high = add(u, square);
  const Value square_low = add(sub(square, sub(high, u)), fms(half, r, square));
  const Value r2 = mul(r, r);
  const Value cubic = mul(polynomial(kernel::log1p_cubic_poly, r, r2), mul(r2, r));
  const Value first_order = fnma(zi_low, r, zi_low);  // zi_low/(1 + r)
  const Value low = add(add(add(add(t_low, u_low), square_low), add(first_order, cubic)),
                        mul(l.exponent, number(kernel::log2_low)));

  const Value e_high = mul(y, high);
  const Value e_low = fma(y, low, fms(y, high, e_high));
  const Exponential e = split_exponent(e_high, false);
  const Value s = add(e.rest, e_low), s2 = mul(s, s);
  const Value p = add(fma(polynomial(kernel::expm1_poly, s, s2), s2, s),
                      lookup(e.shifted, kernel::exp2_low_table));
  const Value z = scale(fma(e.power, p, e.power), e.exponent);

  const Value normal = at_most(0x1.fffffffffffffp1023, at_least(0x1p-1022, x));
  const Condition usual = both(equal(normal, x), less(absolute(e_high), number(700)));
  const Value nan = number(std::numeric_limits<double>::quiet_NaN());
  return to_.repair(power_function, x, y, select(usual, z, nan));
}

template <class To>
inline auto Kernels<To>::log1p(Value x) -> Value {
  // u = 1 + x loses the digits e of x; they come back as e/2^k.
  const Value u = add(x, number(1));
  const Value lost = sub(x, sub(u, number(1)));
  const Logarithm l = split_logarithm(u);
  const Value down =
      make<Opcode::integer_subtract>(to_.bits(std::uint64_t{2046} << 52), shift_left<52>(l.bits));
  const Value r = fma(mul(lost, down), l.inverse, fms(l.z, l.inverse, number(1)));
  const Value y = with_sign(log_from(l, r), sign_of(x));
  const Value usual = at_most(0x1p1000, at_least(-0x1.fffffffffffffp-1, x));
  constexpr Fn itself = "log1p"_fn;
  return rescue(not_equal(usual, x), itself, x, y);
}

}  // namespace nabla
