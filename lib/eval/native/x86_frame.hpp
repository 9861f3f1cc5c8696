#pragma once

// The frame of generated code: entry and exit, the loop over rows, and how places are addressed.
// Private to encoder_x86.cpp.

#include <algorithm>
#include <vector>

#include "lib/eval/native/encoder.hpp"
#include "lib/eval/native/x86_spelling.hpp"
#include "lib/eval/native/x86_writer.hpp"

namespace nabla::x86_64 {

class Frame : public Encoder {
 public:
  explicit Frame(const KernelShape& shape)
      : s_(shape),
        lanes_(static_cast<unsigned>(shape.width)),
        to_(bytes_expected + shape.steps * shape.copies * (shape.width == Width::eight ? 10u : 8u)),
        base_(buffer_bytes + (shape.rescues ? registers() * bytes_of_register() : 0)) {}

  unsigned registers() const final { return s_.width == Width::eight ? 32 : 16; }

  void begin() final {
    if (s_.rows) {
      for (const Gp r : saved_) to_.push(r);
      to_.move(rax, rsp);
      frame_begin_ = to_.subtract(rsp, frame_unknown);
      to_.both(rsp, true, -64);
      to_.store(at(rsp, stack_at), rax);
      to_.move(rbp, rdi);
      to_.load(uniforms_, at(rbp, offsetof(RowCall, uniforms)));
      to_.load(columns_, at(rbp, offsetof(RowCall, columns)));
      to_.load(out_, at(rbp, offsetof(RowCall, out)));
      to_.load(pool_, at(rbp, offsetof(RowCall, pool)));
      to_.load(row_, at(rbp, offsetof(RowCall, begin)));
      if (!s_.calls) {
        const std::uint32_t most = static_cast<std::uint32_t>(std::size(pointers_));
        hoisted_columns_ = std::min(s_.columns, most);
        hoisted_outputs_ = s_.sums ? 0 : std::min(s_.outputs, most - hoisted_columns_);
        for (std::uint32_t k = 0; k < hoisted_columns_; ++k) {
          to_.load(pointers_[k], at(columns_, displacement(k)));
        }
        for (std::uint32_t k = 0; k < hoisted_outputs_; ++k) {
          to_.load(pointers_[hoisted_columns_ + k], at(out_, displacement(k)));
        }
      }
      return;
    }
    uniforms_ = rdi;
    out_ = rsi;
    pool_ = rdx;
    if (s_.calls) {
      for (const Gp r : {rbx, r12, r13}) to_.push(r);
      to_.move(rbx, rdi);
      to_.move(r12, rsi);
      to_.move(r13, rdx);
      uniforms_ = rbx;
      out_ = r12;
      pool_ = r13;
    }
    frame_begin_ = to_.subtract(rsp, frame_unknown);
  }

  void begin_rows() final {
    if (!s_.rows) return;
    to_.align(32);
    again_ = to_.at();
  }

  void load(unsigned to, Place p) final {
    if (p.kind == Place::in_register) {
      if (p.index != to) write(copies[row_of_], to, 0, p.index);
      return;
    }
    const bool one_number = p.kind == Place::uniform || p.kind == Place::constant;
    if (s_.width != Width::one && one_number) {
      write(spreads[row_of_], to, 0, place(p, false), 3);
    } else {
      write(loads[row_of_], to, 0, place(p, false));
    }
  }

  void spill(std::uint32_t slot, unsigned from) final {
    const Place p{.kind = Place::slot, .index = slot};
    write(stores[row_of_], from, 0, place(p, false));
  }

  void store(std::uint32_t output, unsigned copy, unsigned from) final {
    if (!s_.rows) {
      write(stores[row_of_], from, 0, at(out_, displacement(output)));
      return;
    }
    Gp pointer = rax;
    if (output < hoisted_outputs_) {
      pointer = pointers_[hoisted_columns_ + output];
    } else {
      to_.load(rax, at(out_, displacement(output)));
    }
    write(stores[row_of_], from, 0, at_row(pointer, copy));
  }

  void store_lanes(std::uint32_t output, unsigned copy, unsigned from) final {
    const Place p{.kind = Place::lanes, .copy = static_cast<std::uint8_t>(copy), .index = output};
    write(stores[row_of_], from, 0, place(p, false));
  }

  void end_rows() final {
    if (!s_.rows) return;
    to_.add_short(row_, static_cast<std::int32_t>(s_.copies * lanes_ * sizeof(double)));
    to_.compare(row_, at(rbp, offsetof(RowCall, end)));
    to_.jump_back_if_below(again_);
  }

  void end(std::uint32_t slots) final {
    Writer::Bytes frame_end = 0;
    if (s_.rows) {
      to_.end_of_vectors();
      to_.load(rsp, at(rsp, stack_at));
      for (std::size_t k = std::size(saved_); k-- > 0;) to_.pop(saved_[k]);
    } else {
      frame_end = to_.add(rsp, frame_unknown);
      if (s_.calls) {
        for (const Gp r : {r13, r12, rbx}) to_.pop(r);
      }
    }
    to_.give_back();
    write_lines_left();
    set_frame(slots, frame_end);
  }

  std::span<const std::uint8_t> bytes() final { return to_.bytes(); }

 protected:
  // The frame: three rows of lanes for calls, the caller's stack pointer, all registers while a
  // step is rescued, and the slots.
  static constexpr int stack_at = 192;
  static constexpr std::uint32_t buffer_bytes = 256;

  // What lies after the last return.
  virtual void write_lines_left() = 0;

  std::uint32_t bytes_of_register() const { return lanes_ * 8; }
  static std::int32_t displacement(std::uint32_t index) {
    return static_cast<std::int32_t>(index * sizeof(double));
  }

  std::uint64_t word(Opcode s) const { return steps_[static_cast<std::size_t>(s)]; }
  // Of the width at hand.
  std::uint64_t word(Form f) const {
    return s_.width == Width::eight ? words::evex(f) : words::vex(f, s_.width == Width::four);
  }

  void write(std::uint64_t word, unsigned reg, unsigned second, unsigned r) {
    std::uint8_t* const p = to_.next();
    to_.ended(s_.width == Width::eight ? evex(p, word, reg, second, r)
                                       : vex(p, word, reg, second, r));
  }
  // `unit`: 2^unit bytes that EVEX reads or writes.
  void write(std::uint64_t word, unsigned reg, unsigned second, const Operand3& x,
             unsigned unit = 6) {
    std::uint8_t* const p = to_.next();
    to_.ended(s_.width == Width::eight ? evex(p, word, reg, second, x, unit)
                                       : vex(p, word, reg, second, x));
  }
  void write(std::uint64_t word, unsigned reg, unsigned second, Place x) {
    if (x.kind == Place::in_register) {
      write(word, reg, second, x.index);
    } else {
      write_elsewhere(word, reg, second, x);
    }
  }
  // Apart, so that what is written between registers is not held up by it.
  [[gnu::noinline]] void write_elsewhere(std::uint64_t word, unsigned reg, unsigned second,
                                         Place x) {
    write(word, reg, second, place(x, true));
  }
  // VEX of 128 bits at any width.
  void write_short(Form f, unsigned reg, unsigned second, unsigned r) {
    to_.ended(vex(to_.next(), words::vex(f, false), reg, second, r));
  }

  static Operand3 at(Gp base, std::int32_t displacement) {
    return {.base = base, .displacement = displacement};
  }
  Operand3 at_row(Gp pointer, unsigned copy) const {
    return {.base = pointer,
            .index = row_,
            .displacement = static_cast<std::int32_t>(copy * lanes_ * sizeof(double))};
  }

  Operand3 place(Place p, bool as_operand) {
    Operand3 x;
    switch (p.kind) {
      case Place::in_register: return Operand3::of(p.index);
      case Place::column: {
        Gp pointer = rax;
        if (p.index < hoisted_columns_) {
          pointer = pointers_[p.index];
        } else {
          to_.load(rax, at(columns_, displacement(p.index)));
        }
        return at_row(pointer, p.copy);
      }
      case Place::uniform: x = at(uniforms_, displacement(p.index)); break;
      case Place::constant: x = at(pool_, displacement(p.index)); break;
      case Place::lanes:
        return at(out_, static_cast<std::int32_t>(64 * p.index +
                                                  (s_.width == Width::four ? 32u * p.copy : 0u)));
      case Place::slot:
        return at(rsp, static_cast<std::int32_t>(base_ + p.index * bytes_of_register()));
    }
    x.spread = as_operand && s_.width == Width::eight;
    return x;
  }

  const KernelShape s_;
  const unsigned lanes_;
  Writer to_;
  const std::uint32_t base_;
  const std::size_t row_of_ = s_.width == Width::one ? 0 : s_.width == Width::four ? 1 : 2;
  const std::array<std::uint64_t, opcodes.size()>& steps_ = step_words[row_of_];
  Writer::Bytes again_ = 0, frame_begin_ = 0;
  std::uint32_t hoisted_columns_ = 0, hoisted_outputs_ = 0;

  static constexpr Gp saved_[] = {rbx, rbp, r12, r13, r14, r15};
  static constexpr Gp pointers_[] = {rcx, rdx, rsi, rdi, r8, r9};
  Gp uniforms_ = r12, columns_ = r13, out_ = r14, pool_ = rbx;
  static constexpr Gp row_ = r15;

 private:
  static constexpr std::size_t bytes_expected = 512;
  // How large the frame is turns out at the end; until then any number that takes four bytes.
  static constexpr std::int32_t frame_unknown = 0x1000;

  void set_frame(std::uint32_t slots, Writer::Bytes frame_end) {
    std::uint32_t bytes = base_ + slots * bytes_of_register();
    if (s_.rows) {
      bytes += 64;
    } else if (!s_.calls && !s_.rescues && slots == 0) {
      bytes = 0;
    } else {
      bytes = (bytes + 15) & ~15u;
      if (!s_.calls) bytes += 8;  // entered 8 bytes off a multiple of 16
    }
    const auto set = [&](Writer::Bytes where) {
      to_.set_four(where, bytes);
      static constexpr std::uint8_t nothing[7] = {0x0F, 0x1F, 0x80, 0, 0, 0, 0};
      if (bytes == 0) to_.set(where - 3, nothing);
    };
    set(frame_begin_);
    if (!s_.rows) set(frame_end);
  }
};

}  // namespace nabla::x86_64
