#pragma once

// Writer: a buffer of machine code, with the few instructions on general registers, jumps and calls
// that frames are made of. Tests compare these bytes with AsmJit's, too.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>

#include "lib/core/pages.hpp"
#include "lib/eval/native/x86_bytes.hpp"

namespace nabla::x86_64 {

// General registers, by the numbers that instructions have for them.
// clang-format off
enum Gp : std::uint8_t {
  rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15
};
// clang-format on

class Writer {
 public:
  using Bytes = std::size_t;  // from where the code begins

  // About so many bytes; more are found when they are needed.
  explicit Writer(std::size_t estimate)
      : begin_(large_array<std::uint8_t>(estimate + longest_instruction)),
        p_(begin_.get()),
        full_(p_ + estimate) {}

  Bytes at() const { return static_cast<Bytes>(p_ - begin_.get()); }
  std::span<const std::uint8_t> bytes() const { return {begin_.get(), at()}; }

  // Where the next instruction goes, and where it ended.
  std::uint8_t* next() {
    if (p_ >= full_) [[unlikely]]
      grow();
    return p_;
  }
  void ended(std::uint8_t* p) { p_ = p; }
  // After an instruction: the number it ends with.
  void byte(unsigned b) { *p_++ = static_cast<std::uint8_t>(b); }

  void push(Gp r) { with_number(0x50, r); }
  void pop(Gp r) { with_number(0x58, r); }
  void move(Gp to, Gp from) { between(0x89, true, from, to); }
  void move_32(Gp to, Gp from) { between(0x89, false, from, to); }
  void load(Gp to, const Operand3& from) { memory(0x8B, to, from); }
  void store(const Operand3& to, Gp from) { memory(0x89, from, to); }
  void address(Gp to, const Operand3& of) { memory(0x8D, to, of); }
  void compare(Gp a, const Operand3& b) { memory(0x3B, a, b); }
  void number(Gp to, std::uint64_t x) {
    std::uint8_t* const p = next();
    *p = static_cast<std::uint8_t>(0x48u | (to >> 3));
    p[1] = static_cast<std::uint8_t>(0xB8u | (to & 7u));
    p_ = bytes::put(p + 2, x, 8);
  }
  void number_32(Gp to, std::uint32_t x) {
    with_number(0xB8, to);
    four(x);
  }
  // By a number in four bytes, where it may be overwritten later; says where.
  Bytes add(Gp to, std::int32_t x) { return with_four(0, to, x); }
  Bytes subtract(Gp from, std::int32_t x) { return with_four(5, from, x); }
  // In one byte where that is enough.
  void add_short(Gp to, std::int32_t x) { with_short(0, to, x); }
  void subtract_short(Gp from, std::int32_t x) { with_short(5, from, x); }
  void both(Gp to, bool wide, std::int8_t x) {
    between(0x83, wide, static_cast<Gp>(4), to);
    byte(static_cast<std::uint8_t>(x));
  }
  void test_rax_32(std::uint32_t x) {
    (void)next();
    byte(0xA9);
    four(x);
  }
  void call(Gp r) { between(0xFF, false, static_cast<Gp>(2), r); }
  void give_back() { p_ = bytes::put(next(), 0xC3, 1); }
  void end_of_vectors() { p_ = bytes::put(next(), 0x77F8C5, 3); }  // vzeroupper

  // Jumps and calls to where `land` is called with what they return.
  Bytes call_ahead() { return ahead(0xE8, 1); }
  Bytes jump_ahead_if_not_zero() { return ahead(0x850F, 2); }
  void land(Bytes jump) { set_four(jump, static_cast<std::uint32_t>(at() - (jump + 4))); }
  void jump_back(Bytes to) { back(to, 0xEB, 0xE9, 1); }
  void jump_back_if_below(Bytes to) { back(to, 0x72, 0x820F, 2); }

  // No operation, up to a multiple of a power of two.
  void align(std::size_t to) {
    static constexpr std::uint8_t nothing[9][9] = {
        {0x90},
        {0x66, 0x90},
        {0x0F, 0x1F},
        {0x0F, 0x1F, 0x40},
        {0x0F, 0x1F, 0x44},
        {0x66, 0x0F, 0x1F, 0x44},
        {0x0F, 0x1F, 0x80},
        {0x0F, 0x1F, 0x84},
        {0x66, 0x0F, 0x1F, 0x84},
    };
    for (std::size_t left = (0 - at()) & (to - 1); left > 0;) {
      const std::size_t count = std::min<std::size_t>(left, std::size(nothing));
      std::memcpy(next(), nothing[count - 1], count);
      p_ += count;
      left -= count;
    }
  }

  void set(Bytes at, std::span<const std::uint8_t> to) {
    std::memcpy(begin_.get() + at, to.data(), to.size());
  }
  void set_four(Bytes at, std::uint32_t x) { std::memcpy(begin_.get() + at, &x, 4); }

 private:
  void grow() {
    const Bytes used = at(), room = 2 * used + longest_instruction;
    auto more = large_array<std::uint8_t>(room + longest_instruction);
    std::memcpy(more.get(), begin_.get(), used);
    begin_ = std::move(more);
    p_ = begin_.get() + used;
    full_ = begin_.get() + room;
  }
  void four(std::uint32_t x) {
    std::memcpy(p_, &x, 4);
    p_ += 4;
  }
  // An opcode that a register is part of.
  void with_number(unsigned opcode, Gp r) {
    (void)next();
    if (r >= r8) byte(0x41);
    byte(opcode | (r & 7u));
  }
  void between(unsigned opcode, bool wide, Gp reg, Gp r) {
    (void)next();
    const unsigned prefix = 0x40u | (wide ? 8u : 0u) | (unsigned{reg} >> 3 << 2) | (r >> 3);
    if (prefix != 0x40) byte(prefix);
    byte(opcode);
    byte(0xC0u | ((reg & 7u) << 3) | (r & 7u));
  }
  void memory(unsigned opcode, Gp reg, const Operand3& m) {
    (void)next();
    const unsigned index = m.index == Operand3::none ? 0u : m.index >> 3;
    byte(0x48u | (unsigned{reg} >> 3 << 2) | (index << 1) | (m.base >> 3));
    byte(opcode);
    const bytes::Address a = bytes::address(m, 0);
    byte(a.modrm | ((reg & 7u) << 3));
    p_ = bytes::rest(p_, a);
  }
  Bytes with_four(unsigned which, Gp r, std::int32_t x) {
    between(0x81, true, static_cast<Gp>(which), r);
    four(static_cast<std::uint32_t>(x));
    return at() - 4;
  }
  void with_short(unsigned which, Gp r, std::int32_t x) {
    if (x < -128 || x > 127) {
      (void)with_four(which, r, x);
      return;
    }
    between(0x83, true, static_cast<Gp>(which), r);
    byte(static_cast<std::uint8_t>(x));
  }
  Bytes ahead(unsigned opcode, unsigned length) {
    p_ = bytes::put(next(), opcode, length);
    four(0);
    return at() - 4;
  }
  void back(Bytes to, unsigned near, unsigned far, unsigned length) {
    const auto away = static_cast<std::int64_t>(to) - static_cast<std::int64_t>(at());
    if (away - 2 >= -128) {
      p_ = bytes::put(next(), near, 1);
      return byte(static_cast<std::uint8_t>(away - 2));
    }
    p_ = bytes::put(next(), far, length);
    four(static_cast<std::uint32_t>(away - length - 4));
  }

  std::unique_ptr<std::uint8_t[]> begin_;
  std::uint8_t *p_, *full_;
};

}  // namespace nabla::x86_64
