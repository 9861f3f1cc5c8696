#include "lib/eval/native/generator.hpp"

#include <algorithm>
#include <array>

#include "lib/eval/native/registers.hpp"

namespace nabla {

namespace {

bool compares(Opcode s) {
  return s == Opcode::less || s == Opcode::less_equal || s == Opcode::equal ||
         s == Opcode::not_equal;
}

// How a step is written: two numbers in, one out; a product and a sum; in a way of its own.
enum class Way : std::uint8_t { own, plain, fused };
constexpr auto way_of = [] {
  std::array<Way, opcodes.size()> table{};
  for (const OpcodeRow& r : opcodes) {
    const Opcode s = r.step;
    const bool plain = s <= Opcode::divide || s == Opcode::minimum || s == Opcode::maximum ||
                       (s >= Opcode::bit_and && s <= Opcode::integer_subtract);
    const bool fused = s >= Opcode::multiply_add && s <= Opcode::subtract_product;
    table[static_cast<std::size_t>(s)] = plain ? Way::plain : fused ? Way::fused : Way::own;
  }
  return table;
}();

class Generator {
 public:
  Generator(const Code& code, const KernelShape& shape, Encoder& encoder, Uses& uses)
      : code_(code),
        shape_(shape),
        to_(encoder),
        copies_(shape.copies),
        first_(code.first_step()),
        uses_(uses),
        r_(code, shape, encoder, uses) {}
  std::uint32_t run();

 private:
  using Id = Registers::Id;

  template <bool one>
  void step(std::uint32_t at, unsigned copy);
  void own_step(std::uint32_t at, unsigned copy, Id to, Id a);
  void finish(Id to, std::uint32_t at, unsigned copy) {
    if (r_.is(ValueState::output, to)) store_outputs(first_ + at, copy);
    if (!r_.read_again(to)) r_.release(to);
  }
  void binary(Opcode, Id to, Id a, Id b);
  void fused(Opcode, Id to, Id a, Id b, Id c);
  void take_condition(std::uint32_t at, unsigned copy, Id condition);
  void store_outputs(std::uint32_t v, unsigned copy);
  void add_up(std::uint32_t output, unsigned copy, unsigned value);
  void store_sums();

  const Code& code_;
  const KernelShape& shape_;
  Encoder& to_;
  const unsigned copies_;
  const std::uint32_t first_;
  const Uses& uses_;
  Registers r_;
};

void Generator::add_up(std::uint32_t output, unsigned copy, unsigned value) {
  const unsigned which = shape_.width == Width::eight ? 0 : copy;
  const std::uint8_t sum = r_.sum(output, which);
  if (sum != Registers::no_register) {
    return to_.binary(Opcode::add, sum, sum, {.kind = Place::in_register, .index = value});
  }
  const unsigned spare = r_.reserve();
  to_.binary(Opcode::add, spare, value,
             {.kind = Place::lanes, .copy = static_cast<std::uint8_t>(which), .index = output});
  to_.store_lanes(output, which, spare);
  r_.give_back(spare);
}

void Generator::store_sums() {
  if (!shape_.sums) return;
  for (std::uint32_t k = 0; k < code_.outputs.size(); ++k) {
    for (unsigned which = 0; which < r_.sums_each(); ++which) {
      const std::uint8_t sum = r_.sum(k, which);
      if (sum != Registers::no_register) to_.store_lanes(k, which, sum);
    }
  }
}

void Generator::store_outputs(std::uint32_t v, unsigned copy) {
  for (std::uint32_t k = uses_.first_output[v]; k != Uses::never; k = uses_.next_output[k]) {
    const unsigned r = r_.in_register(r_.id(v, copy));
    if (shape_.sums) {
      add_up(k, copy, r);
    } else {
      to_.store(k, copy, r);
    }
  }
}

void Generator::binary(Opcode s, Id to, Id a, Id b) {
  if (row(s).commutes && !r_.held(a) && r_.held(b)) std::swap(a, b);
  const unsigned x = r_.in_register(a);
  const Place y = r_.operand(s, b);
  // Operands that end here make room for the result.
  if (r_.dies(a)) r_.release(a);
  if (r_.dies(b)) r_.release(b);
  const unsigned r = r_.result_register(to);
  if (compares(s)) {
    to_.compare(s, r, x, y);
  } else {
    to_.binary(s, r, x, y);
  }
}

void Generator::fused(Opcode s, Id to, Id a, Id b, Id c) {
  using Fused = Encoder::Fused;
  const auto finish = [&] {
    for (const Id i : {a, b, c}) {
      if (!r_.read_again(i)) r_.release(i);
    }
  };
  if (r_.held(c) && r_.dies(c) && c != a && c != b) {
    if (!r_.held(a) && r_.held(b)) std::swap(a, b);
    r_.pin(r_.where(c));
    const unsigned x = r_.in_register(a);
    const Place y = r_.operand(s, b);
    const unsigned r = r_.rename(c, to);
    to_.fused(s, Fused::c_is_to, r, x, y);
    return finish();
  }
  if (r_.held(b) && r_.dies(b) && !(r_.held(a) && r_.dies(a))) std::swap(a, b);
  if (r_.held(a) && r_.dies(a)) {
    r_.pin(r_.where(a));
    const unsigned x = r_.in_register(b);
    const Place y = r_.operand(s, c);
    const unsigned r = r_.rename(a, to);
    to_.fused(s, Fused::a_is_to, r, x, y);
    return finish();
  }
  // Nothing ends here: a copy of c.
  if (!r_.held(a) && r_.held(b)) std::swap(a, b);
  const unsigned x = r_.in_register(a);
  const Place y = r_.operand(s, b);
  const Place start =
      r_.held(c) ? Place{.kind = Place::in_register, .index = r_.where(c)} : r_.home(c);
  if (r_.held(c)) r_.pin(r_.where(c));
  const unsigned r = r_.take_register();
  to_.load(r, start);
  r_.assign(r, to);
  r_.pin(r);
  to_.fused(s, Fused::c_is_to, r, x, y);
  finish();
}

// The condition of step `at`, from its register or made now.
void Generator::take_condition(std::uint32_t at, unsigned copy, Id condition) {
  if (!r_.is(ValueState::deferred, condition)) {
    return to_.take_condition(r_.in_register(condition));
  }
  const std::uint32_t i = at - 1;
  Id a = r_.id(code_.a[i], copy), b = r_.id(code_.b[i], copy);
  if (row(code_.step[i]).commutes && !r_.held(a) && r_.held(b)) std::swap(a, b);
  const unsigned x = r_.in_register(a);
  const Place y = r_.operand(code_.step[i], b);
  const unsigned spare = r_.take_register();
  r_.assign(spare, condition);
  r_.pin(spare);
  r_.read_no_more(condition);
  to_.take_comparison(code_.step[i], spare, x, y);
  r_.advance(i, copy);
}

// With one vector to a round there are no copies to tell apart.
template <bool one>
void Generator::step(std::uint32_t at, unsigned copy) {
  const Opcode s = code_.step[at];
  const auto id = [&](std::uint32_t v) { return one ? v : r_.id(v, copy); };
  const Id to = id(first_ + at), a = id(code_.a[at]);
  const Way way = way_of[static_cast<std::size_t>(s)];
  if (way == Way::own) return own_step(at, copy, to, a);
  const Id b = id(code_.b[at]);
  if (way == Way::plain && r_.held(a) && r_.held(b)) {
    // As a rule nothing has to move.
    const unsigned x = r_.where(a), y = r_.where(b);
    r_.advance(at, 0, a, copy);
    r_.advance(at, 1, b, copy);
    if (r_.dies(a)) r_.release(a);
    if (r_.dies(b)) r_.release(b);
    const unsigned r = r_.result_register(to, x, y);
    to_.binary(s, r, x, {.kind = Place::in_register, .index = y});
    return finish(to, at, copy);
  }
  r_.free_ended_slots();
  // Operands that end here must not be driven out by others on their way in.
  r_.unpin();
  r_.keep(a);
  r_.keep(b);
  r_.advance(at, 0, a, copy);
  r_.advance(at, 1, b, copy);
  if (way == Way::plain) {
    binary(s, to, a, b);
  } else {
    const Id c = id(code_.c[at]);
    r_.keep(c);
    r_.advance(at, 2, c, copy);
    fused(s, to, a, b, c);
  }
  finish(to, at, copy);
}

void Generator::own_step(std::uint32_t at, unsigned copy, Id to, Id a) {
  const Opcode s = code_.step[at];
  if (r_.is(ValueState::deferred, to)) return;
  const Id b = arity(s) > 1 ? r_.id(code_.b[at], copy) : a;
  const Id c = arity(s) > 2 ? r_.id(code_.c[at], copy) : a;
  const std::uint8_t detail = code_.detail[at];
  // A comparison made here reads operands that may end with it.
  const bool made_here = at > 0 && r_.is(ValueState::deferred, r_.id(first_ + at - 1, copy));
  r_.free_ended_slots();
  r_.unpin();
  for (const Id i : {a, b, c}) r_.keep(i);
  if (made_here) {
    for (const std::uint32_t v : {code_.a[at - 1], code_.b[at - 1]}) r_.keep(r_.id(v, copy));
  }
  const auto release_finished = [&] {
    for (const Id i : {a, b, c}) {
      if (!r_.read_again(i)) r_.release(i);
    }
    if (made_here) {
      for (const std::uint32_t v : {code_.a[at - 1], code_.b[at - 1]}) {
        if (!r_.read_again(r_.id(v, copy))) r_.release(r_.id(v, copy));
      }
    }
  };

  switch (s) {
    case Opcode::square_root:
    case Opcode::round_even:
    case Opcode::floor:
    case Opcode::ceiling:
    case Opcode::truncate:
    case Opcode::shift_left:
    case Opcode::shift_right: {
      r_.advance(at, copy);
      const Place x = r_.operand(s, a);
      if (r_.dies(a)) r_.release(a);
      to_.unary(s, detail, r_.result_register(to), x);
      break;
    }
    case Opcode::negation: {
      r_.advance(at, copy);
      const unsigned x = r_.in_register(a), r = r_.result_register(to);
      to_.negate_condition(r, x);
      release_finished();
      break;
    }
    case Opcode::scale:
    case Opcode::lookup: {
      r_.advance(at, copy);
      const unsigned x = r_.in_register(a), y = r_.in_register(b);
      unsigned spare[2] = {0, 0};
      const unsigned count = to_.spares(s);
      for (unsigned k = 0; k < count; ++k) spare[k] = r_.reserve();
      const unsigned r = r_.result_register(to);
      if (s == Opcode::scale) {
        to_.scale(r, x, y, spare[0], spare[1]);
      } else {
        to_.lookup(detail, r, x, spare[0], spare[1]);
      }
      for (unsigned k = 0; k < count; ++k) r_.give_back(spare[k]);
      release_finished();
      break;
    }
    case Opcode::select: {
      take_condition(at, copy, a);
      const unsigned z = r_.in_register(c);
      const Place y = r_.operand(s, b);
      r_.advance(at, copy);
      release_finished();
      to_.select(r_.result_register(to), y, z);
      break;
    }
    case Opcode::rescue: {
      take_condition(at, copy, a);
      const unsigned x = r_.in_register(b), y = r_.in_register(c);
      r_.advance(at, copy);
      // Where y ends, the result takes its place.
      const unsigned r = r_.dies(c) && c != b ? r_.rename(c, to) : r_.result_register(to);
      release_finished();
      to_.rescue(unary_function(detail), r, x, y);
      break;
    }
    case Opcode::repair: {
      const unsigned x = r_.in_register(a), y = r_.in_register(b), z = r_.in_register(c);
      const unsigned spare = r_.reserve();
      to_.take_unordered(spare, z);
      r_.advance(at, copy);
      release_finished();
      to_.repair(binary_function(detail), r_.result_register(to), x, y, z);
      r_.give_back(spare);
      break;
    }
    case Opcode::call:
    case Opcode::call_two: {
      const unsigned x = r_.in_register(a), y = r_.in_register(b);
      r_.advance(at, copy);
      r_.forget_registers();
      if (s == Opcode::call) {
        to_.call(unary_function(detail), 0, x);
      } else {
        to_.call(binary_function(detail), 0, x, y);
      }
      r_.assign(0, to);
      release_finished();
      break;
    }
    default: r_.advance(at, copy); binary(s, to, a, b);
  }
  finish(to, at, copy);
}

std::uint32_t Generator::run() {
  to_.begin();
  r_.hoist();
  to_.begin_rows();
  const auto count = static_cast<std::uint32_t>(code_.size());
  if (copies_ == 1) {
    for (std::uint32_t i = 0; i < count; ++i) step<true>(i, 0);
  } else {
    for (std::uint32_t i = 0; i < count; ++i) {
      for (unsigned c = 0; c < copies_; ++c) step<false>(i, c);
    }
  }
  r_.unpin();
  for (std::uint32_t v = 0; v < first_; ++v) {
    if (!r_.is(ValueState::output, v)) continue;
    for (unsigned c = 0; c < copies_; ++c) {
      store_outputs(v, c);
      r_.unpin();
    }
  }
  to_.end_rows();
  store_sums();
  return r_.slots();
}

}  // namespace

std::uint32_t generate(const Code& code, const KernelShape& shape, Uses& uses, Encoder& encoder) {
  return Generator(code, shape, encoder, uses).run();
}

}  // namespace nabla
