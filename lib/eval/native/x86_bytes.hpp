#pragma once

// The vector instructions of generated code as bytes: VEX and EVEX forms with one register, a
// second one, and a register or a place in memory (Intel 64 Architectures Software Developer's
// Manual, volume 2, chapter 2). Tests compare these bytes with AsmJit's.

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace nabla::x86_64 {

// Which instruction: the prefix (0 none, 1 66, 2 F3, 3 F2), the map (1 0F, 2 0F38, 3 0F3A), opcode,
// bit W.
struct Form {
  std::uint8_t prefix = 0, map = 0, opcode = 0, w = 0;
};

// A register, or base + index * 2^scale + displacement.
struct Operand3 {
  static constexpr std::uint8_t none = 255;
  std::uint8_t in_register = none;
  std::uint8_t base = 0, index = none, scale = 0;
  bool spread = false;  // one number for all lanes
  std::int32_t displacement = 0;

  static Operand3 of(unsigned r) { return {.in_register = static_cast<std::uint8_t>(r)}; }
};

// Room to ask for before one instruction is written; as many bytes may be written to, whatever the
// length of the instruction is.
inline constexpr std::size_t longest_instruction = 24;

namespace bytes {

// The lowest `count` bytes of a word; the others are overwritten by what comes next.
inline std::uint8_t* put(std::uint8_t* p, std::uint64_t word, unsigned count) {
  std::memcpy(p, &word, sizeof word);
  return p + count;
}

// ModRM, SIB and displacement of a place in memory. EVEX counts short displacements in units.
inline std::uint8_t* address(std::uint8_t* p, unsigned reg, const Operand3& m, std::int32_t unit) {
  const unsigned base = m.base & 7u;
  const bool sib = m.index != Operand3::none || base == 4;
  const std::int32_t d = m.displacement;
  const std::int32_t units = d / unit;
  const bool is_short = units * unit == d && units >= -128 && units <= 127;
  const unsigned mode = d == 0 && base != 5 ? 0 : is_short ? 1 : 2;
  *p++ = static_cast<std::uint8_t>((mode << 6) | ((reg & 7u) << 3) | (sib ? 4u : base));
  if (sib) {
    const unsigned index = m.index == Operand3::none ? 4u : m.index & 7u;
    *p++ = static_cast<std::uint8_t>((unsigned{m.scale} << 6) | (index << 3) | base);
  }
  if (mode == 1) *p++ = static_cast<std::uint8_t>(static_cast<unsigned>(units) & 255u);
  if (mode == 2) {
    std::memcpy(p, &d, 4);
    p += 4;
  }
  return p;
}

inline std::uint64_t between(unsigned reg, unsigned r) {
  return 0xC0u | ((reg & 7u) << 3) | (r & 7u);
}

}  // namespace bytes

// Between registers an instruction is a word of at most 8 bytes, of which the registers only change
// some bits: a table for each place of a register says which.
namespace words {

struct Flips {
  std::uint64_t reg[32], second[32], last[32];
};
constexpr Flips flips(unsigned modrm) {  // at which bit ModRM begins
  Flips f{};
  for (unsigned r = 0; r < 32; ++r) {
    const std::uint64_t low = r & 7u;
    f.reg[r] = (r & 8u ? 0x8000u : 0u) | (r & 16u ? 0x1000u : 0u) | (low << (modrm + 3));
    f.second[r] = (std::uint64_t{r & 15u} << 19) | (r & 16u ? std::uint64_t{8} << 24 : 0u);
    f.last[r] = (r & 8u ? 0x2000u : 0u) | (r & 16u ? 0x4000u : 0u) | (low << modrm);
  }
  return f;
}
inline constexpr Flips of_vex = flips(32), of_evex = flips(40);

// The instruction with register 0 everywhere.
constexpr std::uint64_t vex(Form f, bool wide) {
  const std::uint64_t next = (f.w ? 0x80u : 0u) | 0x78u | (wide ? 4u : 0u) | f.prefix;
  return 0xC4u | ((0xE0u | f.map) << 8) | (next << 16) | (std::uint64_t{f.opcode} << 24) |
         (std::uint64_t{0xC0} << 32);
}
constexpr std::uint64_t evex(Form f) {
  const std::uint64_t next = (f.w ? 0x80u : 0u) | 0x7Cu | f.prefix;
  return 0x62u | ((0xF0u | f.map) << 8) | (next << 16) | (std::uint64_t{0x48} << 24) |
         (std::uint64_t{f.opcode} << 32) | (std::uint64_t{0xC0} << 40);
}

}  // namespace words

inline std::uint8_t* vex(std::uint8_t* p, std::uint64_t word, unsigned reg, unsigned second,
                         unsigned r) {
  using words::of_vex;
  const bool map_1 = (word & 0x801F00u) == 0x0100u;
  word ^= of_vex.reg[reg] ^ of_vex.second[second] ^ of_vex.last[r];
  if (map_1 && r < 8) {
    // The second byte then says nothing but its highest bit, for which the third has room.
    return bytes::put(p, 0xC5u | ((word >> 8) & ~std::uint64_t{0xFF}) | (word & 0x8000u), 4);
  }
  return bytes::put(p, word, 5);
}
inline std::uint8_t* evex(std::uint8_t* p, std::uint64_t word, unsigned reg, unsigned second,
                          unsigned r) {
  using words::of_evex;
  return bytes::put(p, word ^ of_evex.reg[reg] ^ of_evex.second[second] ^ of_evex.last[r], 6);
}

// `wide`: 256 bits. `second` is 0 where the instruction has no such operand.
inline std::uint8_t* vex(std::uint8_t* p, Form f, bool wide, unsigned reg, unsigned second,
                         const Operand3& x) {
  if (x.in_register != Operand3::none) {
    return vex(p, words::vex(f, wide), reg, second, x.in_register);
  }
  const unsigned high = reg < 8 ? 0x80u : 0u;
  const unsigned b = x.base < 8 ? 0x20u : 0u;
  const unsigned i = x.index == Operand3::none || x.index < 8 ? 0x40u : 0u;
  const unsigned last = ((~second & 15u) << 3) | (wide ? 4u : 0u) | f.prefix;
  const unsigned opcode = f.opcode;
  if (f.map == 1 && f.w == 0 && b != 0 && i != 0) {
    p = bytes::put(p, 0xC5u | ((high | last) << 8) | (opcode << 16), 3);
  } else {
    const unsigned next = (f.w ? 0x80u : 0u) | last;
    p = bytes::put(p, 0xC4u | ((high | i | b | f.map) << 8) | (next << 16) | (opcode << 24), 4);
  }
  return bytes::address(p, reg, x, 1);
}

// 512 bits. `unit`: bytes that are read or written; `mask`: of lanes that are, or 0 for all.
inline std::uint8_t* evex(std::uint8_t* p, Form f, unsigned reg, unsigned second, const Operand3& x,
                          std::int32_t unit = 64, unsigned mask = 0) {
  if (x.in_register != Operand3::none) {
    const std::uint64_t word = words::evex(f) | (std::uint64_t{mask} << 24);
    return evex(p, word, reg, second, x.in_register);
  }
  const bool high = x.index != Operand3::none && (x.index & 8u);
  const unsigned first = (reg & 8u ? 0u : 0x80u) | (high ? 0u : 0x40u) |
                         (x.base & 8u ? 0u : 0x20u) | (reg & 16u ? 0u : 0x10u) | f.map;
  const unsigned next = (f.w ? 0x80u : 0u) | ((~second & 15u) << 3) | 4u | f.prefix;
  const unsigned last = 0x40u | (x.spread ? 0x10u : 0u) | (second & 16u ? 0u : 8u) | mask;
  p = bytes::put(p,
                 0x62u | (first << 8) | (next << 16) | (std::uint64_t{last} << 24) |
                     (std::uint64_t{f.opcode} << 32),
                 5);
  return bytes::address(p, reg, x, x.spread ? 8 : unit);
}

}  // namespace nabla::x86_64
