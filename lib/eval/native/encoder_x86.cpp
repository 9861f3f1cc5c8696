#include "lib/eval/native/encoder.hpp"

#if defined(NABLA_HAS_ASMJIT) && defined(__x86_64__) && defined(__unix__)

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

  void binary(Opcode s, unsigned to, unsigned a, Place b) override {
    write(form(s), to, a, place(b, true));
  }

  void unary(Opcode s, std::uint8_t detail, unsigned to, Place a) override {
    const Operand3 x = place(a, true);
    // One lane takes the others from a second register.
    const unsigned second = s_.width != Width::one         ? 0
                            : a.kind == Place::in_register ? a.index
                                                           : to;
    if (s == Opcode::shift_left || s == Opcode::shift_right) {
      write_with(detail, form(s), s == Opcode::shift_left ? 6 : 2, to, x);
    } else if (s == Opcode::square_root) {
      write(form(s), to, second, x);
    } else {
      write_with(rounding(s), form(s), to, second, x);
    }
  }

  void fused(Opcode s, Fused which, unsigned to, unsigned x, Place y) override {
    Form f = form(s);
    if (which == Fused::a_is_to) f.opcode = static_cast<std::uint8_t>(f.opcode - 0x10);
    write(f, to, x, place(y, true));
  }

  unsigned spares(Opcode s) const override {
    if (s == Opcode::scale) return s_.width == Width::eight ? 0 : 2;
    return s == Opcode::lookup && s_.width == Width::four ? 2 : 0;
  }

  void scale(unsigned to, unsigned a, unsigned b, unsigned t, unsigned u) override {
    if (s_.width == Width::eight) {
      a_.emit(Inst::kIdVscalefpd, vec(to), vec(a), vec(b));
      return;
    }
    const bool one = s_.width == Width::one;
    const auto extra = [&](std::uint32_t k) {
      return x86::ptr(pool_, displacement(s_.extras_at + 4 * k));
    };
    const auto floor = [&](unsigned d, unsigned v) {
      if (one) {
        a_.emit(Inst::kIdVroundsd, vec(d), vec(v), vec(v), Imm(9));
      } else {
        a_.emit(Inst::kIdVroundpd, vec(d), vec(v), Imm(9));
      }
    };
    // t = floor(b), u = floor(t/2), t = t - u; both become powers of two.
    floor(t, b);
    a_.emit(one ? Inst::kIdVmulsd : Inst::kIdVmulpd, vec(u), vec(t), extra(0));
    floor(u, u);
    a_.emit(one ? Inst::kIdVsubsd : Inst::kIdVsubpd, vec(t), vec(t), vec(u));
    for (const unsigned r : {u, t}) {
      a_.emit(one ? Inst::kIdVaddsd : Inst::kIdVaddpd, vec(r), vec(r), extra(1));
      a_.emit(Inst::kIdVpsllq, vec(r), vec(r), Imm(52));
    }
    a_.emit(one ? Inst::kIdVmulsd : Inst::kIdVmulpd, vec(to), vec(a), vec(u));
    a_.emit(one ? Inst::kIdVmulsd : Inst::kIdVmulpd, vec(to), vec(to), vec(t));
  }

  void lookup(unsigned table, unsigned to, unsigned a, unsigned t, unsigned u) override {
    const int at = displacement(s_.tables_at + 16 * table);
    switch (s_.width) {
      case Width::eight:
        a_.emit(Inst::kIdVmovupd, vec(to), x86::ptr(pool_, at));
        a_.emit(Inst::kIdVpermt2pd, vec(to), vec(a), x86::ptr(pool_, at + 64));
        break;
      case Width::four:
        a_.emit(Inst::kIdVpsllq, vec(t), vec(a), Imm(60));
        a_.emit(Inst::kIdVpsrlq, vec(t), vec(t), Imm(57));
        a_.emit(Inst::kIdVpcmpeqd, vec(u), vec(u), vec(u));
        a_.emit(Inst::kIdVgatherqpd, vec(to), x86::ptr(pool_, x86::ymm(t), 0, at), vec(u));
        break;
      case Width::one:
        a_.emit(Inst::kIdVmovq, x86::rax, x86::xmm(a));
        a_.and_(x86::eax, 15);
        a_.emit(Inst::kIdVmovsd, x86::xmm(to), x86::ptr(pool_, x86::rax, 3, at));
    }
  }

  void compare(Opcode s, unsigned to, unsigned a, Place b) override {
    const bool in_mask = s_.width == Width::eight;
    write_with(predicate(s), form(s), in_mask ? x86::k1.id() : to, a, place(b, true));
    if (in_mask) a_.emit(Inst::kIdVpmovm2q, vec(to), x86::k1);
  }

  void negate_condition(unsigned to, unsigned a) override {
    if (s_.width == Width::eight) {
      a_.emit(Inst::kIdVpternlogq, vec(to), vec(a), vec(a), Imm(0x55));
    } else {
      a_.emit(Inst::kIdVpcmpeqd, vec(to), vec(to), vec(to));
      a_.emit(Inst::kIdVxorpd, vec(to), vec(to), vec(a));
    }
  }

  void select(unsigned to, Place b, unsigned c) override {
    if (s_.width == Width::eight) {
      const Operand x = operand(b);  // may need an instruction of its own
      a_.k(x86::k1).emit(Inst::kIdVblendmpd, vec(to), vec(c), x);
    } else {
      a_.emit(Inst::kIdVblendvpd, vec(to), vec(c), operand(b), vec(condition_));
    }
  }

 private:
  Form form(Opcode s) const { return form_of[static_cast<std::size_t>(s)][row_of_]; }
};

const CpuFeatures::X86& features() { return CpuInfo::host().features().x86(); }

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
