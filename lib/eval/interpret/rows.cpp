#include "lib/eval/interpret/rows.hpp"

#include <algorithm>
#include <vector>

namespace nabla {

namespace {

// A function of the program, at each row or at the whole block if it takes blocks.
void apply_function(const ChainStep& i, const RowBlock::Operands& operands, double* to,
                    const RowBlock& block) {
  const UserFunction& function = *block.functions[i.detail];
  const auto count = static_cast<std::size_t>(arity(i.step));
  if (!function.batch) {
    for (std::size_t k = 0; k < block.count; ++k) {
      std::array<double, 3> x{};
      for (std::size_t j = 0; j < count; ++j) x[j] = operands[j][k];
      to[k] = function.value({x.data(), count});
    }
    return;
  }
  function.batch({operands.data(), count}, {to, block.count});
}

}  // namespace

void RowBlock::call(const ChainStep& i, const Operands& operands, double* to,
                    const RowBlock& block) {
  const auto [a, b, c] = operands;
  const std::size_t count = block.count;
  switch (i.step) {
    case Opcode::call: {
      const Unary f = unary_function(i.detail);
      for (std::size_t k = 0; k < count; ++k) to[k] = f(a[k]);
      break;
    }
    case Opcode::call_two: {
      const Binary f = binary_function(i.detail);
      for (std::size_t k = 0; k < count; ++k) to[k] = f(a[k], b[k]);
      break;
    }
    case Opcode::rescue: {
      const Unary f = unary_function(i.detail);
      for (std::size_t k = 0; k < count; ++k) to[k] = a[k] != 0 ? f(b[k]) : c[k];
      break;
    }
    case Opcode::repair: {
      const Binary f = binary_function(i.detail);
      for (std::size_t k = 0; k < count; ++k) to[k] = c[k] != c[k] ? f(a[k], b[k]) : c[k];
      break;
    }
    default: apply_function(i, operands, to, block);
  }
  // Rows that are not there stay ordinary.
  std::fill(to + count, to + block.rows, to[0]);
}

double do_step(const ChainStep& i, double a, double b, double c, Functions functions) {
  if (!applies(i.step)) return apply(i.step, i.detail, a, b, c);
  const double operands[] = {a, b, c};
  return functions[i.detail]->value({operands, static_cast<std::size_t>(arity(i.step))});
}

#if defined(NABLA_X86_INTERPRETERS)
std::span<const RowMachine* const> row_machines() {
  static const RowMachine* const all[] = {&portable_rows, &avx2_rows, &avx512_rows};
  static const std::size_t count =
      !__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")           ? 1
      : !__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512dq") ? 2
                                                                                  : 3;
  return std::span(all).first(count);
}
const PointMachine& point_machine() {
  static const PointMachine& machine =
      __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? fma_point : portable_point;
  return machine;
}
#else
std::span<const RowMachine* const> row_machines() {
  static const RowMachine* const all[] = {&portable_rows};
  return all;
}
const PointMachine& point_machine() { return portable_point; }
#endif

const RowMachine& row_machine() { return *row_machines().back(); }

}  // namespace nabla
