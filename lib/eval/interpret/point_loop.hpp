#pragma once

// The loop over moves for one point: every move ends in a jump to the next.

#include "lib/eval/interpret/lanes_portable.hpp"
// then
#include "lib/eval/interpret/moved.hpp"
#include "lib/eval/interpret/rows.hpp"
#include "lib/eval/kernels/exponential.hpp"
#include "lib/eval/kernels/list.hpp"
#include "lib/eval/kernels/special.hpp"
#include "lib/eval/kernels/trigonometric.hpp"

namespace nabla {
namespace {

using moves::Source, moves::A, moves::V, moves::N;

using KernelAtPoint = double (*)(double, double);
constexpr KernelAtPoint kernels_at_point[] = {
#define NABLA_KERNEL(name)               \
  [](double x, double) {                 \
    Lanes lane;                          \
    return Kernels<Lanes>(lane).name(x); \
  },
    NABLA_KERNELS_OF_ONE(NABLA_KERNEL)
#undef NABLA_KERNEL
#define NABLA_KERNEL(name)                  \
  [](double x, double y) {                  \
    Lanes lane;                             \
    return Kernels<Lanes>(lane).name(x, y); \
  },
        NABLA_KERNELS_OF_TWO(NABLA_KERNEL) NABLA_KERNEL(power)
#undef NABLA_KERNEL
};

template <Source from>
NABLA_INLINE double operand(const double* registers, std::uint32_t at, double accumulator) {
  return from == A ? accumulator : from == V ? registers[at] : 0;
}

const ChainStep* run(const ChainStep* i, double* r, Functions functions) {
  static const void* const labels[] = {
      &&pause,
      &&other,
      &&kernel,
#define NABLA_MOVE(f, a, b, c) &&f##_##a##b##c,
      NABLA_POINT_MOVES(NABLA_MOVE)
#undef NABLA_MOVE
  };
  double x = 0;
#define NABLA_NEXT                                   \
  r[i->to] = x;                                      \
  ++i;                                               \
  goto* labels[static_cast<std::uint16_t>(i->move)]

  goto* labels[static_cast<std::uint16_t>(i->move)];
#define NABLA_MOVE(f, sa, sb, sc)                                                    \
  f##_##sa##sb##sc : x = moved<Lanes, moves::Family::f>(operand<sa>(r, i->a, x),     \
                                                        operand<sb>(r, i->b, x),     \
                                                        operand<sc>(r, i->c, x));    \
  NABLA_NEXT;
  NABLA_POINT_MOVES(NABLA_MOVE)
#undef NABLA_MOVE
kernel:
  x = kernels_at_point[i->detail](r[i->a], r[i->b]);
  NABLA_NEXT;
other:
  switch (i->step) {
    case Opcode::select: x = r[i->a] != 0 ? r[i->b] : r[i->c]; break;
    case Opcode::less: x = r[i->a] < r[i->b] ? 1.0 : 0.0; break;
    case Opcode::less_equal: x = r[i->a] <= r[i->b] ? 1.0 : 0.0; break;
    case Opcode::bit_and: x = word::number(word::bits(r[i->a]) & word::bits(r[i->b])); break;
    default: x = do_step(*i, r[i->a], r[i->b], r[i->c], functions);
  }
  NABLA_NEXT;
pause:
  return i;
#undef NABLA_NEXT
}

}  // namespace
}  // namespace nabla
