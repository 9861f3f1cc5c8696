#pragma once

// How steps are spelled as instructions of x86-64: of one lane, of VEX vectors, of EVEX vectors.
// Private to encoder_x86.cpp.

#include <array>

#include "lib/eval/native/x86_bytes.hpp"
#include "lib/eval/opcode.hpp"
#include "lib/eval/options.hpp"

namespace nabla::x86_64 {

// Of one lane, of four (VEX), of eight (EVEX).
struct Spelling {
  Opcode step;
  Form one, four, eight;
};
inline constexpr Spelling spellings[] = {
    {Opcode::add, {3, 1, 0x58}, {1, 1, 0x58}, {1, 1, 0x58, 1}},
    {Opcode::subtract, {3, 1, 0x5C}, {1, 1, 0x5C}, {1, 1, 0x5C, 1}},
    {Opcode::multiply, {3, 1, 0x59}, {1, 1, 0x59}, {1, 1, 0x59, 1}},
    {Opcode::divide, {3, 1, 0x5E}, {1, 1, 0x5E}, {1, 1, 0x5E, 1}},
    {Opcode::square_root, {3, 1, 0x51}, {1, 1, 0x51}, {1, 1, 0x51, 1}},
    {Opcode::both, {1, 1, 0x54}, {1, 1, 0x54}, {1, 1, 0xDB, 1}},
    {Opcode::either, {1, 1, 0x56}, {1, 1, 0x56}, {1, 1, 0xEB, 1}},
    {Opcode::minimum, {3, 1, 0x5D}, {1, 1, 0x5D}, {1, 1, 0x5D, 1}},
    {Opcode::maximum, {3, 1, 0x5F}, {1, 1, 0x5F}, {1, 1, 0x5F, 1}},
    {Opcode::round_even, {1, 3, 0x0B}, {1, 3, 0x09}, {1, 3, 0x09, 1}},
    {Opcode::floor, {1, 3, 0x0B}, {1, 3, 0x09}, {1, 3, 0x09, 1}},
    {Opcode::ceiling, {1, 3, 0x0B}, {1, 3, 0x09}, {1, 3, 0x09, 1}},
    {Opcode::truncate, {1, 3, 0x0B}, {1, 3, 0x09}, {1, 3, 0x09, 1}},
    {Opcode::bit_and, {1, 1, 0x54}, {1, 1, 0x54}, {1, 1, 0xDB, 1}},
    {Opcode::bit_or, {1, 1, 0x56}, {1, 1, 0x56}, {1, 1, 0xEB, 1}},
    {Opcode::bit_xor, {1, 1, 0x57}, {1, 1, 0x57}, {1, 1, 0xEF, 1}},
    {Opcode::integer_add, {1, 1, 0xD4}, {1, 1, 0xD4}, {1, 1, 0xD4, 1}},
    {Opcode::integer_subtract, {1, 1, 0xFB}, {1, 1, 0xFB}, {1, 1, 0xFB, 1}},
    {Opcode::shift_left, {1, 1, 0x73}, {1, 1, 0x73}, {1, 1, 0x73, 1}},
    {Opcode::shift_right, {1, 1, 0x73}, {1, 1, 0x73}, {1, 1, 0x73, 1}},
    // to = x*y + to; x*to + y is 16 less.
    {Opcode::multiply_add, {1, 2, 0xB9, 1}, {1, 2, 0xB8, 1}, {1, 2, 0xB8, 1}},
    {Opcode::multiply_subtract, {1, 2, 0xBB, 1}, {1, 2, 0xBA, 1}, {1, 2, 0xBA, 1}},
    {Opcode::subtract_product, {1, 2, 0xBD, 1}, {1, 2, 0xBC, 1}, {1, 2, 0xBC, 1}},
    {Opcode::less, {3, 1, 0xC2}, {1, 1, 0xC2}, {1, 1, 0xC2, 1}},
    {Opcode::less_equal, {3, 1, 0xC2}, {1, 1, 0xC2}, {1, 1, 0xC2, 1}},
    {Opcode::equal, {3, 1, 0xC2}, {1, 1, 0xC2}, {1, 1, 0xC2, 1}},
    {Opcode::not_equal, {3, 1, 0xC2}, {1, 1, 0xC2}, {1, 1, 0xC2, 1}},
};

// The words (x86_bytes.hpp) of instructions by width: of one lane, of four, of eight.
using Words = std::array<std::uint64_t, 3>;
constexpr Words words_of(Form one, Form four, Form eight) {
  return {words::vex(one, false), words::vex(four, true), words::evex(eight)};
}
// By width, of every step that is one instruction.
inline constexpr auto step_words = [] {
  std::array<std::array<std::uint64_t, opcodes.size()>, 3> table{};
  for (const Spelling& s : spellings) {
    const Words words = words_of(s.one, s.four, s.eight);
    for (std::size_t w = 0; w < 3; ++w) table[w][static_cast<std::size_t>(s.step)] = words[w];
  }
  return table;
}();
// Of a fused step, from to = x*y + to to x*to + y.
constexpr std::uint64_t other_product(std::uint64_t word, Width width) {
  return word - (std::uint64_t{0x10} << (width == Width::eight ? 32 : 24));
}

// Moves, by width: between registers, from memory, to memory, of one number to all lanes.
inline constexpr Words copies = words_of({1, 1, 0x28}, {1, 1, 0x28}, {1, 1, 0x28, 1});
inline constexpr Words loads = words_of({3, 1, 0x10}, {1, 1, 0x10}, {1, 1, 0x10, 1});
inline constexpr Words stores = words_of({3, 1, 0x11}, {1, 1, 0x11}, {1, 1, 0x11, 1});
inline constexpr Words spreads = words_of({}, {1, 2, 0x19}, {1, 2, 0x19, 1});

inline unsigned predicate(Opcode s) {
  switch (s) {
    case Opcode::less: return 0x11;
    case Opcode::less_equal: return 0x12;
    case Opcode::equal: return 0x00;
    default: return 0x04;  // not equal, or not comparable
  }
}
inline constexpr unsigned unordered = 0x03;

// Instructions that stand for no step. Of VEX vectors:
inline constexpr Form all_ones{1, 1, 0x76};            // vpcmpeqd of a register with itself
inline constexpr Form flip{1, 1, 0x57};                // vxorpd
inline constexpr Form shift_by{1, 1, 0x73};            // vpsllq (/6) and vpsrlq (/2) by a number
inline constexpr Form blend_signs{1, 3, 0x4B};         // vblendvpd, the condition's register * 16
inline constexpr Form signs_to_general{1, 1, 0x50};    // vmovmskpd
inline constexpr Form bits_to_general{1, 1, 0x7E, 1};  // vmovq
inline constexpr Form gather{1, 2, 0x93, 1};           // vgatherqpd
inline constexpr Form mask_to_general{1, 1, 0x93};     // kmovb
inline constexpr Form test_mask{1, 1, 0x98};           // kortestb
// Of EVEX vectors:
inline constexpr Form scale_by{1, 2, 0x2C, 1};      // vscalefpd
inline constexpr Form select_by{1, 2, 0x7F, 1};     // vpermt2pd
inline constexpr Form mask_to_bits{2, 2, 0x38, 1};  // vpmovm2q
inline constexpr Form bits_to_mask{2, 2, 0x39, 1};  // vpmovq2m
inline constexpr Form logic{1, 3, 0x25, 1};         // vpternlogq, its table of truth
inline constexpr Form blend{1, 2, 0x65, 1};         // vblendmpd
// The register of masks that conditions are in.
inline constexpr unsigned condition_mask = 1;

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
