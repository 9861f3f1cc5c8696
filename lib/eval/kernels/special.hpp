#pragma once

// cbrt, erf, hypot.

#include <array>
#include <limits>

#include "lib/eval/kernels/exponential.hpp"
#include "lib/eval/kernels/kernels.hpp"

namespace nabla {

// x = 2^(3q + j) z; a polynomial for the root of z, one step of Halley.
template <class To>
inline auto Kernels<To>::cbrt(Value x) -> Value {
  const Value a = absolute(x);
  const Logarithm l = split_logarithm(a);
  const Value q = floor(mul(l.exponent, number(1.0 / 3)));
  const Value j = fnma(q, number(3), l.exponent);
  const Value start = polynomial(kernel::cbrt_poly, l.z, mul(l.z, l.z));
  const Condition one = less(j, number(0.5)), two = less(j, number(1.5));
  const Value root =
      mul(start,
          select(one, number(1), select(two, number(kernel::cbrt_two), number(kernel::cbrt_four))));
  const Value m = mul(l.z, select(one, number(1), select(two, number(2), number(4))));
  const Value cube = mul(mul(root, root), root);
  const Value step = div(sub(m, cube), fma(cube, number(2), m));
  const Value y = scale(fma(root, step, root), q);
  const Value normal = at_most(0x1.fffffffffffffp1023, at_least(0x1p-1022, a));
  // A constant: clang 14 would call the operator of a literal in a template at run time.
  constexpr Fn itself = "cbrt"_fn;
  return rescue(not_equal(normal, a), itself, x, with_sign(y, sign_of(x)));
}

// Below 0.9 a polynomial; above 1 - exp(-x^2) g(x), where x^2 is exact in two parts.
template <class To>
inline auto Kernels<To>::erf(Value x) -> Value {
  const Value a = at_most(6, absolute(x));
  const Value x2 = mul(a, a), x4 = mul(x2, x2);
  auto c = kernel::erf_poly;
  c[0] -= 1;  // exact; the rest of a is added last
  const Value near = fma(a, polynomial(c, x2, x4), a);
  const Value u = div(sub(a, number(2)), add(a, number(2)));
  const Value tail = mul(exp(flip(x2, number(-0.0))), polynomial(kernel::erfcx_poly, u, mul(u, u)));
  const Value far = fma(tail, fms(a, a, x2), sub(number(1), tail));
  const Value y = select(less(a, number(0.9)), near, far);
  return with_sign(y, sign_of(x));
}

template <class To>
inline auto Kernels<To>::hypot(Value x, Value y) -> Value {
  const Value squares = fma(x, x, mul(y, y));
  const Value nan = number(std::numeric_limits<double>::quiet_NaN());
  const Condition usual = both(less(number(0x1p-900), squares), less(squares, number(0x1p1000)));
  const Value z = select(usual, square_root(squares), nan);
  constexpr Fn itself = "hypot"_fn;
  return repair(itself, x, y, z);
}

}  // namespace nabla
