#include "lib/eval/native/encoder.hpp"

#if defined(NABLA_HAS_ASMJIT) && defined(__x86_64__) && defined(__unix__)

#include <asmjit/x86.h>

#include <cstring>

namespace nabla {

namespace {

using namespace asmjit;
namespace Inst = x86::Inst;

// ---- what generated code calls; rows of lanes lie in the frame, 64 bytes apart

constexpr std::size_t lanes_apart = 8;

void call_lanes(double* buffer, std::size_t count, Unary f) noexcept {
  for (std::size_t i = 0; i < count; ++i) buffer[2 * lanes_apart + i] = f(buffer[i]);
}
void call_lanes_two(double* buffer, std::size_t count, Binary f) noexcept {
  for (std::size_t i = 0; i < count; ++i) {
    buffer[2 * lanes_apart + i] = f(buffer[i], buffer[lanes_apart + i]);
  }
}
void rescue_lanes(double* buffer, unsigned mask, Unary f) noexcept {
  for (std::size_t i = 0; i < 8; ++i) {
    if (mask & (1u << i)) buffer[2 * lanes_apart + i] = f(buffer[i]);
  }
}
void repair_lanes(double* buffer, unsigned mask, Binary f) noexcept {
  for (std::size_t i = 0; i < 8; ++i) {
    if (mask & (1u << i)) buffer[2 * lanes_apart + i] = f(buffer[i], buffer[lanes_apart + i]);
  }
}

// ---- instructions by step: of one lane, of VEX vectors, of EVEX vectors

struct Spelling {
  Opcode step;
  InstId one, four, eight;
};
constexpr Spelling spellings[] = {
    {Opcode::add, Inst::kIdVaddsd, Inst::kIdVaddpd, Inst::kIdVaddpd},
    {Opcode::subtract, Inst::kIdVsubsd, Inst::kIdVsubpd, Inst::kIdVsubpd},
    {Opcode::multiply, Inst::kIdVmulsd, Inst::kIdVmulpd, Inst::kIdVmulpd},
    {Opcode::divide, Inst::kIdVdivsd, Inst::kIdVdivpd, Inst::kIdVdivpd},
    {Opcode::square_root, Inst::kIdVsqrtsd, Inst::kIdVsqrtpd, Inst::kIdVsqrtpd},
    {Opcode::both, Inst::kIdVandpd, Inst::kIdVandpd, Inst::kIdVpandq},
    {Opcode::either, Inst::kIdVorpd, Inst::kIdVorpd, Inst::kIdVporq},
    {Opcode::minimum, Inst::kIdVminsd, Inst::kIdVminpd, Inst::kIdVminpd},
    {Opcode::maximum, Inst::kIdVmaxsd, Inst::kIdVmaxpd, Inst::kIdVmaxpd},
    {Opcode::round_even, Inst::kIdVroundsd, Inst::kIdVroundpd, Inst::kIdVrndscalepd},
    {Opcode::floor, Inst::kIdVroundsd, Inst::kIdVroundpd, Inst::kIdVrndscalepd},
    {Opcode::ceiling, Inst::kIdVroundsd, Inst::kIdVroundpd, Inst::kIdVrndscalepd},
    {Opcode::truncate, Inst::kIdVroundsd, Inst::kIdVroundpd, Inst::kIdVrndscalepd},
    {Opcode::bit_and, Inst::kIdVandpd, Inst::kIdVandpd, Inst::kIdVpandq},
    {Opcode::bit_or, Inst::kIdVorpd, Inst::kIdVorpd, Inst::kIdVporq},
    {Opcode::bit_xor, Inst::kIdVxorpd, Inst::kIdVxorpd, Inst::kIdVpxorq},
    {Opcode::integer_add, Inst::kIdVpaddq, Inst::kIdVpaddq, Inst::kIdVpaddq},
    {Opcode::integer_subtract, Inst::kIdVpsubq, Inst::kIdVpsubq, Inst::kIdVpsubq},
    {Opcode::shift_left, Inst::kIdVpsllq, Inst::kIdVpsllq, Inst::kIdVpsllq},
    {Opcode::shift_right, Inst::kIdVpsrlq, Inst::kIdVpsrlq, Inst::kIdVpsrlq},
};

constexpr auto instruction_of = [] {
  std::array<std::array<InstId, 3>, opcodes.size()> table{};
  for (const Spelling& s : spellings) {
    table[static_cast<std::size_t>(s.step)] = {s.one, s.four, s.eight};
  }
  return table;
}();

unsigned predicate(Opcode s) {
  switch (s) {
    case Opcode::less: return 0x11;
    case Opcode::less_equal: return 0x12;
    case Opcode::equal: return 0x00;
    default: return 0x04;  // not equal, or not comparable
  }
}
constexpr unsigned unordered = 0x03;

unsigned rounding(Opcode s) {
  switch (s) {
    case Opcode::round_even: return 8;
    case Opcode::floor: return 9;
    case Opcode::ceiling: return 10;
    default: return 11;
  }
}

bool is_arithmetic(Opcode s) {
  return s <= Opcode::square_root || s == Opcode::minimum || s == Opcode::maximum ||
         (s >= Opcode::multiply_add && s <= Opcode::subtract_product);
}

const CpuFeatures::X86& features() { return CpuInfo::host().features().x86(); }

class X86 final : public Encoder {
 public:
  explicit X86(const KernelShape& shape) : s_(shape), lanes_(static_cast<unsigned>(shape.width)) {
    code_.init(Environment::host());
    code_.attach(&a_);
    base_ = buffer_bytes + (shape.rescues ? registers() * bytes_of_register() : 0);
  }

  unsigned registers() const override { return s_.width == Width::eight ? 32 : 16; }

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
      if (p.index != to) a_.emit(Inst::kIdVmovapd, vec(to), vec(p.index));
      return;
    }
    if (s_.width == Width::one) {
      a_.emit(Inst::kIdVmovsd, x86::xmm(to), memory(p, false));
    } else if (p.kind == Place::uniform || p.kind == Place::constant) {
      a_.emit(Inst::kIdVbroadcastsd, vec(to), memory(p, false));
    } else {
      a_.emit(Inst::kIdVmovupd, vec(to), memory(p, false));
    }
  }

  void spill(std::uint32_t slot, unsigned from) override {
    const Place p{.kind = Place::slot, .index = slot};
    a_.emit(move(), memory(p, false), vec(from));
  }

  void store(std::uint32_t output, unsigned copy, unsigned from) override {
    if (!s_.rows) {
      a_.emit(Inst::kIdVmovsd, x86::ptr(out_, displacement(output)), x86::xmm(from));
      return;
    }
    x86::Gp pointer = x86::rax;
    if (output < hoisted_outputs_) {
      pointer = pointers_[hoisted_columns_ + output];
    } else {
      a_.mov(x86::rax, x86::ptr(out_, displacement(output)));
    }
    a_.emit(move(), x86::ptr(pointer, row_, 0, static_cast<int>(copy * lanes_ * sizeof(double))),
            vec(from));
  }

  void store_lanes(std::uint32_t output, unsigned copy, unsigned from) override {
    const Place p{.kind = Place::lanes, .copy = static_cast<std::uint8_t>(copy), .index = output};
    a_.emit(Inst::kIdVmovupd, memory(p, false), vec(from));
  }

  void binary(Opcode s, unsigned to, unsigned a, Place b) override {
    a_.emit(instruction(s), vec(to), vec(a), operand(b));
  }

  void unary(Opcode s, std::uint8_t detail, unsigned to, Place a) override {
    if (s == Opcode::shift_left || s == Opcode::shift_right) {
      a_.emit(instruction(s), vec(to), operand(a), Imm(detail));
    } else if (s == Opcode::square_root) {
      if (s_.width == Width::one) {
        a_.emit(instruction(s), vec(to), vec(a.kind == Place::in_register ? a.index : to),
                operand(a));
      } else {
        a_.emit(instruction(s), vec(to), operand(a));
      }
    } else if (s_.width == Width::one) {
      a_.emit(instruction(s), vec(to), vec(a.kind == Place::in_register ? a.index : to), operand(a),
              Imm(rounding(s)));
    } else {
      a_.emit(instruction(s), vec(to), operand(a), Imm(rounding(s)));
    }
  }

  void fused(Opcode s, Fused form, unsigned to, unsigned x, Place y) override {
    const bool one = s_.width == Width::one, is_c = form == Fused::c_is_to;
    InstId id = 0;
    switch (s) {
      case Opcode::multiply_add:
        id = is_c ? (one ? Inst::kIdVfmadd231sd : Inst::kIdVfmadd231pd)
                  : (one ? Inst::kIdVfmadd213sd : Inst::kIdVfmadd213pd);
        break;
      case Opcode::multiply_subtract:
        id = is_c ? (one ? Inst::kIdVfmsub231sd : Inst::kIdVfmsub231pd)
                  : (one ? Inst::kIdVfmsub213sd : Inst::kIdVfmsub213pd);
        break;
      default:
        id = is_c ? (one ? Inst::kIdVfnmadd231sd : Inst::kIdVfnmadd231pd)
                  : (one ? Inst::kIdVfnmadd213sd : Inst::kIdVfnmadd213pd);
    }
    a_.emit(id, vec(to), vec(x), operand(y));
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
    switch (s_.width) {
      case Width::eight:
        a_.emit(Inst::kIdVcmppd, x86::k1, vec(a), operand(b), Imm(predicate(s)));
        a_.emit(Inst::kIdVpmovm2q, vec(to), x86::k1);
        break;
      case Width::four:
        a_.emit(Inst::kIdVcmppd, vec(to), vec(a), operand(b), Imm(predicate(s)));
        break;
      case Width::one: a_.emit(Inst::kIdVcmpsd, vec(to), vec(a), operand(b), Imm(predicate(s)));
    }
  }

  void negate_condition(unsigned to, unsigned a) override {
    if (s_.width == Width::eight) {
      a_.emit(Inst::kIdVpternlogq, vec(to), vec(a), vec(a), Imm(0x55));
    } else {
      a_.emit(Inst::kIdVpcmpeqd, vec(to), vec(to), vec(to));
      a_.emit(Inst::kIdVxorpd, vec(to), vec(to), vec(a));
    }
  }

  void take_condition(unsigned from) override {
    condition_ = from;
    if (s_.width == Width::eight) a_.emit(Inst::kIdVpmovq2m, x86::k1, vec(from));
  }
  void take_comparison(Opcode s, unsigned spare, unsigned a, Place b) override {
    condition_ = spare;
    if (s_.width == Width::eight) {
      a_.emit(Inst::kIdVcmppd, x86::k1, vec(a), operand(b), Imm(predicate(s)));
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

  void select(unsigned to, Place b, unsigned c) override {
    if (s_.width == Width::eight) {
      const Operand x = operand(b);  // may need an instruction of its own
      a_.k(x86::k1).emit(Inst::kIdVblendmpd, vec(to), vec(c), x);
    } else {
      a_.emit(Inst::kIdVblendvpd, vec(to), vec(c), operand(b), vec(condition_));
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

 private:
  // The frame: three rows of lanes for calls, the caller's stack pointer, all registers while a
  // step is rescued, and the slots.
  static constexpr int stack_at = 192;
  static constexpr std::uint32_t buffer_bytes = 256;

  // A step that leaves the straight line now and then.
  struct Line {
    std::uint64_t function, helper;
    unsigned to;
    unsigned operands[2];
    unsigned y;
    Label start = {}, back = {};
  };

  std::uint32_t bytes_of_register() const { return lanes_ * 8; }
  static int displacement(std::uint32_t index) { return static_cast<int>(index * sizeof(double)); }
  InstId instruction(Opcode s) const {
    const auto& row = instruction_of[static_cast<std::size_t>(s)];
    return row[s_.width == Width::one ? 0 : s_.width == Width::four ? 1 : 2];
  }
  InstId move() const { return s_.width == Width::one ? Inst::kIdVmovsd : Inst::kIdVmovupd; }
  x86::Vec vec(unsigned i) const {
    switch (s_.width) {
      case Width::one: return x86::xmm(i);
      case Width::four: return x86::ymm(i);
      case Width::eight: break;
    }
    return x86::zmm(i);
  }

  x86::Mem memory(Place p, bool as_operand) {
    const bool spread = as_operand && s_.width == Width::eight;
    switch (p.kind) {
      case Place::column: {
        x86::Gp pointer = x86::rax;
        if (p.index < hoisted_columns_) {
          pointer = pointers_[p.index];
        } else {
          a_.mov(x86::rax, x86::ptr(columns_, displacement(p.index)));
        }
        return x86::ptr(pointer, row_, 0, static_cast<int>(p.copy * lanes_ * sizeof(double)));
      }
      case Place::uniform: {
        const x86::Mem m = x86::ptr(uniforms_, displacement(p.index));
        return spread ? m._1to8() : m;
      }
      case Place::constant: {
        const x86::Mem m = x86::ptr(pool_, displacement(p.index));
        return spread ? m._1to8() : m;
      }
      case Place::lanes:
        return x86::ptr(
            out_, static_cast<int>(64 * p.index + (s_.width == Width::four ? 32u * p.copy : 0u)));
      default: break;
    }
    return x86::ptr(x86::rsp, static_cast<int>(base_ + p.index * bytes_of_register()));
  }
  Operand operand(Place p) {
    if (p.kind == Place::in_register) return vec(p.index);
    return memory(p, true);
  }

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

  void write_lines_left() {
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

  const KernelShape s_;
  const unsigned lanes_;
  CodeHolder code_;
  x86::Assembler a_;
  std::uint32_t base_ = 0;
  Label again_;
  std::vector<Line> lines_;
  std::size_t frame_begin_ = 0;
  std::vector<std::size_t> frame_ends_;
  unsigned condition_ = 0;
  bool failed_ = false;
  std::uint32_t hoisted_columns_ = 0, hoisted_outputs_ = 0;

  const x86::Gp saved_[6] = {x86::rbx, x86::rbp, x86::r12, x86::r13, x86::r14, x86::r15};
  const x86::Gp pointers_[6] = {x86::rcx, x86::rdx, x86::rsi, x86::rdi, x86::r8, x86::r9};
  x86::Gp uniforms_ = x86::r12, columns_ = x86::r13, out_ = x86::r14, pool_ = x86::rbx;
  const x86::Gp row_ = x86::r15;
};

}  // namespace

bool Encoder::supports(Width width) {
  const auto& has = features();
  const bool vex = has.hasAVX2() && has.hasFMA();
  if (width != Width::eight) return vex;
  return vex && has.hasAVX512_F() && has.hasAVX512_DQ() && has.hasAVX512_VL() && has.hasAVX512_BW();
}

std::unique_ptr<Encoder> Encoder::make(const KernelShape& shape) {
  if (!supports(shape.width)) return nullptr;
  return std::make_unique<X86>(shape);
}

}  // namespace nabla

#else

namespace nabla {

bool Encoder::supports(Width) { return false; }
std::unique_ptr<Encoder> Encoder::make(const KernelShape&) { return nullptr; }

}  // namespace nabla

#endif
