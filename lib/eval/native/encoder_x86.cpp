#include "lib/eval/native/encoder.hpp"

#if defined(NABLA_HAS_ASMJIT) && defined(__x86_64__) && defined(__unix__)

#include <asmjit/core.h>

#include "lib/eval/native/x86_calls.hpp"

namespace nabla {

namespace x86_64 {

namespace {

class X86 final : public Calls {
 public:
  using Calls::Calls;

  bool takes(Opcode s, Place::Kind kind) const override {
    if (kind == Place::in_register) return true;
    if (s == Opcode::lookup || s == Opcode::scale) return false;
    if (s_.width == Width::one) {  // packed instructions would read beyond the number
      const bool compares = s >= Opcode::less && s <= Opcode::not_equal;
      return is_arithmetic(s) || compares || (s >= Opcode::round_even && s <= Opcode::truncate);
    }
    if (s == Opcode::shift_left || s == Opcode::shift_right) return s_.width == Width::eight;
    if (kind == Place::column || kind == Place::slot || kind == Place::lanes) return true;
    return s_.width == Width::eight;  // one number for all lanes
  }

  void binary(Opcode s, unsigned to, unsigned a, Place b) override { write(word(s), to, a, b); }

  void unary(Opcode s, std::uint8_t detail, unsigned to, Place a) override {
    // One lane takes the others from a second register.
    const unsigned second = s_.width != Width::one         ? 0
                            : a.kind == Place::in_register ? a.index
                                                           : to;
    if (s == Opcode::shift_left || s == Opcode::shift_right) {
      write(word(s), s == Opcode::shift_left ? 6 : 2, to, a);
      to_.byte(detail);
    } else {
      write(word(s), to, second, a);
      if (s != Opcode::square_root) to_.byte(rounding(s));
    }
  }

  void fused(Opcode s, Fused which, unsigned to, unsigned x, Place y) override {
    const bool first = which == Fused::c_is_to;
    write(first ? word(s) : other_product(word(s), s_.width), to, x, y);
  }

  unsigned spares(Opcode s) const override {
    if (s == Opcode::scale) return s_.width == Width::eight ? 0 : 2;
    return s == Opcode::lookup && s_.width == Width::four ? 2 : 0;
  }

  void scale(unsigned to, unsigned a, unsigned b, unsigned t, unsigned u) override {
    if (s_.width == Width::eight) return write(word(scale_by), to, a, b);
    const auto extra = [&](std::uint32_t k) {
      return at(pool_, displacement(s_.extras_at + 4 * k));
    };
    const auto floor = [&](unsigned d, unsigned v) {
      write(word(Opcode::floor), d, s_.width == Width::one ? v : 0, v);
      to_.byte(rounding(Opcode::floor));
    };
    // t = floor(b), u = floor(t/2), t = t - u; both become powers of two.
    floor(t, b);
    write(word(Opcode::multiply), u, t, extra(0));
    floor(u, u);
    write(word(Opcode::subtract), t, t, u);
    for (const unsigned r : {u, t}) {
      write(word(Opcode::add), r, r, extra(1));
      write(word(shift_by), 6, r, r);
      to_.byte(52);
    }
    write(word(Opcode::multiply), to, a, u);
    write(word(Opcode::multiply), to, to, t);
  }

  void lookup(unsigned table, unsigned to, unsigned a, unsigned t, unsigned u) override {
    const Operand3 entries = at(pool_, displacement(s_.tables_at + 16 * table));
    Operand3 entry = entries;
    switch (s_.width) {
      case Width::eight:
        write(loads[row_of_], to, 0, entries);
        entry.displacement += 64;
        write(word(select_by), to, a, entry);
        break;
      case Width::four:
        write(word(shift_by), 6, t, a);
        to_.byte(60);
        write(word(shift_by), 2, t, t);
        to_.byte(57);
        write(word(all_ones), u, u, u);
        entry.index = static_cast<std::uint8_t>(t);
        write(word(gather), to, u, entry);
        break;
      case Width::one:
        write(word(bits_to_general), a, 0, unsigned{rax});
        to_.both(rax, false, 15);
        entry.index = rax;
        entry.scale = 3;
        write(loads[row_of_], to, 0, entry);
    }
  }

  void compare(Opcode s, unsigned to, unsigned a, Place b) override {
    const bool in_mask = s_.width == Width::eight;
    write(word(s), in_mask ? condition_mask : to, a, b);
    to_.byte(predicate(s));
    if (in_mask) write(word(mask_to_bits), to, 0, condition_mask);
  }

  void negate_condition(unsigned to, unsigned a) override {
    if (s_.width == Width::eight) {
      write(word(logic), to, a, a);
      to_.byte(0x55);  // not the last
    } else {
      write(word(all_ones), to, to, to);
      write(word(flip), to, to, a);
    }
  }

  void select(unsigned to, Place b, unsigned c) override {
    if (s_.width == Width::eight) {
      const std::uint64_t masked = word(blend) | (std::uint64_t{condition_mask} << evex_mask_at);
      write(masked, to, c, b);
    } else {
      write(word(blend_signs), to, c, b);
      to_.byte(condition_ << 4);
    }
  }
};

const asmjit::CpuFeatures::X86& features() { return asmjit::CpuInfo::host().features().x86(); }

}  // namespace

}  // namespace x86_64

bool Encoder::supports(Width width) {
  const auto& has = x86_64::features();
  const bool vex = has.hasAVX2() && has.hasFMA();
  if (width != Width::eight) return vex;
  return vex && has.hasAVX512_F() && has.hasAVX512_DQ() && has.hasAVX512_VL() && has.hasAVX512_BW();
}

std::unique_ptr<Encoder> Encoder::make(const KernelShape& shape) {
  if (!supports(shape.width)) return nullptr;
  return std::make_unique<x86_64::X86>(shape);
}

}  // namespace nabla

#else

namespace nabla {

bool Encoder::supports(Width) { return false; }
std::unique_ptr<Encoder> Encoder::make(const KernelShape&) { return nullptr; }

}  // namespace nabla

#endif
