// exp, expm1 and what is made of them; log and log1p.
//
// Table-driven reduction as in P. T. P. Tang, "Table-driven implementation of the exponential
// function" and "... of the logarithm function in IEEE floating-point arithmetic", ACM TOMS 15
// (1989), 16 (1990).

#include "lib/eval/kernels/kernels.hpp"
#include "lib/eval/kernels/tables.hpp"

namespace nabla {

using namespace kernel;

Kernels::Value Kernels::polynomial(std::span<const double> c, Value x, Value x2) {
  std::size_t i = (c.size() - 1) / 2 * 2;
  const auto pair = [&](std::size_t k) {
    return k + 1 < c.size() ? fma(number(c[k + 1]), x, number(c[k])) : number(c[k]);
  };
  Value sum = pair(i);
  while (i > 0) {
    i -= 2;
    sum = fma(sum, x2, pair(i));
  }
  return sum;
}

Kernels::Exponential Kernels::split_exponent(Value x) {
  Exponential e;
  e.shifted = fma(x, number(sixteen_by_log2), number(word::round_shift));
  const Value n = sub(e.shifted, number(word::round_shift));
  e.rest = fnma(n, number(log2_by_sixteen_low), fnma(n, number(log2_by_sixteen_high), x));
  e.power = lookup(e.shifted, exp2_high_table);
  e.exponent = mul(n, number(1.0 / 16));
  return e;
}

Kernels::Value Kernels::exp(Value x) {
  // Beyond these, infinity and 0 come out by themselves.
  const Exponential e = split_exponent(at_most(710, at_least(-746, x)));
  const Value r2 = mul(e.rest, e.rest);
  const Value p = fma(polynomial(exp_poly, e.rest, r2), r2, e.rest);
  return to_.emit(Opcode::scale, fma(e.power, p, e.power), e.exponent);
}

Kernels::Value Kernels::expm1_of_clamped(Value x) {
  const Exponential e = split_exponent(x);
  const Value r2 = mul(e.rest, e.rest);
  const Value low = lookup(e.shifted, exp2_low_table);
  const Value p = add(fma(polynomial(expm1_poly, e.rest, r2), r2, e.rest), low);
  const Value s = to_.emit(Opcode::scale, e.power, e.exponent);
  return fma(s, p, sub(s, number(1)));
}

Kernels::Value Kernels::expm1(Value x) {
  const Value y = expm1_of_clamped(at_most(709, at_least(-40, x)));
  return rescue(less(number(709), x), "expm1"_fn, x, with_sign(y, sign_of(x)));
}

Kernels::Value Kernels::tanh(Value x) {
  const Value a = absolute(x);
  const Value t = expm1_of_clamped(at_most(44, add(a, a)));
  return with_sign(div(t, add(t, number(2))), sign_of(x));
}

Kernels::Value Kernels::sinh(Value x) {
  const Value a = absolute(x);
  const Value t = expm1_of_clamped(at_most(709, a));
  const Value y = mul(number(0.5), add(t, div(t, add(t, number(1)))));
  return rescue(less(number(709), a), "sinh"_fn, x, with_sign(y, sign_of(x)));
}

Kernels::Value Kernels::cosh(Value x) {
  const Value a = absolute(x);
  const Value h = mul(number(0.5), exp(a));
  return rescue(less(number(709), a), "cosh"_fn, x, add(h, div(number(0.25), h)));
}

// ---- logarithms

namespace {

constexpr std::uint64_t one = 0x3FF0000000000000;
constexpr std::uint64_t lowest = 0x3FE5800000000000;  // 0.671875, where the cells begin
constexpr std::uint64_t mantissa = 0x000FFFFFFFFFFFFF;

}  // namespace

Kernels::Logarithm Kernels::split_logarithm(Value x) {
  Logarithm l;
  const Value shifted = to_.emit(Opcode::integer_add, x, to_.bits(one - lowest));
  const Value cell = shift_right(shifted, 48);
  l.inverse = lookup(cell, log_inverse_table);
  l.value = lookup(cell, log_value_table);
  l.z = to_.emit(Opcode::integer_add, to_.emit(Opcode::bit_and, shifted, to_.bits(mantissa)),
                 to_.bits(lowest));
  // The exponent as a number: below the last place of 2^52.
  l.bits = shift_right(shifted, 52);
  l.exponent = sub(to_.emit(Opcode::bit_or, l.bits, number(0x1p52)), number(0x1p52 + 1023));
  return l;
}

Kernels::Value Kernels::log_from(const Logarithm& l, Value r) {
  const Value r2 = mul(r, r);
  const Value high = fma(l.exponent, number(log2_high), l.value);
  const Value low = fma(polynomial(log1p_poly, r, r2), r2, mul(l.exponent, number(log2_low)));
  return add(high, add(r, low));
}

Kernels::Value Kernels::log(Value x) {
  const Logarithm l = split_logarithm(x);
  const Value y = log_from(l, fms(l.z, l.inverse, number(1)));
  const Value normal = at_most(0x1.fffffffffffffp1023, at_least(0x1p-1022, x));
  return rescue(to_.emit(Opcode::not_equal, normal, x), "log"_fn, x, y);
}

Kernels::Value Kernels::log1p(Value x) {
  // u = 1 + x loses the digits e of x; they come back as e/2^k.
  const Value u = add(x, number(1));
  const Value lost = sub(x, sub(u, number(1)));
  const Logarithm l = split_logarithm(u);
  const Value down = to_.emit(Opcode::integer_subtract, to_.bits(std::uint64_t{2046} << 52),
                              shift_left(l.bits, 52));
  const Value r = fma(mul(lost, down), l.inverse, fms(l.z, l.inverse, number(1)));
  const Value y = with_sign(log_from(l, r), sign_of(x));
  const Value usual = at_most(0x1p1000, at_least(-0x1.fffffffffffffp-1, x));
  return rescue(to_.emit(Opcode::not_equal, usual, x), "log1p"_fn, x, y);
}

}  // namespace nabla
