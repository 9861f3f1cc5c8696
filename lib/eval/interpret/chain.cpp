#include "lib/eval/interpret/chain.hpp"

#include <algorithm>
#include <utility>

#include "lib/eval/kernels/lowering.hpp"

namespace nabla {

namespace {

using moves::Family, moves::Move, moves::Source;

constexpr std::uint32_t forever = ~std::uint32_t{0};
constexpr std::size_t steps_between_pauses = 1 << 12;

// Numbers handed out again after they were given back; the latest first, while it is in the cache.
class Slots {
 public:
  std::uint32_t take() {
    if (free_.empty()) return used_++;
    const std::uint32_t slot = free_.back();
    free_.pop_back();
    return slot;
  }
  void give(std::uint32_t slot) { free_.push_back(slot); }
  std::uint32_t used() const { return used_; }

 private:
  std::vector<std::uint32_t> free_;
  std::uint32_t used_ = 1;
};

class Translation {
 public:
  Translation(const Code& code, Chain& to, Chain::For use)
      : code_(code), to_(to), rows_(use == Chain::For::rows), first_(code.first_step()) {}

  void run();

 private:
  std::uint32_t size() const { return static_cast<std::uint32_t>(code_.size()); }
  Family family(std::uint32_t i) const;
  bool in_accumulator(std::uint32_t user, std::uint32_t value) const {
    return user > 0 && value == first_ + user - 1 && user % steps_between_pauses != 0 &&
           family_[user] != Family::other && (!rows_ || family_[user - 1] != Family::other);
  }
  std::uint32_t place(std::uint32_t value) const;
  void append(std::uint32_t i);
  ChainStep chained(std::uint32_t i) const;

  const Code& code_;
  Chain& to_;
  bool rows_;
  std::uint32_t first_;
  std::vector<Family> family_;
  std::vector<std::uint32_t> last_, place_;  // last_: where a value in memory is read last, or 0
};

Family Translation::family(std::uint32_t i) const {
  switch (code_.step[i]) {
    case Opcode::add: return Family::add;
    case Opcode::multiply: return Family::multiply;
    case Opcode::subtract: return Family::subtract;
    case Opcode::divide: return Family::divide;
    case Opcode::multiply_add: return Family::multiply_add;
    case Opcode::multiply_subtract: return Family::multiply_subtract;
    case Opcode::subtract_product: return Family::subtract_product;
    case Opcode::square_root: return Family::square_root;
    case Opcode::bit_xor: {
      const std::uint32_t b = code_.b[i];
      const bool sign = b >= code_.first_constant() && b < first_ &&
                        word::bits(code_.constants[b - code_.first_constant()]) == word::bits(-0.0);
      return sign ? Family::negate : Family::other;
    }
    default: return Family::other;
  }
}

std::uint32_t Translation::place(std::uint32_t v) const {
  if (v < code_.columns) return v;
  if (v < code_.first_constant()) return to_.first_uniform() + (v - code_.columns);
  if (v < first_) return to_.first_constant() + (v - code_.first_constant());
  return place_[v - first_];
}

ChainStep Translation::chained(std::uint32_t i) const {
  const Family f = family_[i];
  const int operands = f == Family::negate ? 1 : arity(code_.step[i]);
  std::uint32_t at[3] = {0, 0, 0};
  Source from[3] = {moves::N, moves::N, moves::N};
  for (int k = 0; k < operands; ++k) {
    const std::uint32_t v = code_.operand(i, k);
    const bool fixed = rows_ && v >= code_.columns && v < first_;
    from[k] = in_accumulator(i, v) ? moves::A : fixed ? moves::C : moves::V;
    at[k] = from[k] == moves::A ? 0 : place(v);
  }
  const bool commutes = operands == 3 || f == Family::add || f == Family::multiply;
  if (commutes && from[1] < from[0]) {
    std::swap(from[0], from[1]);
    std::swap(at[0], at[1]);
  }
  const Move move = moves::move_of[moves::key(f, from[0], from[1], from[2])];
  return {.move = move,
          .step = code_.step[i],
          .detail = 0,
          .to = place_[i],
          .a = at[0],
          .b = at[1],
          .c = at[2]};
}

void Translation::append(std::uint32_t i) {
  if (i > 0 && i % steps_between_pauses == 0) to_.steps.push_back({.move = Move::pause});
  ChainStep step{.move = Move::other};
  if (family_[i] != Family::other) step = chained(i);
  if (step.move == Move::pause || step.move == Move::other) {  // no move for two fixed numbers
    const Opcode s = code_.step[i];
    const int operands = arity(s);
    step = {.move = Move::other,
            .step = s,
            .detail = code_.detail[i],
            .to = place_[i],
            .a = place(code_.a[i]),
            .b = operands > 1 ? place(code_.b[i]) : 0,
            .c = operands > 2 ? place(code_.c[i]) : 0};
    if (s == Opcode::kernel_one || s == Opcode::kernel_two) {
      step.move = Move::kernel;
      step.detail = kernel::number_of(code_.detail[i], s == Opcode::kernel_two);
    }
  }
  to_.steps.push_back(step);
}

void Translation::run() {
  to_.columns = code_.columns;
  to_.uniforms = code_.uniforms;
  to_.constants = code_.constants;
  to_.functions = code_.functions;
  family_.resize(size());
  for (std::uint32_t i = 0; i < size(); ++i) {
    family_[i] = family(i);
    // Of fixed numbers alone there is no move; they are few.
    if (rows_ && family_[i] != Family::other) {
      bool varies = false;
      const int operands = family_[i] == Family::negate ? 1 : arity(code_.step[i]);
      for (int k = 0; k < operands; ++k) {
        const std::uint32_t v = code_.operand(i, k);
        if (operands == 3 && k == 2) continue;  // a product of fixed numbers has no move either
        varies |= v < code_.columns || v >= first_;
      }
      if (!varies) family_[i] = Family::other;
    }
  }

  last_.assign(size(), 0);
  place_.assign(size(), 0);
  for (std::uint32_t i = 0; i < size(); ++i) {
    for (int k = 0; k < arity(code_.step[i]); ++k) {
      const std::uint32_t v = code_.operand(i, k);
      if (v >= first_ && !in_accumulator(i, v)) last_[v - first_] = i;
    }
  }
  for (std::uint32_t k = 0; k < code_.outputs.size(); ++k) {
    const std::uint32_t v = code_.outputs[k];
    if (v < first_ || last_[v - first_] == forever) continue;
    last_[v - first_] = forever;
    place_[v - first_] = to_.columns + to_.direct++;
    to_.direct_out.push_back(k);
  }

  // A result goes to a place that none of its operands has.
  Slots slots;
  const std::uint32_t first_slot = to_.first_slot();
  for (std::uint32_t i = 0; i < size(); ++i) {
    const bool stored = last_[i] != 0 && last_[i] != forever;
    if (last_[i] != forever) place_[i] = first_slot + (stored ? slots.take() : 0);
    for (int k = 0; k < arity(code_.step[i]); ++k) {
      const std::uint32_t v = code_.operand(i, k);
      if (v < first_ || last_[v - first_] != i) continue;
      last_[v - first_] = 0;  // once, should it be an operand twice
      slots.give(place_[v - first_] - first_slot);
    }
  }
  to_.slots = slots.used();

  to_.steps.reserve(size() + size() / steps_between_pauses + 1);
  for (std::uint32_t i = 0; i < size(); ++i) append(i);
  to_.steps.push_back({.move = Move::pause});
  to_.outputs.reserve(code_.outputs.size());
  for (const std::uint32_t v : code_.outputs) to_.outputs.push_back(place(v));
}

}  // namespace

Chain::Chain(const Code& code, For use) { Translation(code, *this, use).run(); }

}  // namespace nabla
