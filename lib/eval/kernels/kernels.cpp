#include "lib/eval/kernels/kernels.hpp"

#include "lib/eval/kernels/tables.hpp"

namespace nabla {

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
    {"atan"_fn, &Kernels::atan},
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

Kernels::Value Kernels::hypot(Value x, Value y) {
  const Value squares = fma(x, x, mul(y, y));
  const Value nan = number(std::numeric_limits<double>::quiet_NaN());
  const Value usual =
      to_.emit(Opcode::both, less(number(0x1p-900), squares), less(squares, number(0x1p1000)));
  const Value z = select(usual, to_.emit(Opcode::square_root, squares), nan);
  return repair("hypot"_fn, x, y, z);
}

}  // namespace nabla
