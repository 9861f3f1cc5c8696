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
  static constexpr unsigned no_slot = 0xFFFF, no_register = 0xFF;
  static constexpr unsigned output = 1, deferred = 2;  // marks

  std::uint32_t next;       // the next step that reads it, or never
  std::uint32_t slot : 16;  // on the stack
  // Bit-fields, so that writing them does not look to the compiler like writing to anything at all.
  std::uint32_t where : 8;  // the register
  std::uint32_t not_marked : 8;

  bool held() const { return where != no_register; }
  bool is(unsigned mark) const { return (not_marked & mark) == 0; }
  void mark(unsigned m) { not_marked &= 0xFFu & ~m; }
};

struct Uses {
  static constexpr std::uint32_t never = ValueState::never;

  // The code has no fault. `alive`: whether `most` is asked for. O(steps).
  Uses(const Code&, bool alive);

  bool has(Opcode s) const { return (opcodes >> static_cast<unsigned>(s)) & 1; }

  std::unique_ptr<ValueState[]> values;  // before the first step
  // The use of an operand after this one, three of each step.
  std::unique_ptr<std::uint32_t[]> next_after;
  // Of a value that is an output: the first of them; of an output: the next that is the same value.
  std::unique_ptr<std::uint32_t[]> first_output, next_output;
  std::uint32_t most = 0;     // values of steps that are alive at once
  std::uint64_t opcodes = 0;  // a bit for each that occurs

 private:
  template <bool alive>
  void walk(const Code&);
};

}  // namespace nabla
