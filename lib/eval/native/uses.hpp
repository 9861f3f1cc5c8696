#pragma once

// Uses: what one pass backwards over code finds out before any register is given away: when values
// are read again, how many are alive at once, which are outputs.

#include <cstdint>
#include <memory>

#include "lib/eval/code.hpp"

namespace nabla {

// What is known of a value while machine code is written, in eight bytes: for most steps this is
// all that is looked at. All bits are set where nothing is known.
struct ValueState {
  static constexpr std::uint32_t never = ~std::uint32_t{0};
  static constexpr std::uint16_t no_slot = 0xFFFF;
  static constexpr std::uint8_t no_register = 0xFF;
  static constexpr std::uint8_t output = 1, deferred = 2;

  std::uint32_t next;  // the next step that reads it, or never
  std::uint16_t slot;  // on the stack
  std::uint8_t where;  // the register
  std::uint8_t not_marked;

  bool held() const { return where != no_register; }
  bool is(std::uint8_t mark) const { return (not_marked & mark) == 0; }
  void mark(std::uint8_t m) { not_marked = static_cast<std::uint8_t>(not_marked & ~m); }
};

struct Uses {
  static constexpr std::uint32_t never = ValueState::never;

  explicit Uses(const Code&);  // which has no fault; O(steps)

  bool has(Opcode s) const { return (opcodes >> static_cast<unsigned>(s)) & 1; }

  std::unique_ptr<ValueState[]> values;  // before the first step
  // The use of an operand after this one, three of each step.
  std::unique_ptr<std::uint32_t[]> next_after;
  // Of a value that is an output: the first of them; of an output: the next that is the same value.
  std::unique_ptr<std::uint32_t[]> first_output, next_output;
  std::uint32_t most = 0;     // values of steps that are alive at once
  std::uint64_t opcodes = 0;  // a bit for each that occurs
};

}  // namespace nabla
