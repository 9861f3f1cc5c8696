#pragma once

// The frame of generated code: entry and exit, the loop over rows, and how places are addressed.
// Private to encoder_x86.cpp.

#include <algorithm>
#include <cstring>

#include "lib/eval/native/encoder.hpp"
#include "lib/eval/native/x86_spelling.hpp"

namespace nabla::x86_64 {

class Frame : public Encoder, private ErrorHandler {
 public:
  explicit Frame(const KernelShape& shape) : s_(shape), lanes_(static_cast<unsigned>(shape.width)) {
    code_.init(Environment::host());
    code_.setErrorHandler(this);
    code_.attach(&a_);
    base_ = buffer_bytes + (shape.rescues ? registers() * bytes_of_register() : 0);
  }

  unsigned registers() const override { return s_.width == Width::eight ? 32 : 16; }

  void begin() override {
    if (s_.rows) {
      for (const x86::Gp& r : saved_) a_.push(r);
      a_.mov(x86::rax, x86::rsp);
      reserve_frame();
      a_.and_(x86::rsp, -64);
      a_.mov(x86::ptr(x86::rsp, stack_at), x86::rax);
      a_.mov(x86::rbp, x86::rdi);
      a_.mov(uniforms_, x86::ptr(x86::rbp, offsetof(RowCall, uniforms)));
      a_.mov(columns_, x86::ptr(x86::rbp, offsetof(RowCall, columns)));
      a_.mov(out_, x86::ptr(x86::rbp, offsetof(RowCall, out)));
      a_.mov(pool_, x86::ptr(x86::rbp, offsetof(RowCall, pool)));
      a_.mov(row_, x86::ptr(x86::rbp, offsetof(RowCall, begin)));
      if (!s_.calls) {
        const std::uint32_t most = static_cast<std::uint32_t>(std::size(pointers_));
        hoisted_columns_ = std::min(s_.columns, most);
        hoisted_outputs_ = s_.sums ? 0 : std::min(s_.outputs, most - hoisted_columns_);
        for (std::uint32_t k = 0; k < hoisted_columns_; ++k) {
          a_.mov(pointers_[k], x86::ptr(columns_, displacement(k)));
        }
        for (std::uint32_t k = 0; k < hoisted_outputs_; ++k) {
          a_.mov(pointers_[hoisted_columns_ + k], x86::ptr(out_, displacement(k)));
        }
      }
      return;
    }
    uniforms_ = x86::rdi;
    out_ = x86::rsi;
    pool_ = x86::rdx;
    if (s_.calls) {
      for (const x86::Gp& r : {x86::rbx, x86::r12, x86::r13}) a_.push(r);
      a_.mov(x86::rbx, x86::rdi);
      a_.mov(x86::r12, x86::rsi);
      a_.mov(x86::r13, x86::rdx);
      uniforms_ = x86::rbx;
      out_ = x86::r12;
      pool_ = x86::r13;
    }
    reserve_frame();
  }

  void begin_rows() override {
    if (!s_.rows) return;
    again_ = a_.newLabel();
    a_.align(AlignMode::kCode, 32);
    a_.bind(again_);
  }

  void load(unsigned to, Place p) override {
    if (p.kind == Place::in_register) {
      if (p.index != to) write(copies[row_of_], to, 0, Operand3::of(p.index));
      return;
    }
    const bool one_number = p.kind == Place::uniform || p.kind == Place::constant;
    if (s_.width != Width::one && one_number) {
      write(spreads[row_of_], to, 0, place(p, false), 8);
    } else {
      write(loads[row_of_], to, 0, place(p, false));
    }
  }

  void spill(std::uint32_t slot, unsigned from) override {
    const Place p{.kind = Place::slot, .index = slot};
    write(stores[row_of_], from, 0, place(p, false));
  }

  void store(std::uint32_t output, unsigned copy, unsigned from) override {
    if (!s_.rows) {
      write(stores[row_of_], from, 0, at(out_, displacement(output)));
      return;
    }
    x86::Gp pointer = x86::rax;
    if (output < hoisted_outputs_) {
      pointer = pointers_[hoisted_columns_ + output];
    } else {
      a_.mov(x86::rax, x86::ptr(out_, displacement(output)));
    }
    write(stores[row_of_], from, 0, at_row(pointer, copy));
  }

  void store_lanes(std::uint32_t output, unsigned copy, unsigned from) override {
    const Place p{.kind = Place::lanes, .copy = static_cast<std::uint8_t>(copy), .index = output};
    write(stores[row_of_], from, 0, place(p, false));
  }

  void end_rows() override {
    if (!s_.rows) return;
    a_.add(row_, s_.copies * lanes_ * sizeof(double));
    a_.cmp(row_, x86::ptr(x86::rbp, offsetof(RowCall, end)));
    a_.jb(again_);
  }

  void end(std::uint32_t slots) override {
    if (s_.rows) {
      a_.emit(Inst::kIdVzeroupper);
      a_.mov(x86::rsp, x86::ptr(x86::rsp, stack_at));
      for (std::size_t k = std::size(saved_); k-- > 0;) a_.pop(saved_[k]);
    } else {
      frame_ends_.push_back(a_.offset() + 3);
      a_.long_().add(x86::rsp, 0x1000);
      if (s_.calls) {
        for (const x86::Gp& r : {x86::r13, x86::r12, x86::rbx}) a_.pop(r);
      }
    }
    a_.ret();
    write_lines_left();
    set_frame(slots);
    failed_ = code_.flatten() != kErrorOk || code_.resolveUnresolvedLinks() != kErrorOk ||
              code_.hasUnresolvedLinks() || failed_;
  }

  std::span<const std::uint8_t> bytes() override {
    if (failed_ || a_.code() == nullptr) return {};
    const auto& buffer = code_.sectionById(0)->buffer();
    return {buffer.data(), buffer.size()};
  }

 protected:
  // The frame: three rows of lanes for calls, the caller's stack pointer, all registers while a
  // step is rescued, and the slots.
  static constexpr int stack_at = 192;
  static constexpr std::uint32_t buffer_bytes = 256;

  // What lies after the last return.
  virtual void write_lines_left() = 0;

  std::uint32_t bytes_of_register() const { return lanes_ * 8; }
  static int displacement(std::uint32_t index) { return static_cast<int>(index * sizeof(double)); }
  InstId move() const { return s_.width == Width::one ? Inst::kIdVmovsd : Inst::kIdVmovupd; }
  x86::Vec vec(unsigned i) const {
    switch (s_.width) {
      case Width::one: return x86::xmm(i);
      case Width::four: return x86::ymm(i);
      case Width::eight: break;
    }
    return x86::zmm(i);
  }

  // An instruction of the width at hand. `unit`: bytes that EVEX reads or writes.
  void write(Form f, unsigned reg, unsigned second, const Operand3& x, std::int32_t unit = 64) {
    std::uint8_t apart[longest_instruction];
    const bool fits = a_.remainingSpace() >= longest_instruction;
    std::uint8_t* const begin = fits ? a_._bufferPtr : apart;
    std::uint8_t* const end = s_.width == Width::eight
                                  ? evex(begin, f, reg, second, x, unit)
                                  : vex(begin, f, s_.width == Width::four, reg, second, x);
    finish(begin, end);
  }
  // The same with a number after it.
  void write_with(unsigned number, Form f, unsigned reg, unsigned second, const Operand3& x) {
    write(f, reg, second, x);
    const auto byte = static_cast<std::uint8_t>(number);
    a_.embed(&byte, 1);
  }

  static Operand3 at(const x86::Gp& base, std::int32_t displacement) {
    return {.base = static_cast<std::uint8_t>(base.id()), .displacement = displacement};
  }
  Operand3 at_row(const x86::Gp& pointer, unsigned copy) const {
    return {.base = static_cast<std::uint8_t>(pointer.id()),
            .index = static_cast<std::uint8_t>(row_.id()),
            .displacement = static_cast<std::int32_t>(copy * lanes_ * sizeof(double))};
  }

  Operand3 place(Place p, bool as_operand) {
    Operand3 x;
    switch (p.kind) {
      case Place::in_register: return Operand3::of(p.index);
      case Place::column: {
        x86::Gp pointer = x86::rax;
        if (p.index < hoisted_columns_) {
          pointer = pointers_[p.index];
        } else {
          a_.mov(x86::rax, x86::ptr(columns_, displacement(p.index)));
        }
        return at_row(pointer, p.copy);
      }
      case Place::uniform: x = at(uniforms_, displacement(p.index)); break;
      case Place::constant: x = at(pool_, displacement(p.index)); break;
      case Place::lanes:
        return at(out_, static_cast<std::int32_t>(64 * p.index +
                                                  (s_.width == Width::four ? 32u * p.copy : 0u)));
      case Place::slot:
        return at(x86::rsp, static_cast<std::int32_t>(base_ + p.index * bytes_of_register()));
    }
    x.spread = as_operand && s_.width == Width::eight;
    return x;
  }
  // The same for AsmJit.
  Operand operand(Place p) {
    const Operand3 x = place(p, true);
    if (p.kind == Place::in_register) return vec(p.index);
    x86::Mem m = x.index == Operand3::none
                     ? x86::ptr(x86::gpq(x.base), x.displacement)
                     : x86::ptr(x86::gpq(x.base), x86::gpq(x.index), 0, x.displacement);
    return x.spread ? m._1to8() : m;
  }

  const KernelShape s_;
  const unsigned lanes_;
  CodeHolder code_;
  x86::Assembler a_;
  std::uint32_t base_ = 0;
  const std::size_t row_of_ = s_.width == Width::one ? 0 : s_.width == Width::four ? 1 : 2;
  Label again_;
  std::size_t frame_begin_ = 0;
  std::vector<std::size_t> frame_ends_;
  bool failed_ = false;
  std::uint32_t hoisted_columns_ = 0, hoisted_outputs_ = 0;

  const x86::Gp saved_[6] = {x86::rbx, x86::rbp, x86::r12, x86::r13, x86::r14, x86::r15};
  const x86::Gp pointers_[6] = {x86::rcx, x86::rdx, x86::rsi, x86::rdi, x86::r8, x86::r9};
  x86::Gp uniforms_ = x86::r12, columns_ = x86::r13, out_ = x86::r14, pool_ = x86::rbx;
  const x86::Gp row_ = x86::r15;

 private:
  void handleError(Error, const char*, BaseEmitter*) override { failed_ = true; }

  void finish(std::uint8_t* begin, std::uint8_t* end) {
    if (begin == a_._bufferPtr) {
      a_._bufferPtr = end;
      // AsmJit makes room by this size, which its own writing keeps.
      CodeBuffer& buffer = a_.currentSection()->_buffer;
      buffer._size = std::max(buffer._size, a_.offset());
    } else {
      a_.embed(begin, static_cast<std::size_t>(end - begin));
    }
  }

  // How large the frame is turns out at the end; until then any number that takes four bytes.
  void reserve_frame() {
    frame_begin_ = a_.offset() + 3;
    a_.long_().sub(x86::rsp, 0x1000);
  }
  void set_frame(std::uint32_t slots) {
    std::uint8_t* const code = code_.sectionById(0)->buffer().data();
    std::uint32_t bytes = base_ + slots * bytes_of_register();
    if (s_.rows) {
      bytes += 64;
    } else if (!s_.calls && !s_.rescues && slots == 0) {
      bytes = 0;
    } else {
      bytes = (bytes + 15) & ~15u;
      if (!s_.calls) bytes += 8;  // entered 8 bytes off a multiple of 16
    }
    const auto patch = [&](std::size_t at) {
      std::memcpy(code + at, &bytes, 4);
      static constexpr std::uint8_t nothing[7] = {0x0F, 0x1F, 0x80, 0, 0, 0, 0};
      if (bytes == 0) std::memcpy(code + at - 3, nothing, 7);
    };
    patch(frame_begin_);
    for (const std::size_t at : frame_ends_) patch(at);
  }
};

}  // namespace nabla::x86_64
