// Instructions we write ourselves have the bytes that AsmJit gives them.

#if defined(NABLA_HAS_ASMJIT) && defined(__x86_64__)

#include <asmjit/x86.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "lib/eval/native/x86_spelling.hpp"
#include "lib/eval/native/x86_writer.hpp"

namespace nabla::x86_64 {
namespace {

using asmjit::CodeHolder, asmjit::Imm, asmjit::InstId, asmjit::Label, asmjit::Operand;
namespace x86 = asmjit::x86;
namespace Inst = asmjit::x86::Inst;

using Bytes = std::vector<std::uint8_t>;

struct Instruction {
  Opcode step;
  InstId id[3];  // of one lane, of four, of eight
};
const Instruction arithmetic[] = {
    {Opcode::add, {Inst::kIdVaddsd, Inst::kIdVaddpd, Inst::kIdVaddpd}},
    {Opcode::subtract, {Inst::kIdVsubsd, Inst::kIdVsubpd, Inst::kIdVsubpd}},
    {Opcode::multiply, {Inst::kIdVmulsd, Inst::kIdVmulpd, Inst::kIdVmulpd}},
    {Opcode::divide, {Inst::kIdVdivsd, Inst::kIdVdivpd, Inst::kIdVdivpd}},
    {Opcode::both, {Inst::kIdVandpd, Inst::kIdVandpd, Inst::kIdVpandq}},
    {Opcode::either, {Inst::kIdVorpd, Inst::kIdVorpd, Inst::kIdVporq}},
    {Opcode::minimum, {Inst::kIdVminsd, Inst::kIdVminpd, Inst::kIdVminpd}},
    {Opcode::maximum, {Inst::kIdVmaxsd, Inst::kIdVmaxpd, Inst::kIdVmaxpd}},
    {Opcode::bit_and, {Inst::kIdVandpd, Inst::kIdVandpd, Inst::kIdVpandq}},
    {Opcode::bit_or, {Inst::kIdVorpd, Inst::kIdVorpd, Inst::kIdVporq}},
    {Opcode::bit_xor, {Inst::kIdVxorpd, Inst::kIdVxorpd, Inst::kIdVpxorq}},
    {Opcode::integer_add, {Inst::kIdVpaddq, Inst::kIdVpaddq, Inst::kIdVpaddq}},
    {Opcode::integer_subtract, {Inst::kIdVpsubq, Inst::kIdVpsubq, Inst::kIdVpsubq}},
    {Opcode::multiply_add, {Inst::kIdVfmadd231sd, Inst::kIdVfmadd231pd, Inst::kIdVfmadd231pd}},
    {Opcode::multiply_subtract, {Inst::kIdVfmsub231sd, Inst::kIdVfmsub231pd, Inst::kIdVfmsub231pd}},
    {Opcode::subtract_product,
     {Inst::kIdVfnmadd231sd, Inst::kIdVfnmadd231pd, Inst::kIdVfnmadd231pd}},
};
const Instruction other_fused[] = {
    {Opcode::multiply_add, {Inst::kIdVfmadd213sd, Inst::kIdVfmadd213pd, Inst::kIdVfmadd213pd}},
    {Opcode::multiply_subtract, {Inst::kIdVfmsub213sd, Inst::kIdVfmsub213pd, Inst::kIdVfmsub213pd}},
    {Opcode::subtract_product,
     {Inst::kIdVfnmadd213sd, Inst::kIdVfnmadd213pd, Inst::kIdVfnmadd213pd}},
};

// Width by width: all kinds of registers and places.
class InstructionBytes : public testing::TestWithParam<std::size_t> {
 protected:
  std::size_t width() const { return GetParam(); }
  bool eight() const { return width() == 2; }
  unsigned registers() const { return eight() ? 32 : 16; }

  x86::Vec vec(unsigned i) const {
    if (width() == 0) return x86::xmm(i);
    if (width() == 1) return x86::ymm(i);
    return x86::zmm(i);
  }
  Operand theirs(const Operand3& x) const {
    if (x.in_register != Operand3::none) return vec(x.in_register);
    x86::Mem m = x.index == Operand3::none
                     ? x86::ptr(x86::gpq(x.base), x.displacement)
                     : x86::ptr(x86::gpq(x.base), x86::gpq(x.index), x.scale, x.displacement);
    return x.spread ? m._1to8() : m;
  }
  Bytes ours(std::uint64_t word, unsigned reg, unsigned second, const Operand3& x,
             unsigned unit = 6) const {
    std::uint8_t bytes[longest_instruction];
    const std::uint8_t* const end =
        eight() ? evex(bytes, word, reg, second, x, unit) : vex(bytes, word, reg, second, x);
    return Bytes(static_cast<const std::uint8_t*>(bytes), end);
  }
  Bytes ours(Form f, unsigned reg, unsigned second, const Operand3& x) const {
    return ours(eight() ? words::evex(f) : words::vex(f, width() == 1), reg, second, x);
  }
  std::uint64_t word(Opcode s) const { return step_words[width()][static_cast<std::size_t>(s)]; }
  template <typename Emit>
  static Bytes assembled(Emit emit) {
    CodeHolder code;
    code.init(asmjit::Environment(asmjit::Arch::kX64));
    x86::Assembler a(&code);
    EXPECT_EQ(emit(a), asmjit::kErrorOk);
    const auto& buffer = code.sectionById(0)->buffer();
    return {buffer.data(), buffer.data() + buffer.size()};
  }
  static std::string text(const Operand3& x) {
    if (x.in_register != Operand3::none) return "register " + std::to_string(x.in_register);
    return "base " + std::to_string(x.base) + " index " + std::to_string(x.index) +
           " displacement " + std::to_string(x.displacement) + (x.spread ? " to all" : "");
  }

  std::vector<Operand3> places() const {
    std::vector<Operand3> all;
    for (unsigned r = 0; r < registers(); ++r) all.push_back(Operand3::of(r));
    const std::int32_t displacements[] = {0,    8,    -8,   64,   120,   127,  128,     -128,
                                          -129, 1016, 1024, 8128, -8192, 8192, 1 << 20, -64};
    for (std::uint8_t base = 0; base < 16; ++base) {
      for (const std::int32_t d : displacements) {
        for (const bool spread : {false, true}) {
          if (spread && !eight()) continue;
          all.push_back({.base = base, .spread = spread, .displacement = d});
          for (const std::uint8_t index : {std::uint8_t{1}, std::uint8_t{15}}) {
            all.push_back({.base = base, .index = index, .spread = spread, .displacement = d});
          }
        }
      }
    }
    return all;
  }
  std::vector<unsigned> some_registers() const {
    return eight() ? std::vector<unsigned>{0, 7, 8, 15, 16, 31}
                   : std::vector<unsigned>{0, 7, 8, 15};
  }
};

TEST_P(InstructionBytes, OfArithmeticAreThoseOfAsmJit) {
  const auto check = [&](const Instruction& i, std::uint64_t f) {
    for (const unsigned reg : some_registers()) {
      for (const unsigned second : some_registers()) {
        for (const Operand3& x : places()) {
          const Bytes wanted = assembled([&](x86::Assembler& a) {
            return a.emit(i.id[width()], vec(reg), vec(second), theirs(x));
          });
          ASSERT_EQ(ours(f, reg, second, x), wanted)
              << row(i.step).name << " " << reg << " " << second << " " << text(x);
        }
      }
    }
  };
  for (const Instruction& i : arithmetic) check(i, word(i.step));
  for (const Instruction& i : other_fused) {
    check(i, other_product(word(i.step), eight() ? Width::eight : Width::four));
  }
}

TEST_P(InstructionBytes, OfMovesAreThoseOfAsmJit) {
  const InstId move = width() == 0 ? Inst::kIdVmovsd : Inst::kIdVmovupd;
  for (unsigned reg = 0; reg < registers(); ++reg) {
    for (const Operand3& x : places()) {
      if (x.spread) continue;
      const bool between = x.in_register != Operand3::none;
      EXPECT_EQ(ours(between ? copies[width()] : loads[width()], reg, 0, x),
                assembled([&](x86::Assembler& a) {
                  return a.emit(between ? InstId{Inst::kIdVmovapd} : move, vec(reg), theirs(x));
                }))
          << reg << " " << text(x);
      if (between) continue;
      EXPECT_EQ(ours(stores[width()], reg, 0, x),
                assembled([&](x86::Assembler& a) { return a.emit(move, theirs(x), vec(reg)); }))
          << reg << " " << text(x);
      if (width() == 0) continue;
      EXPECT_EQ(ours(spreads[width()], reg, 0, x, 3), assembled([&](x86::Assembler& a) {
                  return a.emit(Inst::kIdVbroadcastsd, vec(reg), theirs(x));
                }))
          << reg << " " << text(x);
    }
  }
}

TEST_P(InstructionBytes, OfRootsRoundingShiftsAndComparisonsAreThoseOfAsmJit) {
  const auto with = [](Bytes bytes, unsigned number) {
    bytes.push_back(static_cast<std::uint8_t>(number));
    return bytes;
  };
  const bool one = width() == 0;
  const InstId root = one ? Inst::kIdVsqrtsd : Inst::kIdVsqrtpd;
  const InstId round = one ? Inst::kIdVroundsd : eight() ? Inst::kIdVrndscalepd : Inst::kIdVroundpd;
  for (const unsigned reg : some_registers()) {
    for (const Operand3& x : places()) {
      const unsigned second = one ? 3 : 0;
      EXPECT_EQ(ours(word(Opcode::square_root), reg, second, x), assembled([&](x86::Assembler& a) {
                  return one ? a.emit(root, vec(reg), vec(3), theirs(x))
                             : a.emit(root, vec(reg), theirs(x));
                }))
          << text(x);
      for (const Opcode s :
           {Opcode::round_even, Opcode::floor, Opcode::ceiling, Opcode::truncate}) {
        EXPECT_EQ(with(ours(word(s), reg, second, x), rounding(s)),
                  assembled([&](x86::Assembler& a) {
                    return one ? a.emit(round, vec(reg), vec(3), theirs(x), Imm(rounding(s)))
                               : a.emit(round, vec(reg), theirs(x), Imm(rounding(s)));
                  }))
            << text(x);
      }
      for (const Opcode s : {Opcode::less, Opcode::less_equal, Opcode::equal, Opcode::not_equal}) {
        const unsigned to = eight() ? 1 : reg;
        const Operand result = eight() ? Operand(x86::k1) : Operand(vec(reg));
        EXPECT_EQ(with(ours(word(s), to, reg, x), predicate(s)), assembled([&](x86::Assembler& a) {
                    return a.emit(one ? Inst::kIdVcmpsd : Inst::kIdVcmppd, result, vec(reg),
                                  theirs(x), Imm(predicate(s)));
                  }))
            << text(x);
      }
      if (x.in_register == Operand3::none && !eight()) continue;
      for (const Opcode s : {Opcode::shift_left, Opcode::shift_right}) {
        const bool left = s == Opcode::shift_left;
        EXPECT_EQ(with(ours(word(s), left ? 6 : 2, reg, x), 52), assembled([&](x86::Assembler& a) {
                    return a.emit(left ? Inst::kIdVpsllq : Inst::kIdVpsrlq, vec(reg), theirs(x),
                                  Imm(52));
                  }))
            << text(x);
      }
    }
  }
}

TEST_P(InstructionBytes, OfConditionsAreThoseOfAsmJit) {
  const auto with = [](Bytes bytes, unsigned number) {
    bytes.push_back(static_cast<std::uint8_t>(number));
    return bytes;
  };
  for (const unsigned reg : some_registers()) {
    for (const Operand3& x : places()) {
      for (const unsigned second : some_registers()) {
        if (eight()) {
          EXPECT_EQ(ours(words::evex(blend) | (std::uint64_t{condition_mask} << evex_mask_at), reg,
                         second, x),
                    assembled([&](x86::Assembler& a) {
                      return a.k(x86::k1).emit(Inst::kIdVblendmpd, vec(reg), vec(second),
                                               theirs(x));
                    }))
              << text(x);
        } else {
          EXPECT_EQ(with(ours(blend_signs, reg, second, x), 7 << 4),
                    assembled([&](x86::Assembler& a) {
                      return a.emit(Inst::kIdVblendvpd, vec(reg), vec(second), theirs(x), vec(7));
                    }))
              << text(x);
        }
      }
      if (x.in_register == Operand3::none) continue;
      const unsigned r = x.in_register;
      if (eight()) {
        EXPECT_EQ(ours(bits_to_mask, condition_mask, 0, x), assembled([&](x86::Assembler& a) {
                    return a.emit(Inst::kIdVpmovq2m, x86::k1, vec(r));
                  }));
        EXPECT_EQ(with(ours(logic, reg, r, x), 0x55), assembled([&](x86::Assembler& a) {
                    return a.emit(Inst::kIdVpternlogq, vec(reg), vec(r), vec(r), Imm(0x55));
                  }));
        EXPECT_EQ(with(ours(word(Opcode::equal), condition_mask, r, x), unordered),
                  assembled([&](x86::Assembler& a) {
                    return a.emit(Inst::kIdVcmppd, x86::k1, vec(r), vec(r), Imm(unordered));
                  }));
      } else {
        EXPECT_EQ(ours(signs_to_general, rax, 0, x), assembled([&](x86::Assembler& a) {
                    return a.emit(Inst::kIdVmovmskpd, x86::eax, vec(r));
                  }));
        EXPECT_EQ(ours(all_ones, reg, r, x), assembled([&](x86::Assembler& a) {
                    return a.emit(Inst::kIdVpcmpeqd, vec(reg), vec(r), vec(r));
                  }));
        EXPECT_EQ(ours(flip, reg, r, x), assembled([&](x86::Assembler& a) {
                    return a.emit(Inst::kIdVxorpd, vec(reg), vec(r), vec(r));
                  }));
      }
    }
    if (!eight()) continue;
    EXPECT_EQ(
        ours(mask_to_bits, reg, 0, Operand3::of(condition_mask)),
        assembled([&](x86::Assembler& a) { return a.emit(Inst::kIdVpmovm2q, vec(reg), x86::k1); }));
  }
  std::uint8_t room[longest_instruction];
  const auto narrow = [&](Form f, unsigned reg, unsigned r) {
    return Bytes(static_cast<std::uint8_t*>(room), vex(room, words::vex(f, false), reg, 0, r));
  };
  EXPECT_EQ(narrow(mask_to_general, rax, condition_mask), assembled([&](x86::Assembler& a) {
              return a.emit(Inst::kIdKmovb, x86::eax, x86::k1);
            }));
  EXPECT_EQ(narrow(test_mask, condition_mask, condition_mask), assembled([&](x86::Assembler& a) {
              return a.emit(Inst::kIdKortestb, x86::k1, x86::k1);
            }));
}

TEST_P(InstructionBytes, OfTablesAndScalingAreThoseOfAsmJit) {
  for (const unsigned reg : some_registers()) {
    for (const unsigned r : some_registers()) {
      for (const Operand3& x : places()) {
        if (!eight() || x.spread) continue;
        EXPECT_EQ(ours(scale_by, reg, r, x), assembled([&](x86::Assembler& a) {
                    return a.emit(Inst::kIdVscalefpd, vec(reg), vec(r), theirs(x));
                  }));
        EXPECT_EQ(ours(select_by, reg, r, x), assembled([&](x86::Assembler& a) {
                    return a.emit(Inst::kIdVpermt2pd, vec(reg), vec(r), theirs(x));
                  }));
      }
      if (eight()) continue;
      for (const bool left : {true, false}) {
        Bytes shifted = ours(shift_by, left ? 6 : 2, reg, Operand3::of(r));
        shifted.push_back(57);
        EXPECT_EQ(shifted, assembled([&](x86::Assembler& a) {
                    return a.emit(left ? Inst::kIdVpsllq : Inst::kIdVpsrlq, vec(reg), vec(r),
                                  Imm(57));
                  }));
      }
      for (const std::int32_t d : {0, 64, 1024}) {
        Operand3 entry{.base = rbx, .displacement = d};
        if (width() == 0) {
          entry.index = rax;
          entry.scale = 3;
          EXPECT_EQ(ours(loads[0], reg, 0, entry), assembled([&](x86::Assembler& a) {
                      return a.emit(Inst::kIdVmovsd, vec(reg), theirs(entry));
                    }));
          EXPECT_EQ(ours(bits_to_general, r, 0, Operand3::of(rax)),
                    assembled([&](x86::Assembler& a) {
                      return a.emit(Inst::kIdVmovq, x86::rax, vec(r));
                    }));
          continue;
        }
        entry.index = static_cast<std::uint8_t>(r);
        const unsigned mask = r == 7 ? 8 : 7;
        if (reg == r || reg == mask) continue;  // three different ones
        EXPECT_EQ(ours(gather, reg, mask, entry), assembled([&](x86::Assembler& a) {
                    return a.emit(Inst::kIdVgatherqpd, vec(reg),
                                  x86::ptr(x86::rbx, x86::ymm(r), 0, d), vec(mask));
                  }));
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Widths, InstructionBytes, testing::Values(0, 1, 2));

}  // namespace
}  // namespace nabla::x86_64

#endif
