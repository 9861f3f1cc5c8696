#pragma once

// The vector instructions that nearly all generated code is made of, as bytes: VEX and EVEX forms
// with one register, a second one, and a register or a place in memory (Intel 64 Architectures
// Software Developer's Manual, volume 2, chapter 2). AsmJit writes the rest, and is what tests
// compare these bytes with.

#include <cstdint>
#include <cstring>

namespace nabla::x86_64 {

// Which instruction: the prefix (0 none, 1 66, 2 F3, 3 F2), the map (1 0F, 2 0F38), opcode, bit W.
struct Form {
  std::uint8_t prefix = 0, map = 0, opcode = 0, w = 0;
};

// A register, or base + index + displacement.
struct Operand3 {
  static constexpr std::uint8_t none = 255;
  std::uint8_t in_register = none;
  std::uint8_t base = 0, index = none;
  bool spread = false;  // one number for all lanes
  std::int32_t displacement = 0;

  static Operand3 of(unsigned r) { return {.in_register = static_cast<std::uint8_t>(r)}; }
};

inline constexpr std::size_t longest_instruction = 16;

namespace bytes {

// ModRM, SIB and displacement. EVEX counts short displacements in units.
inline std::uint8_t* address(std::uint8_t* p, unsigned reg, const Operand3& m, std::int32_t unit) {
  const auto put = [&](unsigned byte) { *p++ = static_cast<std::uint8_t>(byte); };
  const unsigned base = m.base & 7u;
  const bool sib = m.index != Operand3::none || base == 4;
  const std::int32_t d = m.displacement;
  const std::int32_t units = d / unit;
  const bool is_short = units * unit == d && units >= -128 && units <= 127;
  const unsigned mode = d == 0 && base != 5 ? 0 : is_short ? 1 : 2;
  put((mode << 6) | ((reg & 7u) << 3) | (sib ? 4u : base));
  if (sib) put(((m.index == Operand3::none ? 4u : m.index & 7u) << 3) | base);
  if (mode == 1) put(static_cast<unsigned>(units) & 255u);
  if (mode == 2) {
    std::memcpy(p, &d, 4);
    p += 4;
  }
  return p;
}

inline std::uint8_t* rest(std::uint8_t* p, Form f, unsigned reg, const Operand3& x,
                          std::int32_t unit) {
  *p++ = f.opcode;
  if (x.in_register == Operand3::none) return address(p, reg, x, unit);
  *p++ = static_cast<std::uint8_t>(0xC0u | ((reg & 7u) << 3) | (x.in_register & 7u));
  return p;
}

}  // namespace bytes

// `wide`: 256 bits. `second` is 0 where the instruction has no such operand.
inline std::uint8_t* vex(std::uint8_t* p, Form f, bool wide, unsigned reg, unsigned second,
                         const Operand3& x) {
  const bool in_register = x.in_register != Operand3::none;
  const unsigned r = reg < 8 ? 0x80u : 0u;
  const unsigned b = (in_register ? x.in_register : x.base) < 8 ? 0x20u : 0u;
  const unsigned i = in_register || x.index == Operand3::none || x.index < 8 ? 0x40u : 0u;
  const unsigned last = ((~second & 15u) << 3) | (wide ? 4u : 0u) | f.prefix;
  if (f.map == 1 && f.w == 0 && b != 0 && i != 0) {
    *p++ = 0xC5;
    *p++ = static_cast<std::uint8_t>(r | last);
  } else {
    *p++ = 0xC4;
    *p++ = static_cast<std::uint8_t>(r | i | b | f.map);
    *p++ = static_cast<std::uint8_t>((f.w ? 0x80u : 0u) | last);
  }
  return bytes::rest(p, f, reg, x, 1);
}

// 512 bits, without a mask. `unit`: bytes that are read or written.
inline std::uint8_t* evex(std::uint8_t* p, Form f, unsigned reg, unsigned second, const Operand3& x,
                          std::int32_t unit = 64) {
  const bool in_register = x.in_register != Operand3::none;
  const unsigned last = in_register ? x.in_register : x.base;
  const unsigned high = in_register                 ? x.in_register >> 4
                        : x.index == Operand3::none ? 0u
                                                    : x.index >> 3;
  *p++ = 0x62;
  *p++ = static_cast<std::uint8_t>((reg & 8u ? 0u : 0x80u) | (high & 1u ? 0u : 0x40u) |
                                   (last & 8u ? 0u : 0x20u) | (reg & 16u ? 0u : 0x10u) | f.map);
  *p++ = static_cast<std::uint8_t>((f.w ? 0x80u : 0u) | ((~second & 15u) << 3) | 4u | f.prefix);
  *p++ = static_cast<std::uint8_t>(0x40u | (x.spread ? 0x10u : 0u) | (second & 16u ? 0u : 8u));
  return bytes::rest(p, f, reg, x, x.spread ? 8 : unit);
}

}  // namespace nabla::x86_64
