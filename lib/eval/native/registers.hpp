#pragma once

// Registers: which value is in which register, on the way through the code. When registers run
// out, the value that is needed last goes (L. A. Belady, "A study of replacement algorithms for a
// virtual-storage computer", IBM Systems Journal 5, 1966). Values of steps are written to the stack
// at most once; columns, uniforms and constants are loaded again.

#include <cstdint>
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
  unsigned in_register(Id);
  // The last operand of a step, which may stay in memory when it is needed once, or no register is
  // free for it.
  Place operand(Opcode, Id);
  unsigned result_register(Id to);
  unsigned take_register();  // a free one, not yet anybody's
  unsigned reserve();        // one that holds no value for a while, until give_back()
  void give_back(unsigned r) { free_ |= 1u << r; }
  void assign(unsigned r, Id);
  // The register of a value that ends becomes that of another.
  unsigned rename(Id from, Id to);
  void release(Id);  // a value that nobody reads any more
  void forget_registers();

  void pin(unsigned r) { pinned_ |= 1u << r; }
  void unpin() { pinned_ = 0; }
  // Slots of operands are free for others once the step that reads them is written.
  void free_ended_slots() {
    free_slots_.insert(free_slots_.end(), ended_slots_.begin(), ended_slots_.end());
    ended_slots_.clear();
  }

  // After the operands of a step were read: what comes next for them. Called before the result gets
  // a register, which may be that of an operand.
  void advance(std::uint32_t at, unsigned copy);
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
  void find_uses();
  void hoist_sums(unsigned& spare);
  void leave(unsigned r);

  const Code& code_;
  const KernelShape& shape_;
  Encoder& to_;
  const unsigned copies_;
  const std::uint32_t first_;
  const Id first_shared_, first_step_id_;

  std::vector<std::uint32_t> next_after_[3];  // the use of an operand after this one
  std::vector<std::uint32_t> next_;           // of an id: the next step that reads it
  std::vector<std::uint8_t> where_;
  std::vector<std::uint32_t> slot_;
  std::vector<std::uint8_t> sum_in_;
  std::uint32_t held_by_[32];
  std::uint32_t free_ = 0, pinned_ = 0, hoisted_ = 0;
  std::vector<std::uint32_t> free_slots_, ended_slots_;
  std::uint32_t slots_ = 0;
  bool stuck_ = false;
};

}  // namespace nabla
