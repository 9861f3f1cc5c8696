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

// How a place in memory is addressed: mode and register of ModRM, SIB where there is one, and a
// displacement of 0, 1 or 4 bytes.
struct Address {
  unsigned modrm, sib;  // without the other register
  bool has_sib;
  std::uint32_t displacement;
  unsigned length;  // of the displacement
};
// EVEX counts short displacements in units of 2^unit bytes.
inline Address address(const Operand3& m, unsigned unit) {
  const unsigned base = m.base & 7u;
  const bool has_sib = m.index != Operand3::none || base == 4;
  const unsigned index = m.index == Operand3::none ? 4u : m.index & 7u;
  const std::int32_t d = m.displacement, units = d >> unit;
  const bool is_short = units * (1 << unit) == d && units >= -128 && units <= 127;
  const unsigned mode = d == 0 && base != 5 ? 0 : is_short ? 1 : 2;
  return {.modrm = (mode << 6) | (has_sib ? 4u : base),
          .sib = (unsigned{m.scale} << 6) | (index << 3) | base,
          .has_sib = has_sib,
          .displacement = static_cast<std::uint32_t>(mode == 1 ? units : d),
          .length = mode == 2 ? 4 : mode};
}
// What comes after ModRM.
inline std::uint8_t* rest(std::uint8_t* p, const Address& a) {
  if (a.has_sib) *p++ = static_cast<std::uint8_t>(a.sib);
  std::memcpy(p, &a.displacement, 4);
  return p + a.length;
}

}  // namespace bytes

// An instruction is a word of at most 8 bytes, of which the registers only change some bits: a
// table for each place of a register says which.
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

// The instruction with register 0 everywhere. `wide`: 256 bits; EVEX has 512.
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

// VEX, the second byte of which says nothing but its highest bit in many instructions; then the
// third has room for that.
inline std::uint8_t* put_vex(std::uint8_t* p, std::uint64_t word) {
  if ((word & 0x807F00u) == 0x6100u) {
    return bytes::put(p, 0xC5u | ((word >> 8) & ~std::uint64_t{0xFF}) | (word & 0x8000u), 4);
  }
  return bytes::put(p, word, 5);
}
// Mode and registers of an address, instead of register 0.
inline std::uint64_t addressed(std::uint64_t word, const Operand3& x, const bytes::Address& a,
                               unsigned modrm) {
  word ^= (x.base & 8u ? 0x2000u : 0u) ^ (x.index != Operand3::none && x.index & 8u ? 0x4000u : 0u);
  return word ^ (std::uint64_t{0xC0u ^ a.modrm} << modrm);
}

}  // namespace words

// `second` is 0 where the instruction has no such operand.
inline std::uint8_t* vex(std::uint8_t* p, std::uint64_t word, unsigned reg, unsigned second,
                         unsigned r) {
  using words::of_vex;
  return words::put_vex(p, word ^ of_vex.reg[reg] ^ of_vex.second[second] ^ of_vex.last[r]);
}
inline std::uint8_t* vex(std::uint8_t* p, std::uint64_t word, unsigned reg, unsigned second,
                         const Operand3& x) {
  using words::of_vex;
  if (x.in_register != Operand3::none) return vex(p, word, reg, second, x.in_register);
  const bytes::Address a = bytes::address(x, 0);
  word = words::addressed(word ^ of_vex.reg[reg] ^ of_vex.second[second], x, a, 32);
  return bytes::rest(words::put_vex(p, word), a);
}

// A mask of lanes that are written, where there is one, is or-ed to the word at this bit.
inline constexpr unsigned evex_mask_at = 24;

inline std::uint8_t* evex(std::uint8_t* p, std::uint64_t word, unsigned reg, unsigned second,
                          unsigned r) {
  using words::of_evex;
  return bytes::put(p, word ^ of_evex.reg[reg] ^ of_evex.second[second] ^ of_evex.last[r], 6);
}
// `unit`: 2^unit bytes are read or written.
inline std::uint8_t* evex(std::uint8_t* p, std::uint64_t word, unsigned reg, unsigned second,
                          const Operand3& x, unsigned unit = 6) {
  using words::of_evex;
  if (x.in_register != Operand3::none) return evex(p, word, reg, second, x.in_register);
  const bytes::Address a = bytes::address(x, x.spread ? 3 : unit);
  word = words::addressed(word ^ of_evex.reg[reg] ^ of_evex.second[second], x, a, 40);
  if (x.spread) word |= std::uint64_t{0x10} << 24;
  return bytes::rest(bytes::put(p, word, 6), a);
}

}  // namespace nabla::x86_64
