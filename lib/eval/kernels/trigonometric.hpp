#pragma once

// sin, cos, tan: reduction by multiples of pi in three parts (W. J. Cody and W. Waite, "Software
// Manual for the Elementary Functions", 1980), exact below a million or so; the inverse functions.

#include <limits>

#include "lib/eval/kernels/kernels.hpp"
#include "lib/eval/kernels/tables.hpp"

namespace nabla {

namespace kernel {

inline constexpr double largest_angle = 3e6;  // multiples below 2^20 keep the parts of pi exact

}  // namespace kernel

// r + r (r^2 p): the 0 that is added makes the product +0 there, so -0 keeps its sign.
template <class To>
inline auto Kernels<To>::sine_of_reduced(Value r, Value sign) -> Value {
  const Value r2 = mul(r, r);
  const Value p = polynomial(kernel::sin_poly, r2, mul(r2, r2));
  return flip(fma(fma(p, r2, number(0)), r, r), sign);
}

template <class To>
inline auto Kernels<To>::sin(Value x) -> Value {
  const Value t = fma(x, number(kernel::one_by_pi), number(word::round_shift));
  const Value n = sub(t, number(word::round_shift));
  const Value r = fnma(n, number(kernel::pi_low),
                       fnma(n, number(kernel::pi_middle), fnma(n, number(kernel::pi_high), x)));
  const Value y = sine_of_reduced(r, shift_left<63>(t));
  // A constant: clang 14 would call the operator of a literal in a template at run time.
  constexpr Fn itself = "sin"_fn;
  return rescue(less(number(kernel::largest_angle), absolute(x)), itself, x, y);
}

// The sine of (q + 1/2) pi - x, q the nearest such integer.
template <class To>
inline auto Kernels<To>::cos(Value x) -> Value {
  const Value t = add(fms(x, number(kernel::one_by_pi), number(0.5)), number(word::round_shift));
  const Value h = add(sub(t, number(word::round_shift)), number(0.5));
  const Value r = fma(h, number(kernel::pi_low),
                      fma(h, number(kernel::pi_middle), fms(h, number(kernel::pi_high), x)));
  const Value y = sine_of_reduced(r, shift_left<63>(t));
  constexpr Fn itself = "cos"_fn;
  return rescue(less(number(kernel::largest_angle), absolute(x)), itself, x, y);
}

template <class To>
inline auto Kernels<To>::tan(Value x) -> Value {
  const Value t = fma(x, number(kernel::two_by_pi), number(word::round_shift));
  const Value n = mul(sub(t, number(word::round_shift)), number(0.5));
  const Value first = fnma(n, number(kernel::pi_middle), fnma(n, number(kernel::pi_high), x));
  const Value r = fnma(n, number(kernel::pi_low), first);
  const Value lost = fnma(n, number(kernel::pi_low), sub(first, r));
  const Value r2 = mul(r, r), r4 = mul(r2, r2);
  const Value cubic = mul(mul(polynomial(kernel::sin_quarter_poly, r2, r4), r2), r);
  // Sine and cosine as sums of two numbers, large and small.
  const Value tail = add(cubic, lost);
  const Value s = with_sign(add(r, tail), sign_of(r)), s_low = add(sub(r, s), tail);
  // 1 - r^2/2, and what that rounds off.
  const Value half = mul(number(0.5), r2), w = sub(number(1), half);
  const Value w_low = fnma(r, lost, sub(sub(number(1), w), half));
  const Value c_tail = fma(polynomial(kernel::cos_quarter_poly, r2, r4), r4, w_low);
  const Value c = add(w, c_tail), c_low = add(sub(w, c), c_tail);
  const Value sign = shift_left<63>(t);  // odd multiples of pi/2: -c/s
  const Condition odd = less(with_sign(number(1), sign), number(0));
  const Value above = select(odd, c, s), below = select(odd, s, c);
  const Value above_low = select(odd, c_low, s_low), below_low = select(odd, s_low, c_low);
  // The quotient, and what its remainder adds; -0 keeps its sign.
  const Value q = div(above, below);
  const Value rest = add(fnma(q, below, above), fnma(q, below_low, above_low));
  const Value y = flip(with_sign(add(q, div(rest, below)), sign_of(q)), sign);
  constexpr Fn itself = "tan"_fn;
  return rescue(less(number(kernel::largest_angle), absolute(x)), itself, x, y);
}

// ---- inverse functions

// atan of |x| by one division: of x, (x - 1)/(x + 1) or -1/x, added to 0, pi/4 or pi/2.
template <class To>
inline auto Kernels<To>::atan(Value x) -> Value {
  const Value a = absolute(x), one = number(1);
  const Condition large = less(number(0x1.3504f333f9de6p1), a);  // 1 + sqrt(2)
  const Condition small = less(a, number(0x1.a827999fcef32p-2));
  const Value above = select(small, a, select(large, number(-1), sub(a, one)));
  const Value below = select(small, one, select(large, a, add(a, one)));
  const Value high =
      select(small, number(0),
             select(large, number(kernel::half_pi_high), number(kernel::quarter_pi_high)));
  const Value low = select(
      small, number(0), select(large, number(kernel::half_pi_low), number(kernel::quarter_pi_low)));
  const Value q = div(above, below), q2 = mul(q, q);
  const Value p = mul(polynomial(kernel::atan_poly, q2, mul(q2, q2)), q2);
  return with_sign(add(high, add(q, fma(p, q, low))), sign_of(x));
}

template <class To>
inline auto Kernels<To>::atan2(Value y, Value x) -> Value {
  // Where the quotient is an ordinary number and the angle not near an end; the rest is the
  // library's.
  const Value q = div(y, x), a = atan(q);
  const Value turned =
      select(less(x, number(0)), with_sign(number(kernel::half_pi_high), sign_of(y)), number(0));
  const Value turned_low =
      select(less(x, number(0)), with_sign(number(kernel::half_pi_low), sign_of(y)), number(0));
  const Value z = add(turned, add(turned, add(a, add(turned_low, turned_low))));
  const Value nan = number(std::numeric_limits<double>::quiet_NaN());
  const Value magnitude = absolute(q);
  const Condition usual = both(less(number(0x1p-900), magnitude), less(magnitude, number(0x1p900)));
  constexpr Fn itself = "atan2"_fn;
  return repair(itself, y, x, select(usual, z, nan));
}

template <class To>
inline auto Kernels<To>::asin_poly(Value t) -> Value {
  return mul(polynomial(kernel::asin_poly, t, mul(t, t)), t);
}

// Beyond 1/2 by asin(x) = pi/2 - 2 asin(sqrt((1 - x)/2)).
template <class To>
inline auto Kernels<To>::asin(Value x) -> Value {
  const Value a = absolute(x);
  const Condition large = less(number(0.5), a);
  const Value half = mul(sub(number(1), a), number(0.5));
  const Value root = square_root(half);
  const Value t = select(large, half, mul(a, a));
  const Value s = select(large, root, a);
  const Value q = fma(s, asin_poly(t), s);
  const Value far = sub(number(kernel::half_pi_high), sub(add(q, q), number(kernel::half_pi_low)));
  return with_sign(select(large, far, q), sign_of(x));
}

template <class To>
inline auto Kernels<To>::acos(Value x) -> Value {
  const Value a = absolute(x);
  const Condition large = less(number(0.5), a);
  const Value half = mul(sub(number(1), a), number(0.5));
  const Value root = square_root(half);
  const Value t = select(large, half, mul(a, a));
  const Value s = select(large, root, x);
  const Value p = mul(s, asin_poly(t)), q = add(s, p);
  const Value near_zero = add(q, q);
  const Value near_pi =
      sub(number(2 * kernel::half_pi_high), sub(near_zero, number(2 * kernel::half_pi_low)));
  const Value middle =
      sub(number(kernel::half_pi_high), sub(s, sub(number(kernel::half_pi_low), p)));
  return select(large, select(less(x, number(0)), near_pi, near_zero), middle);
}

}  // namespace nabla
