#pragma once

// What a move computes, on the numbers of `Lanes`.

#include "lib/eval/inline.hpp"
#include "lib/eval/interpret/moves.hpp"
#include "lib/eval/opcode.hpp"

namespace nabla {
namespace {

constexpr Opcode opcode_of(moves::Family f) {
  using moves::Family;
  switch (f) {
    case Family::add: return Opcode::add;
    case Family::multiply: return Opcode::multiply;
    case Family::subtract: return Opcode::subtract;
    case Family::divide: return Opcode::divide;
    case Family::multiply_add: return Opcode::multiply_add;
    case Family::multiply_subtract: return Opcode::multiply_subtract;
    case Family::subtract_product: return Opcode::subtract_product;
    case Family::square_root: return Opcode::square_root;
    case Family::negate:
    case Family::other: break;
  }
  return Opcode::bit_xor;
}

template <typename Lanes, moves::Family f>
NABLA_INLINE typename Lanes::Value moved(typename Lanes::Value a, typename Lanes::Value b,
                                         typename Lanes::Value c) {
  if constexpr (f == moves::Family::negate) {
    return Lanes::template make<Opcode::bit_xor>(a, Lanes::constant(-0.0), c);
  } else {
    return Lanes::template make<opcode_of(f)>(a, b, c);
  }
}

}  // namespace
}  // namespace nabla
