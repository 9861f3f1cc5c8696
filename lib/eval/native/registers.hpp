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

namespace nabla {

class Registers {
 public:
  using Id = std::uint32_t;  // a value of one of the vectors of a round
  static constexpr std::uint32_t never = ~std::uint32_t{0};

  Registers(const Code&, const KernelShape&, Encoder&);

  Id id(std::uint32_t v, unsigned copy) const {
    if (v < code_.columns) return v * copies_ + copy;
    if (v < first_) return first_shared_ + (v - code_.columns);
    return first_step_id_ + (v - first_) * copies_ + copy;
  }

  // Constants, uniforms and lanes of sums that stay in registers, before the first round.
  void hoist();

  // A register that holds the value from now on, loaded if need be, and that stays until unpin().
  unsigned in_register(Id i) {
    if (!held(i)) [[unlikely]]
      load(i);
    pin(where_[i]);
    return where_[i];
  }
  // The last operand of a step, which may stay in memory when it is needed once, or no register is
  // free for it.
  Place operand(Opcode s, Id i) {
    if (!held(i)) return operand_elsewhere(s, i);
    pin(where_[i]);
    return {.kind = Place::in_register, .index = where_[i]};
  }
  unsigned result_register(Id to) {
    const unsigned r = take_register();
    assign(r, to);
    pin(r);
    return r;
  }
  unsigned take_register() {  // a free one, not yet anybody's
    return free_ != 0 ? static_cast<unsigned>(std::countr_zero(free_)) : drive_out();
  }
  unsigned reserve();  // one that holds no value for a while, until give_back()
  void give_back(unsigned r) { free_ |= 1u << r; }
  void assign(unsigned r, Id i) {
    free_ &= ~(1u << r);
    held_by_[r] = i;
    where_[i] = static_cast<std::uint8_t>(r);
  }
  // The register of a value that ends becomes that of another.
  unsigned rename(Id from, Id to);
  void release(Id i) {  // a value that nobody reads any more
    if (held(i) && !(hoisted_ & (1u << where_[i]))) {
      free_ |= 1u << where_[i];
      where_[i] = no_register;
    }
    if (slots_ > 0 && is_step(i) && slot_[i] != never) {
      ended_slots_.push_back(slot_[i]);
      slot_[i] = never;
    }
  }
  void forget_registers();

  void pin(unsigned r) { pinned_ |= 1u << r; }
  void keep(Id i) {  // where it is in a register
    if (held(i)) pin(where_[i]);
  }
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
    advance_one(id(code_.a[at], copy), next_after_[3 * std::size_t{at}], copy);
    if (count > 1) advance_one(id(code_.b[at], copy), next_after_[3 * std::size_t{at} + 1], copy);
    if (count > 2) advance_one(id(code_.c[at], copy), next_after_[3 * std::size_t{at} + 2], copy);
  }
  bool held(Id i) const { return where_[i] != no_register; }
  unsigned where(Id i) const { return where_[i]; }
  Place home(Id) const;  // where a value is when it is in no register
  bool read_again(Id i) const { return next_[i] != never; }
  void read_no_more(Id i) { next_[i] = never; }
  bool dies(Id i) const {
    return next_[i] == never && !(held(i) && (hoisted_ & (1u << where_[i])));
  }

  // Of sums: a vector of eight lanes, or two of four, one per vector of a round. The register of
  // one, or no_register.
  static constexpr std::uint8_t no_register = 255;
  std::uint32_t sums_each() const { return shape_.width == Width::eight ? 1 : copies_; }
  std::uint8_t sum(std::uint32_t output, unsigned which) const {
    return sum_in_[output * sums_each() + which];
  }

  // Slots used on the stack; `never` when registers did not suffice for a step and what it was not
  // allowed to drive out.
  std::uint32_t slots() const { return stuck_ ? never : slots_; }

 private:
  bool is_step(Id i) const { return i >= first_step_id_; }
  bool is_shared(Id i) const { return i >= first_shared_ && i < first_step_id_; }
  void advance_one(Id i, std::uint32_t next, unsigned copy) {
    if (is_shared(i) && copy + 1 < copies_) return;
    next_[i] = next;
  }
  void load(Id);
  Place operand_elsewhere(Opcode, Id);
  unsigned drive_out();
  void find_uses();
  void hoist_sums(unsigned& spare);
  void leave(unsigned r);

  const Code& code_;
  const KernelShape& shape_;
  Encoder& to_;
  const unsigned copies_;
  const std::uint32_t first_;
  const Id first_shared_, first_step_id_;

  // The use of an operand after this one, three of each step.
  std::unique_ptr<std::uint32_t[]> next_after_;
  std::vector<std::uint32_t> next_;  // of an id: the next step that reads it
  std::vector<std::uint8_t> where_;
  std::vector<std::uint32_t> slot_;
  std::vector<std::uint8_t> sum_in_;
  std::uint32_t held_by_[32];
  std::uint32_t all_ = 0, free_ = 0, pinned_ = 0, hoisted_ = 0;
  std::vector<std::uint32_t> free_slots_, ended_slots_;
  std::uint32_t slots_ = 0;
  bool stuck_ = false;
};

}  // namespace nabla
