#pragma once

// The loop over moves for rows, for the `Lanes` that were included before.

#include <utility>

#include "lib/eval/interpret/moved.hpp"
#include "lib/eval/interpret/rows.hpp"
#include "lib/eval/kernels/exponential.hpp"
#include "lib/eval/kernels/list.hpp"
#include "lib/eval/kernels/special.hpp"
#include "lib/eval/kernels/trigonometric.hpp"

namespace nabla {
namespace {

constexpr std::size_t vectors = 8;
constexpr std::size_t block_rows = vectors * Lanes::count;
using Value = Lanes::Value;

template <typename F>
NABLA_INLINE void each(F f) {
  [&]<std::size_t... k>(std::index_sequence<k...>)
      NABLA_INLINED { (f(std::integral_constant<std::size_t, k>{}), ...); }
  (std::make_index_sequence<vectors>{});
}

// ---- kernels: rows x and y to rows `to`, which are others. Vectors with an argument that is the
// library's are done again row by row.

using KernelRows = void (*)(const double* x, const double* y, double* to, std::size_t kernel);

template <typename F>
NABLA_INLINE void kernel_rows(const double* x, const double* y, double* to, std::size_t number,
                              F f) {
  for (std::size_t at = 0; at < block_rows; at += Lanes::count) {
    Lanes lanes;
    const Kernels<Lanes> kernels(lanes);
    Lanes::store(to + at, f(kernels, Lanes::load(x + at), y + at));
    if (!lanes.any_trouble()) continue;
    const auto exact = point_machine().kernels[number];
    for (std::size_t k = at; k < at + Lanes::count; ++k) to[k] = exact(x[k], y[k]);
  }
}

constexpr KernelRows kernels[] = {
#define NABLA_KERNEL(name)                                                             \
  [](const double* x, const double* y, double* to, std::size_t number) {               \
    kernel_rows(x, y, to, number, [](Kernels<Lanes> k, Value u, const double*)         \
                                      NABLA_INLINED { return k.name(u); });            \
  },
    NABLA_KERNELS_OF_ONE(NABLA_KERNEL)
#undef NABLA_KERNEL
#define NABLA_KERNEL(name)                                                                       \
  [](const double* x, const double* y, double* to, std::size_t number) {                         \
    kernel_rows(x, y, to, number, [](Kernels<Lanes> k, Value u, const double* v)                 \
                                      NABLA_INLINED { return k.name(u, Lanes::load(v)); });      \
  },
        NABLA_KERNELS_OF_TWO(NABLA_KERNEL) NABLA_KERNEL(power)
#undef NABLA_KERNEL
};

// ---- whatever has no move of its own

class Rows {
 public:
  Rows(const ChainStep& step, const RowBlock& block) : to_(block.place[step.to]) {
    const std::uint32_t at[] = {step.a, step.b, step.c};
    const int operands = arity(step.step);
    for (int k = 0; k < operands; ++k) {
      const auto i = static_cast<std::size_t>(k);
      operands_[i] = block.place[at[k]];
      if (at[k] < block.first_number) continue;
      const Value number = Lanes::constant(*operands_[i]);
      double* const copies = copies_ + i * block_rows;
      each([&](auto v) NABLA_INLINED { Lanes::store(copies + v * Lanes::count, number); });
      operands_[i] = copies;
    }
    for (int k = operands; k < 3; ++k) operands_[static_cast<std::size_t>(k)] = operands_[0];
  }
  const RowBlock::Operands& operands() const { return operands_; }
  double* to() const { return to_; }

  template <typename F>
  NABLA_INLINE void each_vector(F f) const {
    for (std::size_t at = 0; at < block_rows; at += Lanes::count) {
      Lanes::store(to_ + at, f(at));
    }
  }
  NABLA_INLINE Value load(std::size_t k, std::size_t at) const {
    return Lanes::load(operands_[k] + at);
  }

 private:
  double* to_;
  RowBlock::Operands operands_{};
  alignas(64) double copies_[3 * block_rows];
};

void other(const ChainStep& i, const RowBlock& block) {
  const Rows rows(i, block);
  switch (i.step) {
#define NABLA_NUMBER(s)                                                                    \
  case Opcode::s:                                                                          \
    rows.each_vector([&](std::size_t at) NABLA_INLINED {                                   \
      return Lanes::make<Opcode::s>(rows.load(0, at), rows.load(1, at), rows.load(2, at)); \
    });                                                                                    \
    break;
#define NABLA_COMPARISON(s)                                                 \
  case Opcode::s:                                                           \
    rows.each_vector([&](std::size_t at) NABLA_INLINED {                    \
      return Lanes::number(                                                 \
          Lanes::make<Opcode::s>(rows.load(0, at), rows.load(1, at), Value{})); \
    });                                                                     \
    break;
#define NABLA_CONDITION(s)                                                                     \
  case Opcode::s:                                                                              \
    rows.each_vector([&](std::size_t at) NABLA_INLINED {                                       \
      return Lanes::number(Lanes::make<Opcode::s>(Lanes::truth(rows.load(0, at)),              \
                                                  Lanes::truth(rows.load(1, at)), Value{}));   \
    });                                                                                        \
    break;
    NABLA_NUMBER(add)
    NABLA_NUMBER(subtract)
    NABLA_NUMBER(multiply)
    NABLA_NUMBER(divide)
    NABLA_NUMBER(square_root)
    NABLA_NUMBER(multiply_add)
    NABLA_NUMBER(multiply_subtract)
    NABLA_NUMBER(subtract_product)
    NABLA_NUMBER(minimum)
    NABLA_NUMBER(maximum)
    NABLA_NUMBER(round_even)
    NABLA_NUMBER(floor)
    NABLA_NUMBER(ceiling)
    NABLA_NUMBER(truncate)
    NABLA_NUMBER(bit_and)
    NABLA_NUMBER(bit_or)
    NABLA_NUMBER(bit_xor)
    NABLA_NUMBER(integer_add)
    NABLA_NUMBER(integer_subtract)
    NABLA_NUMBER(scale)
    NABLA_COMPARISON(less)
    NABLA_COMPARISON(less_equal)
    NABLA_COMPARISON(equal)
    NABLA_COMPARISON(not_equal)
    NABLA_CONDITION(both)
    NABLA_CONDITION(either)
    NABLA_CONDITION(negation)
#undef NABLA_NUMBER
#undef NABLA_COMPARISON
#undef NABLA_CONDITION
    case Opcode::select:
      rows.each_vector([&](std::size_t at) NABLA_INLINED {
        return Lanes::make<Opcode::select>(Lanes::truth(rows.load(0, at)), rows.load(1, at),
                                           rows.load(2, at));
      });
      break;
    case Opcode::shift_left:
      rows.each_vector([&](std::size_t at) NABLA_INLINED {
        return Lanes::shift<Opcode::shift_left>(rows.load(0, at), i.detail);
      });
      break;
    case Opcode::shift_right:
      rows.each_vector([&](std::size_t at) NABLA_INLINED {
        return Lanes::shift<Opcode::shift_right>(rows.load(0, at), i.detail);
      });
      break;
    case Opcode::lookup:
      rows.each_vector(
          [&](std::size_t at) NABLA_INLINED { return Lanes::lookup(rows.load(0, at), i.detail); });
      break;
    case Opcode::kernel_one:
    case Opcode::kernel_two:
      kernels[i.detail](rows.operands()[0], rows.operands()[1], rows.to(), i.detail);
      break;
    default: RowBlock::call(i, rows.operands(), rows.to(), block);
  }
}

// ---- moves

using moves::Source, moves::A, moves::V, moves::C, moves::N;

// An operand of the eight vectors.
template <Source from>
NABLA_INLINE Value operand(const double* at, std::size_t k, Value accumulator) {
  if constexpr (from == A) return accumulator;
  if constexpr (from == V) return Lanes::load(at + k * Lanes::count);
  if constexpr (from == C) return Lanes::constant(*at);
  if constexpr (from == N) return Value{};
}

const ChainStep* run(const ChainStep* i, const RowBlock& block) {
  double* const* const place = block.place;
  const std::uint32_t nowhere = block.nowhere;
  Value x[vectors];
  each([&](auto k) NABLA_INLINED { x[k] = Value{}; });
  for (;; ++i) {
    switch (i->move) {
      case moves::Move::pause: return i;
      case moves::Move::other:
      case moves::Move::kernel: other(*i, block); continue;
#define NABLA_MOVE(f, sa, sb, sc)                                                              \
  case moves::Move::f##_##sa##sb##sc: {                                                        \
    const double *const a = place[i->a], *const b = place[i->b], *const c = place[i->c];       \
    each([&](auto k) NABLA_INLINED {                                                           \
      x[k] = moved<Lanes, moves::Family::f>(operand<sa>(a, k, x[k]), operand<sb>(b, k, x[k]),  \
                                            operand<sc>(c, k, x[k]));                          \
    });                                                                                        \
    break;                                                                                     \
  }
      NABLA_ROW_MOVES(NABLA_MOVE)
#undef NABLA_MOVE
    }
    if (i->to == nowhere) continue;
    double* const to = place[i->to];
    each([&](auto k) NABLA_INLINED { Lanes::store(to + k * Lanes::count, x[k]); });
  }
}

}  // namespace
}  // namespace nabla
