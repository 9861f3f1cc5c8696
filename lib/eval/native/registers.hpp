#pragma once

// Registers: which value is in which register, on the way through the code. When registers run
// out, the value that is needed last goes (L. A. Belady, "A study of replacement algorithms for a
// virtual-storage computer", IBM Systems Journal 5, 1966). Values of steps are written to the stack
// at most once; columns, uniforms and constants are loaded again.

#include <bit>
#include <cstdint>
#include <memory>
#include <vector>

#include "lib/eval/native/encoder.hpp"
#include "lib/eval/native/uses.hpp"

namespace nabla {

class Registers {
 public:
  // A value of one of the vectors of a round: those of the first are numbered like the values, the
  // others come after them. Uniforms and constants are the same for all.
  using Id = std::uint32_t;
  static constexpr std::uint32_t never = ValueState::never;
  // Code that needs more of them on the stack is refused.
  static constexpr std::uint32_t most_slots = 2000;

  Registers(const Code&, const KernelShape&, Encoder&, Uses&);

  Id id(std::uint32_t v, unsigned copy) const {
    return copy == 0 || is_shared(v) ? v : v + copy * values_each_;
  }

  // Constants, uniforms and lanes of sums that stay in registers, before the first round.
  void hoist();

  // A register that holds the value from now on, loaded if need be, and that stays until unpin().
  unsigned in_register(Id i) {
    if (!held(i)) [[unlikely]]
      load(i);
    const unsigned r = where(i);
    pin(r);
    return r;
  }
  // The last operand of a step, which may stay in memory when it is needed once, or no register is
  // free for it.
  Place operand(Opcode s, Id i) {
    if (!held(i)) return operand_elsewhere(s, i);
    const unsigned r = where(i);
    pin(r);
    return {.kind = Place::in_register, .index = r};
  }
  unsigned result_register(Id to) {
    const unsigned r = take_register();
    assign(r, to);
    pin(r);
    return r;
  }
  // For a result whose operands, if they go on, are in these two.
  unsigned result_register(Id to, unsigned x, unsigned y) {
    unsigned r;
    if (free_ != 0) [[likely]] {
      r = static_cast<unsigned>(std::countr_zero(free_));
    } else {
      free_ended_slots();
      pinned_ = bit(x) | bit(y);
      r = drive_out();
    }
    assign(r, to);
    return r;
  }
  unsigned take_register() {  // a free one, not yet anybody's
    return free_ != 0 ? static_cast<unsigned>(std::countr_zero(free_)) : drive_out();
  }
  unsigned reserve();  // one that holds no value for a while, until give_back()
  void give_back(unsigned r) { free_ |= bit(r); }
  void assign(unsigned r, Id i) {
    free_ &= ~bit(r);
    held_by_[r] = i;
    values_[i].where = r & ValueState::no_register;
  }
  // The register of a value that ends becomes that of another.
  unsigned rename(Id from, Id to);
  void release(Id i) {  // a value that nobody reads any more
    ValueState& v = values_[i];
    if (v.held() && !(hoisted_ & bit(v.where))) {
      free_ |= bit(v.where);
      v.where = ValueState::no_register;
    }
    if (v.slot != ValueState::no_slot) [[unlikely]]
      end_slot(v);
  }
  void forget_registers();

  void pin(unsigned r) { pinned_ |= bit(r); }
  void keep(Id i) { pinned_ |= bit(values_[i].where); }  // where it is in a register
  void unpin() { pinned_ = 0; }
  // Slots of operands are free for others once the step that reads them is written.
  void free_ended_slots() {
    if (ended_slots_.empty()) return;
    free_slots_.insert(free_slots_.end(), ended_slots_.begin(), ended_slots_.end());
    ended_slots_.clear();
  }

  // After the operands of a step were read: what comes next for them. Called before the result gets
  // a register, which may be that of an operand.
  void advance(std::uint32_t at, unsigned copy) {
    const int count = arity(code_.step[at]);
    advance(at, 0, id(code_.a[at], copy), copy);
    if (count > 1) advance(at, 1, id(code_.b[at], copy), copy);
    if (count > 2) advance(at, 2, id(code_.c[at], copy), copy);
  }
  void advance(std::uint32_t at, unsigned which, Id i, unsigned copy) {
    if (copy + 1 < copies_ && is_shared(i)) return;
    values_[i].next = next_after_[3 * std::size_t{at} + which];
  }
  bool held(Id i) const { return values_[i].held(); }
  unsigned where(Id i) const { return values_[i].where; }
  Place home(Id) const;  // where a value is when it is in no register
  bool read_again(Id i) const { return values_[i].next != never; }
  void read_no_more(Id i) { values_[i].next = never; }
  bool dies(Id i) const { return values_[i].next == never && !(hoisted_ & bit(values_[i].where)); }
  bool is(unsigned mark, Id i) const { return values_[i].is(mark); }

  // Of sums: a vector of eight lanes, or two of four, one per vector of a round. The register of
  // one, or no_register.
  static constexpr std::uint8_t no_register = ValueState::no_register;
  std::uint32_t sums_each() const { return shape_.width == Width::eight ? 1 : copies_; }
  std::uint8_t sum(std::uint32_t output, unsigned which) const {
    return sum_in_[output * sums_each() + which];
  }

  // Slots used on the stack; `never` when there were too many, or when registers did not suffice
  // for a step and what it was not allowed to drive out.
  std::uint32_t slots() const { return stuck_ ? never : slots_; }

 private:
  // Of no_register a bit that means none.
  static std::uint64_t bit(unsigned r) { return std::uint64_t{1} << (r & 63); }
  bool is_shared(std::uint32_t v) const { return v >= code_.columns && v < first_; }
  std::uint32_t value(Id i) const { return i < values_each_ ? i : i % values_each_; }
  bool is_step(Id i) const { return value(i) >= first_; }
  void load(Id);
  Place operand_elsewhere(Opcode, Id);
  unsigned drive_out();
  void hoist_sums(unsigned& spare);
  void leave(unsigned r);
  void end_slot(ValueState&);

  const Code& code_;
  const KernelShape& shape_;
  Encoder& to_;
  const unsigned copies_;
  const std::uint32_t first_, values_each_, most_alive_;

  ValueState* values_;  // of ids
  const std::uint32_t* next_after_;
  std::unique_ptr<ValueState[]> values_of_copies_;
  std::vector<std::uint8_t> sum_in_;
  Id held_by_[32];
  std::uint64_t all_ = 0, free_ = 0, pinned_ = 0, hoisted_ = 0;
  std::vector<std::uint32_t> free_slots_, ended_slots_;
  std::uint32_t slots_ = 0;
  bool stuck_ = false;
};

}  // namespace nabla
