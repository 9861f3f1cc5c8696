#pragma once

// Calls from generated code: of the C library for every lane, and of what rescues the few lanes a
// kernel cannot do, which lies out of the straight line. Private to encoder_x86.cpp.

#include <vector>

#include "lib/eval/native/x86_frame.hpp"

namespace nabla::x86_64 {

// What generated code calls; rows of lanes lie in the frame, 64 bytes apart.
inline constexpr std::size_t lanes_apart = 8;

inline void call_lanes(double* buffer, std::size_t count, Unary f) noexcept {
  for (std::size_t i = 0; i < count; ++i) buffer[2 * lanes_apart + i] = f(buffer[i]);
}
inline void call_lanes_two(double* buffer, std::size_t count, Binary f) noexcept {
  for (std::size_t i = 0; i < count; ++i) {
    buffer[2 * lanes_apart + i] = f(buffer[i], buffer[lanes_apart + i]);
  }
}
inline void rescue_lanes(double* buffer, unsigned mask, Unary f) noexcept {
  for (std::size_t i = 0; i < 8; ++i) {
    if (mask & (1u << i)) buffer[2 * lanes_apart + i] = f(buffer[i]);
  }
}
inline void repair_lanes(double* buffer, unsigned mask, Binary f) noexcept {
  for (std::size_t i = 0; i < 8; ++i) {
    if (mask & (1u << i)) buffer[2 * lanes_apart + i] = f(buffer[i], buffer[lanes_apart + i]);
  }
}

class Calls : public Frame {
 public:
  using Frame::Frame;

  void take_condition(unsigned from) override {
    condition_ = from;
    if (s_.width == Width::eight) a_.emit(Inst::kIdVpmovq2m, x86::k1, vec(from));
  }

  void take_comparison(Opcode s, unsigned spare, unsigned a, Place b) override {
    condition_ = spare;
    if (s_.width == Width::eight) {
      write_with(predicate(s), form_of[static_cast<std::size_t>(s)][row_of_], x86::k1.id(), a,
                 place(b, true));
    } else {
      compare(s, spare, a, b);
    }
  }

  void take_unordered(unsigned spare, unsigned a) override {
    condition_ = spare;
    if (s_.width == Width::eight) {
      a_.emit(Inst::kIdVcmppd, x86::k1, vec(a), vec(a), Imm(unordered));
    } else {
      a_.emit(s_.width == Width::one ? Inst::kIdVcmpsd : Inst::kIdVcmppd, vec(spare), vec(a),
              vec(a), Imm(unordered));
    }
  }

  void rescue(Unary f, unsigned to, unsigned x, unsigned y) override {
    leave_line({.function = reinterpret_cast<std::uint64_t>(f),
                .helper = reinterpret_cast<std::uint64_t>(&rescue_lanes),
                .to = to,
                .operands = {x, x},
                .y = y});
  }

  void repair(Binary f, unsigned to, unsigned x, unsigned y, unsigned z) override {
    leave_line({.function = reinterpret_cast<std::uint64_t>(f),
                .helper = reinterpret_cast<std::uint64_t>(&repair_lanes),
                .to = to,
                .operands = {x, y},
                .y = z});
  }

  void call(Unary f, unsigned to, unsigned x) override {
    if (s_.width == Width::one) {
      load(0, {.kind = Place::in_register, .index = x});
      call_address(reinterpret_cast<std::uint64_t>(f));
      load(to, {.kind = Place::in_register, .index = 0});
      return;
    }
    to_buffer(0, x);
    call_on_buffer(reinterpret_cast<std::uint64_t>(&call_lanes), reinterpret_cast<std::uint64_t>(f),
                   to);
  }

  void call(Binary f, unsigned to, unsigned x, unsigned y) override {
    if (s_.width == Width::one) {
      to_buffer(1, y);
      load(0, {.kind = Place::in_register, .index = x});
      a_.emit(Inst::kIdVmovsd, x86::xmm(1), buffer(1));
      call_address(reinterpret_cast<std::uint64_t>(f));
      load(to, {.kind = Place::in_register, .index = 0});
      return;
    }
    to_buffer(0, x);
    to_buffer(1, y);
    call_on_buffer(reinterpret_cast<std::uint64_t>(&call_lanes_two),
                   reinterpret_cast<std::uint64_t>(f), to);
  }

 protected:
  unsigned condition_ = 0;  // the register of the current condition, where it is in one

  void write_lines_left() override {
    if (lines_.empty()) return;
    const Label common = a_.newLabel();
    for (const Line& line : lines_) {
      a_.bind(line.start);
      if (s_.width == Width::eight) a_.emit(Inst::kIdKmovb, x86::eax, x86::k1);
      if (s_.width == Width::one) a_.mov(x86::eax, 1);
      to_buffer(0, line.operands[0]);
      to_buffer(1, line.operands[1]);
      to_buffer(2, line.y);
      a_.mov(x86::r11, Imm(line.function));
      a_.mov(x86::r10, Imm(line.helper));
      a_.call(common);
      a_.emit(move(), vec(line.to), buffer(2));
      a_.jmp(line.back);
    }
    a_.bind(common);
    constexpr int pushed = 8 * 8 + 56;
    const x86::Gp kept[] = {x86::rcx, x86::rdx, x86::rsi, x86::rdi,
                            x86::r8,  x86::r9,  x86::r9,  x86::r9};
    for (const x86::Gp& r : kept) a_.push(r);
    a_.sub(x86::rsp, 56);
    const auto area = [&](unsigned r) {
      return x86::ptr(x86::rsp,
                      static_cast<int>(pushed + 8 + buffer_bytes + r * bytes_of_register()));
    };
    for (unsigned r = 0; r < registers(); ++r) a_.emit(move(), area(r), vec(r));
    a_.lea(x86::rdi, x86::ptr(x86::rsp, pushed + 8));
    a_.mov(x86::esi, x86::eax);
    a_.mov(x86::rdx, x86::r11);
    a_.emit(Inst::kIdVzeroupper);
    a_.call(x86::r10);
    for (unsigned r = 0; r < registers(); ++r) a_.emit(move(), vec(r), area(r));
    a_.add(x86::rsp, 56);
    for (std::size_t k = std::size(kept); k-- > 0;) a_.pop(kept[k]);
    a_.ret();
  }

 private:
  // A step that leaves the straight line now and then.
  struct Line {
    std::uint64_t function, helper;
    unsigned to;
    unsigned operands[2];
    unsigned y;
    Label start = {}, back = {};
  };

  x86::Mem buffer(int k) const { return x86::ptr(x86::rsp, 64 * k); }
  void to_buffer(int k, unsigned from) { a_.emit(move(), buffer(k), vec(from)); }
  void call_address(std::uint64_t f) {
    a_.mov(x86::rax, Imm(f));
    a_.call(x86::rax);
  }
  void call_on_buffer(std::uint64_t helper, std::uint64_t f, unsigned to) {
    a_.mov(x86::rdi, x86::rsp);
    a_.mov(x86::esi, lanes_);
    a_.mov(x86::rdx, Imm(f));
    a_.emit(Inst::kIdVzeroupper);
    call_address(helper);
    a_.emit(Inst::kIdVmovupd, vec(to), buffer(2));
  }

  void leave_line(Line line) {
    line.start = a_.newLabel();
    line.back = a_.newLabel();
    if (s_.width == Width::eight) {
      a_.emit(Inst::kIdKortestb, x86::k1, x86::k1);
    } else {
      a_.emit(Inst::kIdVmovmskpd, x86::eax, vec(condition_));
      a_.test(x86::eax, s_.width == Width::one ? 1 : 15);
    }
    a_.jnz(line.start);
    load(line.to, {.kind = Place::in_register, .index = line.y});
    a_.bind(line.back);
    lines_.push_back(line);
  }

  std::vector<Line> lines_;
};

}  // namespace nabla::x86_64
