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
    if (s_.width == Width::eight) write(word(bits_to_mask), condition_mask, 0, from);
  }

  void take_comparison(Opcode s, unsigned spare, unsigned a, Place b) override {
    condition_ = spare;
    if (s_.width == Width::eight) {
      write(word(s), condition_mask, a, b);
      to_.byte(predicate(s));
    } else {
      compare(s, spare, a, b);
    }
  }

  void take_unordered(unsigned spare, unsigned a) override {
    condition_ = spare;
    write(word(Opcode::equal), s_.width == Width::eight ? condition_mask : spare, a, a);
    to_.byte(unordered);
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
      write(loads[row_of_], 1, 0, buffer(1));
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
    std::vector<Writer::Bytes> calls;
    for (const Line& line : lines_) {
      to_.land(line.start);
      if (s_.width == Width::eight) write_short(mask_to_general, rax, 0, condition_mask);
      if (s_.width == Width::one) to_.number_32(rax, 1);
      to_buffer(0, line.operands[0]);
      to_buffer(1, line.operands[1]);
      to_buffer(2, line.y);
      to_.number(r11, line.function);
      to_.number(r10, line.helper);
      calls.push_back(to_.call_ahead());
      write(loads[row_of_], line.to, 0, buffer(2));
      to_.jump_back(line.back);
    }
    for (const Writer::Bytes call : calls) to_.land(call);
    constexpr int pushed = 8 * 8 + 56;
    constexpr Gp kept[] = {rcx, rdx, rsi, rdi, r8, r9, r9, r9};
    for (const Gp r : kept) to_.push(r);
    to_.subtract_short(rsp, 56);
    const auto area = [&](unsigned r) {
      return at(rsp,
                static_cast<std::int32_t>(pushed + 8 + buffer_bytes + r * bytes_of_register()));
    };
    for (unsigned r = 0; r < registers(); ++r) write(stores[row_of_], r, 0, area(r));
    to_.address(rdi, at(rsp, pushed + 8));
    to_.move_32(rsi, rax);
    to_.move(rdx, r11);
    to_.end_of_vectors();
    to_.call(r10);
    for (unsigned r = 0; r < registers(); ++r) write(loads[row_of_], r, 0, area(r));
    to_.add_short(rsp, 56);
    for (std::size_t k = std::size(kept); k-- > 0;) to_.pop(kept[k]);
    to_.give_back();
  }

 private:
  // A step that leaves the straight line now and then.
  struct Line {
    std::uint64_t function, helper;
    unsigned to;
    unsigned operands[2];
    unsigned y;
    Writer::Bytes start = 0, back = 0;
  };

  static Operand3 buffer(std::int32_t k) { return at(rsp, 64 * k); }
  void to_buffer(std::int32_t k, unsigned from) { write(stores[row_of_], from, 0, buffer(k)); }
  void call_address(std::uint64_t f) {
    to_.number(rax, f);
    to_.call(rax);
  }
  void call_on_buffer(std::uint64_t helper, std::uint64_t f, unsigned to) {
    to_.move(rdi, rsp);
    to_.number_32(rsi, lanes_);
    to_.number(rdx, f);
    to_.end_of_vectors();
    call_address(helper);
    write(loads[row_of_], to, 0, buffer(2));
  }

  void leave_line(Line line) {
    if (s_.width == Width::eight) {
      write_short(test_mask, condition_mask, 0, condition_mask);
    } else {
      write(word(signs_to_general), rax, 0, condition_);
      to_.test_rax_32(s_.width == Width::one ? 1 : 15);
    }
    line.start = to_.jump_ahead_if_not_zero();
    load(line.to, {.kind = Place::in_register, .index = line.y});
    line.back = to_.at();
    lines_.push_back(line);
  }

  std::vector<Line> lines_;
};

}  // namespace nabla::x86_64
