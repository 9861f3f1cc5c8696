#include "lib/eval/kernels/kernels.hpp"

#include <array>

#include "lib/eval/kernels/tables.hpp"

namespace nabla {

using namespace kernel;

namespace {

struct UnaryKernel {
  Fn function;
  Kernels::Value (Kernels::*kernel)(Kernels::Value);
};
struct BinaryKernel {
  Fn function;
  Kernels::Value (Kernels::*kernel)(Kernels::Value, Kernels::Value);
};

constexpr UnaryKernel unary_kernels[] = {
    {"exp"_fn, &Kernels::exp},     {"expm1"_fn, &Kernels::expm1}, {"log"_fn, &Kernels::log},
    {"log1p"_fn, &Kernels::log1p}, {"sin"_fn, &Kernels::sin},     {"cos"_fn, &Kernels::cos},
    {"tan"_fn, &Kernels::tan},     {"sinh"_fn, &Kernels::sinh},   {"cosh"_fn, &Kernels::cosh},
    {"tanh"_fn, &Kernels::tanh},   {"asin"_fn, &Kernels::asin},   {"acos"_fn, &Kernels::acos},
    {"atan"_fn, &Kernels::atan},   {"cbrt"_fn, &Kernels::cbrt},   {"erf"_fn, &Kernels::erf},
};
constexpr BinaryKernel binary_kernels[] = {
    {"atan2"_fn, &Kernels::atan2},
    {"hypot"_fn, &Kernels::hypot},
};

}  // namespace

std::optional<Kernels::Value> Kernels::call(Fn f, Value x) {
  for (const auto& [function, kernel] : unary_kernels) {
    if (function == f) return (this->*kernel)(x);
  }
  return std::nullopt;
}

std::optional<Kernels::Value> Kernels::call(Fn f, Value x, Value y) {
  for (const auto& [function, kernel] : binary_kernels) {
    if (function == f) return (this->*kernel)(x, y);
  }
  return std::nullopt;
}

// x = 2^(3q + j) z; a polynomial for the root of z, one step of Halley.
Kernels::Value Kernels::cbrt(Value x) {
  const Value a = absolute(x);
  const Logarithm l = split_logarithm(a);
  const Value q = to_.emit(Opcode::floor, mul(l.exponent, number(1.0 / 3)));
  const Value j = fnma(q, number(3), l.exponent);
  const Value start = polynomial(cbrt_poly, l.z, mul(l.z, l.z));
  const Value one = less(j, number(0.5)), two = less(j, number(1.5));
  const Value root =
      mul(start, select(one, number(1), select(two, number(cbrt_two), number(cbrt_four))));
  const Value m = mul(l.z, select(one, number(1), select(two, number(2), number(4))));
  const Value cube = mul(mul(root, root), root);
  const Value step = div(sub(m, cube), fma(cube, number(2), m));
  const Value y = to_.emit(Opcode::scale, fma(root, step, root), q);
  const Value normal = at_most(0x1.fffffffffffffp1023, at_least(0x1p-1022, a));
  return rescue(to_.emit(Opcode::not_equal, normal, a), "cbrt"_fn, x, with_sign(y, sign_of(x)));
}

// Below 0.9 a polynomial; above 1 - exp(-x^2) g(x), where x^2 is exact in two parts.
Kernels::Value Kernels::erf(Value x) {
  const Value a = at_most(6, absolute(x));
  const Value x2 = mul(a, a), x4 = mul(x2, x2);
  auto c = std::to_array(erf_poly);
  c[0] -= 1;  // exact; the rest of a is added last
  const Value near = fma(a, polynomial(c, x2, x4), a);
  const Value u = div(sub(a, number(2)), add(a, number(2)));
  const Value tail = mul(exp(flip(x2, number(-0.0))), polynomial(erfcx_poly, u, mul(u, u)));
  const Value far = fma(tail, fms(a, a, x2), sub(number(1), tail));
  const Value y = select(less(a, number(0.9)), near, far);
  return with_sign(y, sign_of(x));
}

Kernels::Value Kernels::hypot(Value x, Value y) {
  const Value squares = fma(x, x, mul(y, y));
  const Value nan = number(std::numeric_limits<double>::quiet_NaN());
  const Value usual =
      to_.emit(Opcode::both, less(number(0x1p-900), squares), less(squares, number(0x1p1000)));
  const Value z = select(usual, to_.emit(Opcode::square_root, squares), nan);
  return repair("hypot"_fn, x, y, z);
}

}  // namespace nabla
