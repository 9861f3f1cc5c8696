#include "lib/eval/block.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

// Rows are independent, also where an instruction writes the register it reads.
#if defined(__clang__)
#pragma clang diagnostic ignored "-Wpass-failed"  // loops that call functions stay as they are
#define NABLA_EACH_ROW _Pragma("clang loop vectorize(assume_safety)")
#elif defined(__GNUC__)
#define NABLA_EACH_ROW _Pragma("GCC ivdep")
#else
#define NABLA_EACH_ROW
#endif

// One version of the kernels per vector width, chosen when the program starts. The widths agree bit
// for bit: there is no fused multiply-add and rows do not mix.
// Sanitizers are not ready when the version is chosen.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define NABLA_WIDE __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define NABLA_WIDE
#endif
#if defined(__GNUC__)
#define NABLA_INLINE __attribute__((always_inline)) inline
#else
#define NABLA_INLINE inline
#endif

namespace nabla {

namespace {

using Operand = Block::Operand;

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

NABLA_INLINE void choose(double* to, Operand a, Operand b, Operand c, std::size_t n) {
  if (a.uniform || b.uniform || c.uniform) {
    const std::size_t i = a.uniform ? 0 : 1, j = b.uniform ? 0 : 1, k = c.uniform ? 0 : 1;
    const double *x = a.at, *y = b.at, *z = c.at;
    for (std::size_t at = 0; at < n; ++at) to[at] = x[at * i] != 0 ? y[at * j] : z[at * k];
    return;
  }
  const double *x = a.at, *y = b.at, *z = c.at;
  NABLA_EACH_ROW
  for (std::size_t i = 0; i < n; ++i) {
    const double then = y[i], otherwise = z[i];
    to[i] = x[i] != 0 ? then : otherwise;
  }
}

// A function of the program, at each row or at the whole block if it takes blocks.
void apply_function(const Program::Instruction& i, const Block& block) {
  const UserFunction& function = *block.functions[i.detail];
  const auto arity = static_cast<std::size_t>(row(i.op).arity);
  const std::array operands{block.operand(i.a), block.operand(i.b), block.operand(i.c)};
  double* const to = block.target(i.to);
  if (!function.batch) {
    for (std::size_t k = 0; k < block.count; ++k) {
      std::array<double, 3> x{};
      for (std::size_t j = 0; j < arity; ++j) x[j] = operands[j].at[operands[j].uniform ? 0 : k];
      to[k] = function.value({x.data(), arity});
    }
    return;
  }
  // Every column has an entry per row, and none is the one that is written.
  std::vector<double> room((arity + 1) * block.count);
  std::array<const double*, 3> columns{};
  for (std::size_t j = 0; j < arity; ++j) {
    double* const column = room.data() + j * block.count;
    for (std::size_t k = 0; k < block.count; ++k) {
      column[k] = operands[j].at[operands[j].uniform ? 0 : k];
    }
    columns[j] = column;
  }
  const std::span result(room.data() + arity * block.count, block.count);
  function.batch({columns.data(), arity}, result);
  std::ranges::copy(result, to);
}

}  // namespace

NABLA_WIDE void run_block(std::span<const Program::Instruction> code, const Block& block) {
  const std::size_t n = block.count;
  for (const Program::Instruction& i : code) {
    double* to = block.target(i.to);
    const Operand a = block.operand(i.a);
    const auto b = [&] { return block.operand(i.b); };
    switch (i.op) {
      case Primitive::add: binary(to, a, b(), n, [](double x, double y) { return x + y; }); break;
      case Primitive::subtract:
        binary(to, a, b(), n, [](double x, double y) { return x - y; });
        break;
      case Primitive::multiply:
        binary(to, a, b(), n, [](double x, double y) { return x * y; });
        break;
      case Primitive::divide:
        binary(to, a, b(), n, [](double x, double y) { return x / y; });
        break;
      case Primitive::negate: unary(to, a, n, [](double x) { return -x; }); break;
      case Primitive::square_root: unary(to, a, n, [](double x) { return std::sqrt(x); }); break;
      case Primitive::power:
        binary(to, a, b(), n, [](double x, double y) { return std::pow(x, y); });
        break;
      case Primitive::less:
        binary(to, a, b(), n, [](double x, double y) { return x < y ? 1.0 : 0.0; });
        break;
      case Primitive::less_equal:
        binary(to, a, b(), n, [](double x, double y) { return x <= y ? 1.0 : 0.0; });
        break;
      case Primitive::equal:
        binary(to, a, b(), n, [](double x, double y) { return x == y ? 1.0 : 0.0; });
        break;
      case Primitive::not_equal:
        binary(to, a, b(), n, [](double x, double y) { return x != y ? 1.0 : 0.0; });
        break;
      case Primitive::both:
        binary(to, a, b(), n, [](double x, double y) { return ((x != 0) & (y != 0)) ? 1.0 : 0.0; });
        break;
      case Primitive::either:
        binary(to, a, b(), n, [](double x, double y) { return ((x != 0) | (y != 0)) ? 1.0 : 0.0; });
        break;
      case Primitive::negation: unary(to, a, n, [](double x) { return x == 0 ? 1.0 : 0.0; }); break;
      case Primitive::select: choose(to, a, b(), block.operand(i.c), n); break;
      case Primitive::call: {
        const Value& value = row(Fn{i.detail}).value;
        if (Fn{i.detail} == "abs"_fn) {
          unary(to, a, n, [](double x) { return std::fabs(x); });
        } else if (value.arity == 2) {
          binary(to, a, b(), n, [f = value.binary](double x, double y) { return f(x, y); });
        } else {
          unary(to, a, n, [f = value.unary](double x) { return f(x); });
        }
        break;
      }
      case Primitive::apply1:
      case Primitive::apply2:
      case Primitive::apply3: apply_function(i, block); break;
      case Primitive::total: break;  // the loop around the blocks adds up
    }
  }
}

}  // namespace nabla
