#include "lib/eval/native/registers.hpp"

#include <algorithm>
#include <bit>

#include "lib/eval/lifetimes.hpp"

namespace nabla {

Registers::Registers(const Code& code, const KernelShape& shape, Encoder& encoder)
    : code_(code),
      shape_(shape),
      to_(encoder),
      copies_(shape.copies),
      first_(code.first_step()),
      first_shared_(code.columns * shape.copies),
      first_step_id_(first_shared_ + first_ - code.columns) {
  const std::size_t ids = first_step_id_ + code.size() * copies_;
  where_.assign(ids, no_register);
  slot_.assign(ids, never);
  const unsigned n = encoder.registers();
  free_ = all_ = n == 32 ? ~0u : (1u << n) - 1;
  find_uses();
  if (shape.sums) sum_in_.assign(code.outputs.size() * sums_each(), no_register);
}

void Registers::find_uses() {
  const auto count = static_cast<std::uint32_t>(code_.size());
  next_.assign(where_.size(), never);
  next_after_ = std::make_unique_for_overwrite<std::uint32_t[]>(3 * std::size_t{count});
  for (std::uint32_t i = count; i-- > 0;) {
    std::uint32_t* const after = next_after_.get() + 3 * std::size_t{i};
    const auto read = [&](int k, std::uint32_t v) {
      std::uint32_t& next = next_[id(v, 0)];
      after[k] = next;
      next = i;
    };
    const int operands = arity(code_.step[i]);
    if (operands > 2) read(2, code_.c[i]);
    if (operands > 1) read(1, code_.b[i]);
    read(0, code_.a[i]);
  }
  if (copies_ == 1) return;
  for (std::uint32_t v = 0; v < first_ + count; ++v) {
    for (unsigned c = 1; c < copies_; ++c) next_[id(v, c)] = next_[id(v, 0)];
  }
}

// Lanes of sums stay in registers that nobody else needs; the others are added to in memory.
void Registers::hoist_sums(unsigned& spare) {
  for (std::uint32_t k = 0; k < sum_in_.size() && spare > 0; ++k, --spare) {
    const auto r = static_cast<unsigned>(std::countr_zero(free_));
    to_.load(r, {.kind = Place::lanes,
                 .copy = static_cast<std::uint8_t>(k % sums_each()),
                 .index = k / sums_each()});
    free_ &= ~(1u << r);
    hoisted_ |= 1u << r;
    sum_in_[k] = static_cast<std::uint8_t>(r);
  }
}

// Constants and uniforms that are read most stay in registers that nobody else needs.
void Registers::hoist() {
  if (!shape_.rows || shape_.calls) return;
  // A step has at most five operands, counting those of a comparison it makes, and two results.
  const unsigned busy = Lifetimes(code_).most * copies_ + 8;
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
    const Id i = first_shared_ + order[k];
    const auto r = static_cast<unsigned>(std::countr_zero(free_));
    to_.load(r, home(i));
    assign(r, i);
    hoisted_ |= 1u << r;
  }
}

Place Registers::home(Id i) const {
  if (i < first_shared_) {
    return {.kind = Place::column,
            .copy = static_cast<std::uint8_t>(i % copies_),
            .index = i / copies_};
  }
  if (!is_step(i)) {
    const std::uint32_t k = i - first_shared_;
    return k < code_.uniforms ? Place{.kind = Place::uniform, .index = k}
                              : Place{.kind = Place::constant, .index = k - code_.uniforms};
  }
  return {.kind = Place::slot, .index = slot_[i]};
}

unsigned Registers::drive_out() {
  unsigned victim = 0;
  std::uint32_t latest = 0;
  bool found = false;
  for (std::uint32_t left = all_ & ~(pinned_ | hoisted_); left != 0; left &= left - 1) {
    const auto r = static_cast<unsigned>(std::countr_zero(left));
    const std::uint32_t when = next_[held_by_[r]];
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
  if (is_step(i) && slot_[i] == never && next_[i] != never) {
    if (free_slots_.empty()) {
      slot_[i] = slots_++;
    } else {
      slot_[i] = free_slots_.back();
      free_slots_.pop_back();
    }
    to_.spill(slot_[i], r);
  }
  where_[i] = no_register;
  free_ |= 1u << r;
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
  const bool again = next_[i] != never && !(is_step(i) && slot_[i] != never);
  if ((again && std::popcount(free_) > 2) || !to_.takes(s, at.kind)) {
    return {.kind = Place::in_register, .index = in_register(i)};
  }
  return at;
}

// A register that holds no value for a while.
unsigned Registers::reserve() {
  const unsigned r = take_register();
  free_ &= ~(1u << r);
  pin(r);
  return r;
}

void Registers::forget_registers() {
  for (std::uint32_t taken = all_ & ~free_; taken != 0; taken &= taken - 1) {
    leave(static_cast<unsigned>(std::countr_zero(taken)));
  }
}

unsigned Registers::rename(Id from, Id to) {
  const unsigned r = where_[from];
  where_[from] = no_register;
  release(from);
  assign(r, to);
  pin(r);
  return r;
}

}  // namespace nabla
