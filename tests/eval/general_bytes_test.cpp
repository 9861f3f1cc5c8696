// Instructions of frames, jumps and calls have the bytes that AsmJit gives them.

#if defined(NABLA_HAS_ASMJIT) && defined(__x86_64__)

#include <asmjit/x86.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <vector>

#include "lib/eval/native/x86_writer.hpp"

namespace nabla::x86_64 {
namespace {

namespace x86 = asmjit::x86;
namespace Inst = asmjit::x86::Inst;
using asmjit::CodeHolder, asmjit::Imm, asmjit::Label;
using Bytes = std::vector<std::uint8_t>;

Bytes assembled(const std::function<void(x86::Assembler&)>& emit) {
  CodeHolder code;
  code.init(asmjit::Environment(asmjit::Arch::kX64));
  x86::Assembler a(&code);
  emit(a);
  EXPECT_FALSE(code.hasUnresolvedLinks());
  const auto& buffer = code.sectionById(0)->buffer();
  return {buffer.data(), buffer.data() + buffer.size()};
}
Bytes ours(const std::function<void(Writer&)>& write) {
  Writer to(0);
  write(to);
  const auto bytes = to.bytes();
  return {bytes.begin(), bytes.end()};
}

constexpr std::int32_t displacements[] = {0, 8, 127, 128, -128, -129, 4096, -64};
std::vector<Gp> all_registers() {
  std::vector<Gp> all;
  for (std::uint8_t r = 0; r < 16; ++r) all.push_back(static_cast<Gp>(r));
  return all;
}
x86::Gp theirs(Gp r) { return x86::gpq(r); }

TEST(GeneralBytes, BetweenRegistersAreThoseOfAsmJit) {
  for (const Gp to : all_registers()) {
    for (const Gp from : all_registers()) {
      EXPECT_EQ(ours([&](Writer& w) { w.move(to, from); }),
                assembled([&](x86::Assembler& a) { a.mov(theirs(to), theirs(from)); }));
      EXPECT_EQ(ours([&](Writer& w) { w.move_32(to, from); }),
                assembled([&](x86::Assembler& a) { a.mov(x86::gpd(to), x86::gpd(from)); }));
    }
  }
}

TEST(GeneralBytes, WithMemoryAreThoseOfAsmJit) {
  for (const Gp reg : all_registers()) {
    for (const Gp base : all_registers()) {
      for (const std::int32_t d : displacements) {
        const Operand3 m{.base = base, .displacement = d};
        const x86::Mem at = x86::ptr(theirs(base), d, 8);
        EXPECT_EQ(ours([&](Writer& w) { w.load(reg, m); }),
                  assembled([&](x86::Assembler& a) { a.mov(theirs(reg), at); }));
        EXPECT_EQ(ours([&](Writer& w) { w.store(m, reg); }),
                  assembled([&](x86::Assembler& a) { a.mov(at, theirs(reg)); }));
        EXPECT_EQ(ours([&](Writer& w) { w.address(reg, m); }),
                  assembled([&](x86::Assembler& a) { a.lea(theirs(reg), at); }));
        EXPECT_EQ(ours([&](Writer& w) { w.compare(reg, m); }),
                  assembled([&](x86::Assembler& a) { a.cmp(theirs(reg), at); }));
      }
    }
  }
}

TEST(GeneralBytes, OfStackNumbersAndCallsAreThoseOfAsmJit) {
  for (const Gp r : all_registers()) {
    EXPECT_EQ(ours([&](Writer& w) { w.push(r); }),
              assembled([&](x86::Assembler& a) { a.push(theirs(r)); }));
    EXPECT_EQ(ours([&](Writer& w) { w.pop(r); }),
              assembled([&](x86::Assembler& a) { a.pop(theirs(r)); }));
    EXPECT_EQ(ours([&](Writer& w) { w.call(r); }),
              assembled([&](x86::Assembler& a) { a.call(theirs(r)); }));
    EXPECT_EQ(ours([&](Writer& w) { w.number(r, 0x123456789ABCDEF0u); }),
              assembled([&](x86::Assembler& a) { a.mov(theirs(r), Imm(0x123456789ABCDEF0u)); }));
    EXPECT_EQ(ours([&](Writer& w) { w.number_32(r, 15); }),
              assembled([&](x86::Assembler& a) { a.mov(x86::gpd(r), Imm(15)); }));
    for (const std::int32_t x : {8, 56, 64, 127, -128}) {
      EXPECT_EQ(ours([&](Writer& w) { w.add_short(r, x); }),
                assembled([&](x86::Assembler& a) { a.add(theirs(r), Imm(x)); }));
      EXPECT_EQ(ours([&](Writer& w) { w.subtract_short(r, x); }),
                assembled([&](x86::Assembler& a) { a.sub(theirs(r), Imm(x)); }));
      const auto byte = static_cast<std::int8_t>(x);
      EXPECT_EQ(ours([&](Writer& w) { w.both(r, true, byte); }),
                assembled([&](x86::Assembler& a) { a.and_(theirs(r), Imm(x)); }));
      EXPECT_EQ(ours([&](Writer& w) { w.both(r, false, byte); }),
                assembled([&](x86::Assembler& a) { a.and_(x86::gpd(r), Imm(x)); }));
    }
    if (r == rax) continue;  // AsmJit has a shorter form, which has no use here
    for (const std::int32_t x : {128, 0x1000, 1 << 30}) {
      const Bytes add = assembled([&](x86::Assembler& a) { a.long_().add(theirs(r), Imm(x)); });
      EXPECT_EQ(ours([&](Writer& w) { (void)w.add(r, x); }), add);
      EXPECT_EQ(ours([&](Writer& w) { w.add_short(r, x); }), add);
      EXPECT_EQ(ours([&](Writer& w) { (void)w.subtract(r, x); }),
                assembled([&](x86::Assembler& a) { a.long_().sub(theirs(r), Imm(x)); }));
    }
  }
  EXPECT_EQ(ours([](Writer& w) { w.test_rax_32(15); }),
            assembled([](x86::Assembler& a) { a.test(x86::eax, Imm(15)); }));
  EXPECT_EQ(ours([](Writer& w) { w.give_back(); }), assembled([](x86::Assembler& a) { a.ret(); }));
  EXPECT_EQ(ours([](Writer& w) { w.end_of_vectors(); }),
            assembled([](x86::Assembler& a) { a.emit(Inst::kIdVzeroupper); }));
}

// So many bytes apart, which short jumps reach and do not reach.
TEST(GeneralBytes, OfJumpsAreThoseOfAsmJit) {
  for (const int apart : {0, 1, 100, 124, 125, 126, 127, 128, 129, 1000, 100000}) {
    EXPECT_EQ(ours([&](Writer& w) {
                const auto back = w.at();
                for (int k = 0; k < apart; ++k) w.give_back();
                w.jump_back(back);
                w.jump_back_if_below(back);
              }),
              assembled([&](x86::Assembler& a) {
                const Label back = a.newLabel();
                a.bind(back);
                for (int k = 0; k < apart; ++k) a.ret();
                a.jmp(back);
                a.jb(back);
              }))
        << apart;
    EXPECT_EQ(ours([&](Writer& w) {
                const auto call = w.call_ahead(), jump = w.jump_ahead_if_not_zero();
                for (int k = 0; k < apart; ++k) w.give_back();
                w.land(call);
                w.give_back();
                w.land(jump);
                w.give_back();
              }),
              assembled([&](x86::Assembler& a) {
                const Label call = a.newLabel(), jump = a.newLabel();
                a.call(call);
                a.jnz(jump);
                for (int k = 0; k < apart; ++k) a.ret();
                a.bind(call);
                a.ret();
                a.bind(jump);
                a.ret();
              }))
        << apart;
  }
}

// The processor's manual recommends these for so many bytes.
TEST(GeneralBytes, AlignmentIsByInstructionsThatDoNothing) {
  for (std::size_t before = 0; before <= 32; ++before) {
    const Bytes bytes = ours([&](Writer& w) {
      for (std::size_t k = 0; k < before; ++k) w.give_back();
      w.align(32);
    });
    ASSERT_EQ(bytes.size(), before == 0 ? 0 : 32) << before;
    // 90, 66 90, or 0F 1F with an address, after 66 or not.
    for (std::size_t at = before; at < bytes.size();) {
      if (bytes[at] == 0x66) ++at;
      ASSERT_LT(at, bytes.size());
      if (bytes[at] == 0x90) {
        ++at;
        continue;
      }
      ASSERT_LT(at + 2, bytes.size());
      ASSERT_EQ(bytes[at], 0x0F);
      ASSERT_EQ(bytes[at + 1], 0x1F);
      const unsigned mode = bytes[at + 2] >> 6, last = bytes[at + 2] & 7u;
      at += 3 + (last == 4 ? 1 : 0) + (mode == 1 ? 1 : mode == 2 ? 4 : 0);
      ASSERT_LE(at, bytes.size());
    }
  }
}

TEST(GeneralBytes, FrameSizesAreWrittenLater) {
  EXPECT_EQ(ours([](Writer& w) {
              const auto frame = w.subtract(rsp, 0x1000);
              w.give_back();
              w.set_four(frame, 0x12345678);
            }),
            assembled([](x86::Assembler& a) {
              a.sub(x86::rsp, Imm(0x12345678));
              a.ret();
            }));
}

}  // namespace
}  // namespace nabla::x86_64

#endif
