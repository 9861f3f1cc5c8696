#pragma once

// How steps are spelled as instructions of x86-64: of one lane, of VEX vectors, of EVEX vectors.
// Private to encoder_x86.cpp.

#include <asmjit/x86.h>

#include <array>

#include "lib/eval/opcode.hpp"

namespace nabla::x86_64 {

using namespace asmjit;
namespace Inst = x86::Inst;

struct Spelling {
  Opcode step;
  InstId one, four, eight;
};
inline constexpr Spelling spellings[] = {
    {Opcode::add, Inst::kIdVaddsd, Inst::kIdVaddpd, Inst::kIdVaddpd},
    {Opcode::subtract, Inst::kIdVsubsd, Inst::kIdVsubpd, Inst::kIdVsubpd},
    {Opcode::multiply, Inst::kIdVmulsd, Inst::kIdVmulpd, Inst::kIdVmulpd},
    {Opcode::divide, Inst::kIdVdivsd, Inst::kIdVdivpd, Inst::kIdVdivpd},
    {Opcode::square_root, Inst::kIdVsqrtsd, Inst::kIdVsqrtpd, Inst::kIdVsqrtpd},
    {Opcode::both, Inst::kIdVandpd, Inst::kIdVandpd, Inst::kIdVpandq},
    {Opcode::either, Inst::kIdVorpd, Inst::kIdVorpd, Inst::kIdVporq},
    {Opcode::minimum, Inst::kIdVminsd, Inst::kIdVminpd, Inst::kIdVminpd},
    {Opcode::maximum, Inst::kIdVmaxsd, Inst::kIdVmaxpd, Inst::kIdVmaxpd},
    {Opcode::round_even, Inst::kIdVroundsd, Inst::kIdVroundpd, Inst::kIdVrndscalepd},
    {Opcode::floor, Inst::kIdVroundsd, Inst::kIdVroundpd, Inst::kIdVrndscalepd},
    {Opcode::ceiling, Inst::kIdVroundsd, Inst::kIdVroundpd, Inst::kIdVrndscalepd},
    {Opcode::truncate, Inst::kIdVroundsd, Inst::kIdVroundpd, Inst::kIdVrndscalepd},
    {Opcode::bit_and, Inst::kIdVandpd, Inst::kIdVandpd, Inst::kIdVpandq},
    {Opcode::bit_or, Inst::kIdVorpd, Inst::kIdVorpd, Inst::kIdVporq},
    {Opcode::bit_xor, Inst::kIdVxorpd, Inst::kIdVxorpd, Inst::kIdVpxorq},
    {Opcode::integer_add, Inst::kIdVpaddq, Inst::kIdVpaddq, Inst::kIdVpaddq},
    {Opcode::integer_subtract, Inst::kIdVpsubq, Inst::kIdVpsubq, Inst::kIdVpsubq},
    {Opcode::shift_left, Inst::kIdVpsllq, Inst::kIdVpsllq, Inst::kIdVpsllq},
    {Opcode::shift_right, Inst::kIdVpsrlq, Inst::kIdVpsrlq, Inst::kIdVpsrlq},
};

inline constexpr auto instruction_of = [] {
  std::array<std::array<InstId, 3>, opcodes.size()> table{};
  for (const Spelling& s : spellings) {
    table[static_cast<std::size_t>(s.step)] = {s.one, s.four, s.eight};
  }
  return table;
}();

inline unsigned predicate(Opcode s) {
  switch (s) {
    case Opcode::less: return 0x11;
    case Opcode::less_equal: return 0x12;
    case Opcode::equal: return 0x00;
    default: return 0x04;  // not equal, or not comparable
  }
}
inline constexpr unsigned unordered = 0x03;

inline unsigned rounding(Opcode s) {
  switch (s) {
    case Opcode::round_even: return 8;
    case Opcode::floor: return 9;
    case Opcode::ceiling: return 10;
    default: return 11;
  }
}

inline bool is_arithmetic(Opcode s) {
  return s <= Opcode::square_root || s == Opcode::minimum || s == Opcode::maximum ||
         (s >= Opcode::multiply_add && s <= Opcode::subtract_product);
}

}  // namespace nabla::x86_64
