#include "lib/eval/block.hpp"

#include <cmath>

// Rows are independent, also where an instruction writes the register it reads.
#if defined(__clang__)
#pragma clang diagnostic ignored "-Wpass-failed"  // loops that call functions stay as they are
#define NABLA_EACH_ROW _Pragma("clang loop vectorize(assume_safety)")
#elif defined(__GNUC__)
#define NABLA_EACH_ROW _Pragma("GCC ivdep")
#else
#define NABLA_EACH_ROW
#endif

#if defined(__GNUC__)
#define NABLA_INLINE __attribute__((always_inline)) inline
#define NABLA_INLINED \
  __attribute__((always_inline))  // for closures: what they do is compiled where they are used
#else
#define NABLA_INLINE inline
#define NABLA_INLINED
#endif

namespace nabla {

namespace {

using word::bits, word::number;
using Operand = Block::Operand;
using Instruction = Interpreter::Instruction;

template <typename F>
NABLA_INLINE void unary(double* to, Operand a, std::size_t n, F f) {
  const double* x = a.at;
  if (a.uniform) {
    const double value = f(x[0]);
    for (std::size_t i = 0; i < n; ++i) to[i] = value;
    return;
  }
  NABLA_EACH_ROW
  for (std::size_t i = 0; i < n; ++i) to[i] = f(x[i]);
}

template <typename F>
NABLA_INLINE void binary(double* to, Operand a, Operand b, std::size_t n, F f) {
  const double *x = a.at, *y = b.at;
  if (a.uniform) {
    const double u = x[0];
    if (b.uniform) {
      const double value = f(u, y[0]);
      for (std::size_t i = 0; i < n; ++i) to[i] = value;
      return;
    }
    NABLA_EACH_ROW
    for (std::size_t i = 0; i < n; ++i) to[i] = f(u, y[i]);
  } else if (b.uniform) {
    const double v = y[0];
    NABLA_EACH_ROW
    for (std::size_t i = 0; i < n; ++i) to[i] = f(x[i], v);
  } else {
    NABLA_EACH_ROW
    for (std::size_t i = 0; i < n; ++i) to[i] = f(x[i], y[i]);
  }
}

template <typename F>
NABLA_INLINE void ternary(double* to, Operand a, Operand b, Operand c, std::size_t n, F f) {
  const double *x = a.at, *y = b.at, *z = c.at;
  const auto with = [&](auto third) NABLA_INLINED {
    if (a.uniform) {
      const double u = x[0];
      if (b.uniform) {
        const double v = y[0];
        NABLA_EACH_ROW
        for (std::size_t i = 0; i < n; ++i) to[i] = f(u, v, third(i));
        return;
      }
      NABLA_EACH_ROW
      for (std::size_t i = 0; i < n; ++i) to[i] = f(u, y[i], third(i));
    } else if (b.uniform) {
      const double v = y[0];
      NABLA_EACH_ROW
      for (std::size_t i = 0; i < n; ++i) to[i] = f(x[i], v, third(i));
    } else {
      NABLA_EACH_ROW
      for (std::size_t i = 0; i < n; ++i) to[i] = f(x[i], y[i], third(i));
    }
  };
  if (c.uniform) {
    const double w = z[0];
    with([w](std::size_t) NABLA_INLINED { return w; });
  } else {
    with([z](std::size_t i) NABLA_INLINED { return z[i]; });
  }
}

// Rows without trouble keep y, and a block without trouble costs one look.
NABLA_INLINE void rescue(double* to, Operand a, Operand b, Operand c, std::size_t n, Unary f) {
  const std::size_t i = a.uniform ? 0 : 1, j = b.uniform ? 0 : 1, k = c.uniform ? 0 : 1;
  const double *x = a.at, *y = b.at, *z = c.at;
  for (std::size_t at = 0; at < n; ++at) to[at] = x[at * i] != 0 ? f(y[at * j]) : z[at * k];
}

NABLA_INLINE void repair(double* to, Operand a, Operand b, Operand c, std::size_t n, Binary f) {
  const std::size_t i = a.uniform ? 0 : 1, j = b.uniform ? 0 : 1, k = c.uniform ? 0 : 1;
  const double *x = a.at, *y = b.at, *z = c.at;
  for (std::size_t at = 0; at < n; ++at) {
    const double value = z[at * k];
    to[at] = value != value ? f(x[at * i], y[at * j]) : value;
  }
}

// The meaning of a step by itself, where the compiler sees which one it is.
template <Opcode s>
NABLA_INLINE double value(double a, double b, double c) {
  if constexpr (s == Opcode::add) return a + b;
  if constexpr (s == Opcode::subtract) return a - b;
  if constexpr (s == Opcode::multiply) return a * b;
  if constexpr (s == Opcode::divide) return a / b;
  if constexpr (s == Opcode::square_root) return std::sqrt(a);
  if constexpr (s == Opcode::less) return a < b ? 1.0 : 0.0;
  if constexpr (s == Opcode::less_equal) return a <= b ? 1.0 : 0.0;
  if constexpr (s == Opcode::equal) return a == b ? 1.0 : 0.0;
  if constexpr (s == Opcode::not_equal) return a != b ? 1.0 : 0.0;
  if constexpr (s == Opcode::both) return ((a != 0) & (b != 0)) ? 1.0 : 0.0;
  if constexpr (s == Opcode::either) return ((a != 0) | (b != 0)) ? 1.0 : 0.0;
  if constexpr (s == Opcode::negation) return a == 0 ? 1.0 : 0.0;
  if constexpr (s == Opcode::select) return a != 0 ? b : c;
  if constexpr (s == Opcode::multiply_add) return __builtin_fma(a, b, c);
  if constexpr (s == Opcode::multiply_subtract) return __builtin_fma(a, b, -c);
  if constexpr (s == Opcode::subtract_product) return __builtin_fma(-a, b, c);
  if constexpr (s == Opcode::minimum) return a < b ? a : b;
  if constexpr (s == Opcode::maximum) return a > b ? a : b;
  if constexpr (s == Opcode::round_even) return std::nearbyint(a);
  if constexpr (s == Opcode::floor) return std::floor(a);
  if constexpr (s == Opcode::ceiling) return std::ceil(a);
  if constexpr (s == Opcode::truncate) return std::trunc(a);
  if constexpr (s == Opcode::bit_and) return number(bits(a) & bits(b));
  if constexpr (s == Opcode::bit_or) return number(bits(a) | bits(b));
  if constexpr (s == Opcode::bit_xor) return number(bits(a) ^ bits(b));
  if constexpr (s == Opcode::integer_add) return number(bits(a) + bits(b));
  if constexpr (s == Opcode::integer_subtract) return number(bits(a) - bits(b));
  if constexpr (s == Opcode::scale) return word::scale(a, b);
  return 0;
}

// A function of the program, at each row or at the whole block if it takes blocks.
void apply_function(const Instruction& i, const Block& block) {
  const UserFunction& function = *block.functions[i.detail];
  const auto operand_count = static_cast<std::size_t>(arity(i.step));
  const std::array operands{block.operand(i.a), block.operand(i.b), block.operand(i.c)};
  double* const to = block.target(i.to);
  if (!function.batch) {
    for (std::size_t k = 0; k < block.count; ++k) {
      std::array<double, 3> x{};
      for (std::size_t j = 0; j < operand_count; ++j)
        x[j] = operands[j].at[operands[j].uniform ? 0 : k];
      to[k] = function.value({x.data(), operand_count});
    }
    return;
  }
  // Every column has an entry per row, and none is the one that is written.
  std::vector<double> room((operand_count + 1) * block.count);
  std::array<const double*, 3> columns{};
  for (std::size_t j = 0; j < operand_count; ++j) {
    double* const column = room.data() + j * block.count;
    for (std::size_t k = 0; k < block.count; ++k) {
      column[k] = operands[j].at[operands[j].uniform ? 0 : k];
    }
    columns[j] = column;
  }
  const std::span result(room.data() + operand_count * block.count, block.count);
  function.batch({columns.data(), operand_count}, result);
  std::ranges::copy(result, to);
}

NABLA_INLINE void each_block(std::span<const Instruction> code, const Block& block) {
  const std::size_t n = block.count;
  for (const Instruction& i : code) {
    double* to = block.target(i.to);
    const Operand a = block.operand(i.a);
    const auto b = [&] { return block.operand(i.b); };
    const auto c = [&] { return block.operand(i.c); };
    switch (i.step) {
#define NABLA_ONE(s)                                                                   \
  case Opcode::s:                                                                      \
    unary(to, a, n, [](double x) NABLA_INLINED { return value<Opcode::s>(x, 0, 0); }); \
    break;
#define NABLA_TWO(s)                                                                    \
  case Opcode::s:                                                                       \
    binary(to, a, b(), n,                                                               \
           [](double x, double y) NABLA_INLINED { return value<Opcode::s>(x, y, 0); }); \
    break;
#define NABLA_THREE(s)                                                                             \
  case Opcode::s:                                                                                  \
    ternary(to, a, b(), c(), n,                                                                    \
            [](double x, double y, double z) NABLA_INLINED { return value<Opcode::s>(x, y, z); }); \
    break;
      NABLA_TWO(add)
      NABLA_TWO(subtract)
      NABLA_TWO(multiply)
      NABLA_TWO(divide)
      NABLA_ONE(square_root)
      NABLA_TWO(less)
      NABLA_TWO(less_equal)
      NABLA_TWO(equal)
      NABLA_TWO(not_equal)
      NABLA_TWO(both)
      NABLA_TWO(either)
      NABLA_ONE(negation)
      NABLA_THREE(select)
      NABLA_THREE(multiply_add)
      NABLA_THREE(multiply_subtract)
      NABLA_THREE(subtract_product)
      NABLA_TWO(minimum)
      NABLA_TWO(maximum)
      NABLA_ONE(round_even)
      NABLA_ONE(floor)
      NABLA_ONE(ceiling)
      NABLA_ONE(truncate)
      NABLA_TWO(bit_and)
      NABLA_TWO(bit_or)
      NABLA_TWO(bit_xor)
      NABLA_TWO(integer_add)
      NABLA_TWO(integer_subtract)
      NABLA_TWO(scale)
#undef NABLA_ONE
#undef NABLA_TWO
#undef NABLA_THREE
      case Opcode::shift_left:
        unary(to, a, n, [d = i.detail](double x) NABLA_INLINED { return number(bits(x) << d); });
        break;
      case Opcode::shift_right:
        unary(to, a, n, [d = i.detail](double x) NABLA_INLINED { return number(bits(x) >> d); });
        break;
      case Opcode::lookup:
        unary(to, a, n,
              [t = table_of(i.detail).data()](double x) NABLA_INLINED { return t[bits(x) & 15]; });
        break;
      case Opcode::call:
        unary(to, a, n, [f = unary_function(i.detail)](double x) NABLA_INLINED { return f(x); });
        break;
      case Opcode::call_two:
        binary(to, a, b(), n, [f = binary_function(i.detail)](double x, double y) NABLA_INLINED {
          return f(x, y);
        });
        break;
      case Opcode::apply_one:
      case Opcode::apply_two:
      case Opcode::apply_three: apply_function(i, block); break;
      case Opcode::rescue: rescue(to, a, b(), c(), n, unary_function(i.detail)); break;
      case Opcode::repair: repair(to, a, b(), c(), n, binary_function(i.detail)); break;
    }
  }
}

NABLA_INLINE void each_step(std::span<const Instruction> code, Functions functions, double* r) {
  for (const Instruction& i : code) {
    const double a = r[i.a];
    double& to = r[i.to];
    switch (i.step) {
      case Opcode::add: to = a + r[i.b]; break;
      case Opcode::subtract: to = a - r[i.b]; break;
      case Opcode::multiply: to = a * r[i.b]; break;
      case Opcode::divide: to = a / r[i.b]; break;
      case Opcode::multiply_add: to = __builtin_fma(a, r[i.b], r[i.c]); break;
      case Opcode::multiply_subtract: to = __builtin_fma(a, r[i.b], -r[i.c]); break;
      case Opcode::subtract_product: to = __builtin_fma(-a, r[i.b], r[i.c]); break;
      case Opcode::bit_xor: to = number(bits(a) ^ bits(r[i.b])); break;
      case Opcode::bit_and: to = number(bits(a) & bits(r[i.b])); break;
      case Opcode::apply_one:
      case Opcode::apply_two:
      case Opcode::apply_three: {
        const double operands[] = {a, r[i.b], r[i.c]};
        to = functions[i.detail]->value({operands, static_cast<std::size_t>(arity(i.step))});
        break;
      }
      default: to = apply(i.step, i.detail, a, r[i.b], r[i.c]);
    }
  }
}

}  // namespace

// One version of the loops per vector width, chosen at run time. They agree bit for bit: products
// are fused where a step says so and nowhere else, and rows do not mix.
#if defined(__x86_64__) && defined(__GNUC__)
#if defined(__clang__)  // which takes no width here
#define NABLA_512 __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,avx2,fma")))
#else
#define NABLA_512 \
  __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,avx2,fma,prefer-vector-width=512")))
#endif
#define NABLA_256 __attribute__((target("avx2,fma")))
namespace {
NABLA_512 void run_block_512(std::span<const Instruction> c, const Block& b) { each_block(c, b); }
NABLA_256 void run_block_256(std::span<const Instruction> c, const Block& b) { each_block(c, b); }
NABLA_256 void run_point_256(std::span<const Instruction> c, Functions f, double* r) {
  each_step(c, f, r);
}
}  // namespace

void run_block(std::span<const Instruction> code, const Block& block) {
  if (__builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
    run_block_512(code, block);
  } else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    run_block_256(code, block);
  } else {
    each_block(code, block);
  }
}

void run_point(std::span<const Instruction> code, Functions functions, double* registers) {
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    run_point_256(code, functions, registers);
  } else {
    each_step(code, functions, registers);
  }
}
#else
void run_block(std::span<const Instruction> code, const Block& block) { each_block(code, block); }
void run_point(std::span<const Instruction> code, Functions functions, double* registers) {
  each_step(code, functions, registers);
}
#endif

}  // namespace nabla
