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

// `wide`: 256 bits. `second` is 0 where the instruction has no such operand.
inline std::uint8_t* vex(std::uint8_t* p, Form f, bool wide, unsigned reg, unsigned second,
                         unsigned r) {
  const unsigned high = reg < 8 ? 0x80u : 0u;
  const unsigned last = ((~second & 15u) << 3) | (wide ? 4u : 0u) | f.prefix;
  const std::uint64_t opcode = f.opcode | (bytes::between(reg, r) << 8);
  if (f.map == 1 && f.w == 0 && r < 8) {
    return bytes::put(p, 0xC5u | ((high | last) << 8) | (opcode << 16), 4);
  }
  const unsigned first = high | 0x40u | (r < 8 ? 0x20u : 0u) | f.map;
  const unsigned next = (f.w ? 0x80u : 0u) | last;
  return bytes::put(p, 0xC4u | (first << 8) | (next << 16) | (opcode << 24), 5);
}

inline std::uint8_t* vex(std::uint8_t* p, Form f, bool wide, unsigned reg, unsigned second,
                         const Operand3& x) {
  if (x.in_register != Operand3::none) return vex(p, f, wide, reg, second, x.in_register);
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

// 512 bits. `mask`: the lanes that are written, or 0 for all.
inline std::uint8_t* evex(std::uint8_t* p, Form f, unsigned reg, unsigned second, unsigned r,
                          unsigned mask = 0) {
  const unsigned first = (reg & 8u ? 0u : 0x80u) | (r & 16u ? 0u : 0x40u) | (r & 8u ? 0u : 0x20u) |
                         (reg & 16u ? 0u : 0x10u) | f.map;
  const unsigned next = (f.w ? 0x80u : 0u) | ((~second & 15u) << 3) | 4u | f.prefix;
  const unsigned last = 0x40u | (second & 16u ? 0u : 8u) | mask;
  const std::uint64_t opcode = f.opcode | (bytes::between(reg, r) << 8);
  return bytes::put(
      p, 0x62u | (first << 8) | (next << 16) | (std::uint64_t{last} << 24) | (opcode << 32), 6);
}

// `unit`: bytes that are read or written.
inline std::uint8_t* evex(std::uint8_t* p, Form f, unsigned reg, unsigned second, const Operand3& x,
                          std::int32_t unit = 64, unsigned mask = 0) {
  if (x.in_register != Operand3::none) return evex(p, f, reg, second, x.in_register, mask);
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
