#include "lib/eval/native/registers.hpp"

#include <algorithm>
#include <bit>

namespace nabla {

Registers::Registers(const Code& code, const KernelShape& shape, Encoder& encoder, Uses& uses)
    : code_(code),
      shape_(shape),
      to_(encoder),
      copies_(shape.copies),
      first_(code.first_step()),
      values_each_(first_ + static_cast<std::uint32_t>(code.size())),
      most_alive_(uses.most),
      values_(uses.values.get()),
      next_after_(uses.next_after.get()) {
  if (copies_ > 1) {
    const std::size_t each = values_each_;
    values_of_copies_ = std::make_unique_for_overwrite<ValueState[]>(each * copies_);
    for (unsigned c = 0; c < copies_; ++c) {
      std::copy_n(values_, each, values_of_copies_.get() + c * each);
    }
    values_ = values_of_copies_.get();
  }
  free_ = all_ = (std::uint64_t{1} << encoder.registers()) - 1;
  if (shape.sums) sum_in_.assign(code.outputs.size() * sums_each(), no_register);
}

// Lanes of sums stay in registers that nobody else needs; the others are added to in memory.
void Registers::hoist_sums(unsigned& spare) {
  for (std::uint32_t k = 0; k < sum_in_.size() && spare > 0; ++k, --spare) {
    const auto r = static_cast<unsigned>(std::countr_zero(free_));
    to_.load(r, {.kind = Place::lanes,
                 .copy = static_cast<std::uint8_t>(k % sums_each()),
                 .index = k / sums_each()});
    free_ &= ~bit(r);
    hoisted_ |= bit(r);
    sum_in_[k] = static_cast<std::uint8_t>(r);
  }
}

// Constants and uniforms that are read most stay in registers that nobody else needs.
void Registers::hoist() {
  if (!shape_.rows || shape_.calls) return;
  // A step has at most five operands, counting those of a comparison it makes, and two results.
  const unsigned busy = most_alive_ * copies_ + 8;
  if (busy >= to_.registers()) return;
  unsigned spare = to_.registers() - busy;
  hoist_sums(spare);
  std::vector<std::uint32_t> count(first_ - code_.columns, 0);
  for (std::uint32_t i = 0; i < code_.size(); ++i) {
    for (int k = 0; k < arity(code_.step[i]); ++k) {
      const std::uint32_t v = code_.operand(i, k);
      if (v >= code_.columns && v < first_) ++count[v - code_.columns];
    }
  }
  std::vector<std::uint32_t> order;
  for (std::uint32_t i = 0; i < count.size(); ++i) {
    if (count[i] > 0) order.push_back(i);
  }
  spare = static_cast<unsigned>(std::min<std::size_t>(spare, order.size()));
  std::ranges::stable_sort(order, [&](auto a, auto b) { return count[a] > count[b]; });
  for (unsigned k = 0; k < spare; ++k) {
    const Id i = code_.columns + order[k];
    const auto r = static_cast<unsigned>(std::countr_zero(free_));
    to_.load(r, home(i));
    assign(r, i);
    hoisted_ |= bit(r);
  }
}

Place Registers::home(Id i) const {
  const std::uint32_t v = value(i);
  if (v >= first_) return {.kind = Place::slot, .index = values_[i].slot};
  if (v >= code_.first_constant()) {
    return {.kind = Place::constant, .index = v - code_.first_constant()};
  }
  if (v >= code_.columns) return {.kind = Place::uniform, .index = v - code_.columns};
  return {.kind = Place::column, .copy = static_cast<std::uint8_t>(i / values_each_), .index = v};
}

unsigned Registers::drive_out() {
  unsigned victim = 0;
  std::uint32_t latest = 0;
  bool found = false;
  for (std::uint64_t left = all_ & ~(pinned_ | hoisted_); left != 0; left &= left - 1) {
    const auto r = static_cast<unsigned>(std::countr_zero(left));
    const std::uint32_t when = values_[held_by_[r]].next;
    if (!found || when > latest) {
      victim = r;
      latest = when;
      found = true;
    }
  }
  if (!found) {
    stuck_ = true;
    return victim;
  }
  leave(victim);
  return victim;
}

// Frees a register; its value goes to the stack if it is still needed and cannot be had again.
void Registers::leave(unsigned r) {
  const Id i = held_by_[r];
  ValueState& v = values_[i];
  if (v.next != never && v.slot == ValueState::no_slot && is_step(i)) {
    if (!free_slots_.empty()) {
      v.slot = free_slots_.back() & ValueState::no_slot;
      free_slots_.pop_back();
    } else if (slots_ < most_slots) {
      v.slot = slots_++ & ValueState::no_slot;
    } else {
      v.slot = 0;
      stuck_ = true;
    }
    to_.spill(v.slot, r);
  }
  v.where = ValueState::no_register;
  free_ |= bit(r);
}

void Registers::end_slot(ValueState& v) {
  ended_slots_.push_back(v.slot);
  v.slot = ValueState::no_slot;
}

void Registers::load(Id i) {
  const Place place = home(i);
  const unsigned r = take_register();
  to_.load(r, place);
  assign(r, i);
}

// The last operand of a step may stay in memory when it is needed once, or no register is free for
// it.
Place Registers::operand_elsewhere(Opcode s, Id i) {
  const Place at = home(i);
  const bool again = values_[i].next != never && values_[i].slot == ValueState::no_slot;
  std::uint64_t left = free_ & (free_ - 1);  // but for two
  left &= left - 1;
  if ((again && left != 0) || !to_.takes(s, at.kind)) {
    return {.kind = Place::in_register, .index = in_register(i)};
  }
  return at;
}

// A register that holds no value for a while.
unsigned Registers::reserve() {
  const unsigned r = take_register();
  free_ &= ~bit(r);
  pin(r);
  return r;
}

void Registers::forget_registers() {
  for (std::uint64_t taken = all_ & ~free_; taken != 0; taken &= taken - 1) {
    leave(static_cast<unsigned>(std::countr_zero(taken)));
  }
}

unsigned Registers::rename(Id from, Id to) {
  const unsigned r = where(from);
  values_[from].where = ValueState::no_register;
  release(from);
  assign(r, to);
  pin(r);
  return r;
}

}  // namespace nabla
