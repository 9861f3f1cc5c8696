#include "lib/eval/native/generator.hpp"

#include <algorithm>
#include <bit>

#include "lib/eval/lifetimes.hpp"

namespace nabla {

namespace {

constexpr std::uint32_t never = ~std::uint32_t{0};
constexpr std::uint8_t no_register = 255;

bool compares(Opcode s) {
  return s == Opcode::less || s == Opcode::less_equal || s == Opcode::equal ||
         s == Opcode::not_equal;
}

class Generator {
 public:
  Generator(const Code& code, const KernelShape& shape, Encoder& encoder);
  std::uint32_t run();

 private:
  using Id = std::uint32_t;  // a value of one of the vectors of a round

  Id id(std::uint32_t v, unsigned copy) const {
    if (v < code_.columns) return v * copies_ + copy;
    if (v < first_) return first_shared_ + (v - code_.columns);
    return first_step_id_ + (v - first_) * copies_ + copy;
  }
  bool is_step(Id i) const { return i >= first_step_id_; }
  bool is_shared(Id i) const { return i >= first_shared_ && i < first_step_id_; }
  Place home(Id) const;  // where a value is when it is in no register
  void find_uses();
  void hoist();

  unsigned take_register();
  void leave(unsigned r);
  void release(Id);
  bool held(Id i) const { return where_[i] != no_register; }
  unsigned in_register(Id);
  Place operand(Opcode, Id);
  void pin(unsigned r) { pinned_ |= 1u << r; }
  bool dies(Id i) const {
    return next_[i] == never && !(held(i) && (hoisted_ & (1u << where_[i])));
  }
  void assign(unsigned r, Id);
  unsigned reserve();
  void forget_registers();

  void step(std::uint32_t at, unsigned copy);
  void binary(Opcode, Id to, Id a, Id b);
  void fused(Opcode, Id to, Id a, Id b, Id c);
  void take_condition(std::uint32_t at, unsigned copy, Id condition);
  void advance(std::uint32_t at, unsigned copy);
  unsigned result_register(Id to);
  void store_outputs(std::uint32_t v, unsigned copy);

  // Of sums: a vector of eight lanes, or two of four, one per vector of a round.
  std::uint32_t sums_each() const { return shape_.width == Width::eight ? 1 : copies_; }
  void hoist_sums(unsigned& spare);
  void add_up(std::uint32_t output, unsigned copy, unsigned value);
  void store_sums();

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
  std::vector<std::uint8_t> deferred_;  // a comparison that its only reader makes, right after it
  std::vector<std::uint32_t> output_at_, outputs_;
  std::vector<std::uint8_t> sum_in_;  // by output and vector: the register of its lanes
  std::uint32_t held_by_[32];
  std::uint32_t free_ = 0, pinned_ = 0, hoisted_ = 0;
  std::vector<std::uint32_t> free_slots_, ended_slots_;
  std::uint32_t slots_ = 0;
  bool stuck_ = false;
};

Generator::Generator(const Code& code, const KernelShape& shape, Encoder& encoder)
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
  free_ = n == 32 ? ~0u : (1u << n) - 1;
}

void Generator::find_uses() {
  const auto count = static_cast<std::uint32_t>(code_.size());
  next_.assign(where_.size(), never);
  for (auto& n : next_after_) n.assign(count, never);
  std::vector<std::uint32_t> head(first_ + count, never), uses(count, 0);
  for (std::uint32_t i = count; i-- > 0;) {
    for (int k = arity(code_.step[i]); k-- > 0;) {
      const std::uint32_t v = code_.operand(i, k);
      next_after_[k][i] = head[v];
      head[v] = i;
      if (v >= first_) ++uses[v - first_];
    }
  }
  for (std::uint32_t v = 0; v < first_ + count; ++v) {
    for (unsigned c = 0; c < copies_; ++c) next_[id(v, c)] = head[v];
  }
  // Outputs by value.
  output_at_.assign(first_ + count + 1, 0);
  for (const std::uint32_t v : code_.outputs) ++output_at_[v + 1];
  for (std::size_t v = 1; v < output_at_.size(); ++v) output_at_[v] += output_at_[v - 1];
  outputs_.resize(code_.outputs.size());
  std::vector<std::uint32_t> at(output_at_.begin(), output_at_.end() - 1);
  for (std::uint32_t k = 0; k < code_.outputs.size(); ++k) outputs_[at[code_.outputs[k]]++] = k;

  deferred_.assign(count, 0);
  for (std::uint32_t i = 0; i + 1 < count; ++i) {
    const Opcode user = code_.step[i + 1];
    deferred_[i] = compares(code_.step[i]) && uses[i] == 1 && code_.a[i + 1] == first_ + i &&
                   (user == Opcode::select || user == Opcode::rescue);
  }
}

// Lanes of sums stay in registers that nobody else needs; the others are added to in memory.
void Generator::hoist_sums(unsigned& spare) {
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

void Generator::add_up(std::uint32_t output, unsigned copy, unsigned value) {
  const unsigned which = shape_.width == Width::eight ? 0 : copy;
  const std::uint8_t sum = sum_in_[output * sums_each() + which];
  if (sum != no_register) {
    return to_.binary(Opcode::add, sum, sum, {.kind = Place::in_register, .index = value});
  }
  const unsigned spare = reserve();
  to_.binary(Opcode::add, spare, value,
             {.kind = Place::lanes, .copy = static_cast<std::uint8_t>(which), .index = output});
  to_.store_lanes(output, which, spare);
  free_ |= 1u << spare;
}

void Generator::store_sums() {
  for (std::uint32_t k = 0; k < sum_in_.size(); ++k) {
    if (sum_in_[k] != no_register) to_.store_lanes(k / sums_each(), k % sums_each(), sum_in_[k]);
  }
}

// Constants and uniforms that are read most stay in registers that nobody else needs.
void Generator::hoist() {
  if (shape_.sums) sum_in_.assign(code_.outputs.size() * sums_each(), no_register);
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

Place Generator::home(Id i) const {
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

void Generator::assign(unsigned r, Id i) {
  free_ &= ~(1u << r);
  held_by_[r] = i;
  where_[i] = static_cast<std::uint8_t>(r);
}

unsigned Generator::take_register() {
  if (free_ != 0) return static_cast<unsigned>(std::countr_zero(free_));
  unsigned victim = 0;
  std::uint32_t latest = 0;
  bool found = false;
  for (unsigned r = 0; r < to_.registers(); ++r) {
    if ((pinned_ | hoisted_) & (1u << r)) continue;
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
void Generator::leave(unsigned r) {
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

// A value that nobody reads any more.
void Generator::release(Id i) {
  if (held(i) && !(hoisted_ & (1u << where_[i]))) {
    free_ |= 1u << where_[i];
    where_[i] = no_register;
  }
  if (is_step(i) && slot_[i] != never) {
    ended_slots_.push_back(slot_[i]);
    slot_[i] = never;
  }
}

unsigned Generator::in_register(Id i) {
  if (!held(i)) {
    const Place place = home(i);
    const unsigned r = take_register();
    to_.load(r, place);
    assign(r, i);
  }
  pin(where_[i]);
  return where_[i];
}

// The last operand of a step may stay in memory when it is needed once, or no register is free for
// it.
Place Generator::operand(Opcode s, Id i) {
  if (held(i) || !to_.takes(s, home(i).kind)) {
    return {.kind = Place::in_register, .index = in_register(i)};
  }
  const bool again = next_[i] != never && !(is_step(i) && slot_[i] != never);
  if (again && std::popcount(free_) > 2) {
    return {.kind = Place::in_register, .index = in_register(i)};
  }
  return home(i);
}

// After the operands of a step were read: what comes next for them. Called before the result gets a
// register, which may be that of an operand.
void Generator::advance(std::uint32_t at, unsigned copy) {
  const int count = arity(code_.step[at]);
  for (int k = 0; k < count; ++k) {
    const Id i = id(code_.operand(at, k), copy);
    if (is_shared(i) && copy + 1 < copies_) continue;
    next_[i] = next_after_[k][at];
  }
}

unsigned Generator::result_register(Id to) {
  const unsigned r = take_register();
  assign(r, to);
  pin(r);
  return r;
}

// A register that holds no value for a while.
unsigned Generator::reserve() {
  const unsigned r = take_register();
  free_ &= ~(1u << r);
  pin(r);
  return r;
}

void Generator::forget_registers() {
  for (unsigned r = 0; r < to_.registers(); ++r) {
    if (!(free_ & (1u << r))) leave(r);
  }
}

void Generator::store_outputs(std::uint32_t v, unsigned copy) {
  for (std::uint32_t k = output_at_[v]; k < output_at_[v + 1]; ++k) {
    const unsigned r = in_register(id(v, copy));
    if (shape_.sums) {
      add_up(outputs_[k], copy, r);
    } else {
      to_.store(outputs_[k], copy, r);
    }
  }
}

void Generator::binary(Opcode s, Id to, Id a, Id b) {
  if (row(s).commutes && !held(a) && held(b)) std::swap(a, b);
  const unsigned x = in_register(a);
  const Place y = operand(s, b);
  // Operands that end here make room for the result.
  if (dies(a)) release(a);
  if (dies(b)) release(b);
  const unsigned r = result_register(to);
  if (row(s).result == Kind::condition && compares(s)) {
    to_.compare(s, r, x, y);
  } else {
    to_.binary(s, r, x, y);
  }
}

void Generator::fused(Opcode s, Id to, Id a, Id b, Id c) {
  using Fused = Encoder::Fused;
  const auto reuse = [&](Id i) {  // its register becomes that of the result
    const unsigned r = where_[i];
    where_[i] = no_register;
    release(i);
    assign(r, to);
    pin(r);
    return r;
  };
  const auto finish = [&] {
    for (const Id i : {a, b, c}) {
      if (next_[i] == never) release(i);
    }
  };
  if (held(c) && dies(c) && c != a && c != b) {
    if (!held(a) && held(b)) std::swap(a, b);
    pin(where_[c]);
    const unsigned x = in_register(a);
    const Place y = operand(s, b);
    const unsigned r = reuse(c);
    to_.fused(s, Fused::c_is_to, r, x, y);
    return finish();
  }
  if (held(b) && dies(b) && !(held(a) && dies(a))) std::swap(a, b);
  if (held(a) && dies(a) && a != c) {
    pin(where_[a]);
    const unsigned x = in_register(b);
    const Place y = operand(s, c);
    const unsigned r = reuse(a);
    to_.fused(s, Fused::a_is_to, r, x, y);
    return finish();
  }
  // Nothing ends here: a copy of c.
  if (!held(a) && held(b)) std::swap(a, b);
  const unsigned x = in_register(a);
  const Place y = operand(s, b);
  const Place start = held(c) ? Place{.kind = Place::in_register, .index = where_[c]} : home(c);
  if (held(c)) pin(where_[c]);
  const unsigned r = take_register();
  to_.load(r, start);
  assign(r, to);
  pin(r);
  to_.fused(s, Fused::c_is_to, r, x, y);
  finish();
}

// The condition of step `at`, from its register or made now.
void Generator::take_condition(std::uint32_t at, unsigned copy, Id condition) {
  if (at == 0 || code_.a[at] != first_ + at - 1 || !deferred_[at - 1]) {
    return to_.take_condition(in_register(condition));
  }
  const std::uint32_t i = at - 1;
  Id a = id(code_.a[i], copy), b = id(code_.b[i], copy);
  if (row(code_.step[i]).commutes && !held(a) && held(b)) std::swap(a, b);
  const unsigned x = in_register(a);
  const Place y = operand(code_.step[i], b);
  const unsigned spare = take_register();
  assign(spare, condition);
  pin(spare);
  next_[condition] = never;
  to_.take_comparison(code_.step[i], spare, x, y);
  advance(i, copy);
}

void Generator::step(std::uint32_t at, unsigned copy) {
  const Opcode s = code_.step[at];
  if (deferred_[at]) return;
  const Id to = id(first_ + at, copy);
  const Id a = id(code_.a[at], copy);
  const Id b = arity(s) > 1 ? id(code_.b[at], copy) : a;
  const Id c = arity(s) > 2 ? id(code_.c[at], copy) : a;
  const std::uint8_t detail = code_.detail[at];
  // A comparison made here reads operands that may end with it.
  const bool made_here = at > 0 && deferred_[at - 1];
  // Slots of operands are free for others once the step that reads them is written.
  free_slots_.insert(free_slots_.end(), ended_slots_.begin(), ended_slots_.end());
  ended_slots_.clear();
  // Operands that end here must not be driven out by others on their way in.
  pinned_ = 0;
  for (const Id i : {a, b, c}) {
    if (held(i)) pin(where_[i]);
  }
  if (made_here) {
    for (const std::uint32_t v : {code_.a[at - 1], code_.b[at - 1]}) {
      if (held(id(v, copy))) pin(where_[id(v, copy)]);
    }
  }
  const auto release_finished = [&] {
    for (const Id i : {a, b, c}) {
      if (next_[i] == never) release(i);
    }
    if (made_here) {
      for (const std::uint32_t v : {code_.a[at - 1], code_.b[at - 1]}) {
        if (next_[id(v, copy)] == never) release(id(v, copy));
      }
    }
  };

  switch (s) {
    case Opcode::multiply_add:
    case Opcode::multiply_subtract:
    case Opcode::subtract_product:
      advance(at, copy);
      fused(s, to, a, b, c);
      break;
    case Opcode::square_root:
    case Opcode::round_even:
    case Opcode::floor:
    case Opcode::ceiling:
    case Opcode::truncate:
    case Opcode::shift_left:
    case Opcode::shift_right: {
      advance(at, copy);
      const Place x = operand(s, a);
      if (dies(a)) release(a);
      to_.unary(s, detail, result_register(to), x);
      break;
    }
    case Opcode::negation: {
      advance(at, copy);
      const unsigned x = in_register(a), r = result_register(to);
      to_.negate_condition(r, x);
      release_finished();
      break;
    }
    case Opcode::scale:
    case Opcode::lookup: {
      advance(at, copy);
      const unsigned x = in_register(a), y = in_register(b);
      unsigned spare[2] = {0, 0};
      const unsigned count = to_.spares(s);
      for (unsigned k = 0; k < count; ++k) spare[k] = reserve();
      const unsigned r = result_register(to);
      if (s == Opcode::scale) {
        to_.scale(r, x, y, spare[0], spare[1]);
      } else {
        to_.lookup(detail, r, x, spare[0], spare[1]);
      }
      for (unsigned k = 0; k < count; ++k) free_ |= 1u << spare[k];
      release_finished();
      break;
    }
    case Opcode::select: {
      take_condition(at, copy, a);
      const unsigned z = in_register(c);
      const Place y = operand(s, b);
      advance(at, copy);
      release_finished();
      to_.select(result_register(to), y, z);
      break;
    }
    case Opcode::rescue: {
      take_condition(at, copy, a);
      const unsigned x = in_register(b), y = in_register(c);
      advance(at, copy);
      release_finished();
      to_.rescue(unary_function(detail), result_register(to), x, y);
      break;
    }
    case Opcode::repair: {
      const unsigned x = in_register(a), y = in_register(b), z = in_register(c);
      const unsigned spare = reserve();
      to_.take_unordered(spare, z);
      advance(at, copy);
      release_finished();
      to_.repair(binary_function(detail), result_register(to), x, y, z);
      free_ |= 1u << spare;
      break;
    }
    case Opcode::call:
    case Opcode::call_two: {
      const unsigned x = in_register(a), y = in_register(b);
      advance(at, copy);
      forget_registers();
      if (s == Opcode::call) {
        to_.call(unary_function(detail), 0, x);
      } else {
        to_.call(binary_function(detail), 0, x, y);
      }
      assign(0, to);
      release_finished();
      break;
    }
    default: advance(at, copy); binary(s, to, a, b);
  }
  store_outputs(first_ + at, copy);
  if (next_[to] == never) release(to);
}

std::uint32_t Generator::run() {
  find_uses();
  to_.begin();
  hoist();
  to_.begin_rows();
  for (std::uint32_t i = 0; i < code_.size(); ++i) {
    for (unsigned c = 0; c < copies_; ++c) step(i, c);
  }
  pinned_ = 0;
  for (std::uint32_t v = 0; v < first_; ++v) {
    if (output_at_[v] == output_at_[v + 1]) continue;
    for (unsigned c = 0; c < copies_; ++c) {
      store_outputs(v, c);
      pinned_ = 0;
    }
  }
  to_.end_rows();
  store_sums();
  return stuck_ ? never : slots_;
}

}  // namespace

std::uint32_t generate(const Code& code, const KernelShape& shape, Encoder& encoder) {
  return Generator(code, shape, encoder).run();
}

}  // namespace nabla
