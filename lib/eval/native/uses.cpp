#include "lib/eval/native/uses.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace nabla {

namespace {

static_assert(opcodes.size() <= 64);

constexpr auto operands = [] {
  std::array<std::uint8_t, opcodes.size()> table{};
  for (const OpcodeRow& r : opcodes) {
    table[static_cast<std::size_t>(r.step)] = static_cast<std::uint8_t>(r.arity);
  }
  return table;
}();

}  // namespace

Uses::Uses(const Code& code) {
  const auto count = static_cast<std::uint32_t>(code.size());
  const std::uint32_t first = code.first_step();
  const std::size_t all = std::size_t{first} + count;
  values = std::make_unique_for_overwrite<ValueState[]>(all);
  std::memset(values.get(), 0xFF, all * sizeof(ValueState));
  next_after = std::make_unique_for_overwrite<std::uint32_t[]>(3 * std::size_t{count});

  ValueState* const of = values.get();
  std::uint32_t* after = next_after.get() + 3 * std::size_t{count};
  std::uint32_t alive = 0;  // after the step at hand
  std::uint64_t seen = 0;
  for (std::uint32_t i = count; i-- > 0;) {
    const auto s = static_cast<std::uint8_t>(code.step[i]);
    seen |= std::uint64_t{1} << s;
    most = std::max(most, alive);
    alive -= of[first + i].next != never;
    after -= 3;
    const auto read = [&](int k, std::uint32_t v) {
      const std::uint32_t next = of[v].next;
      after[k] = next;
      of[v].next = i;
      alive += static_cast<std::uint32_t>(next == never) & static_cast<std::uint32_t>(v >= first);
    };
    if (operands[s] > 1) {
      if (operands[s] > 2) read(2, code.c[i]);
      read(1, code.b[i]);
    }
    read(0, code.a[i]);
  }
  opcodes = seen;

  const auto outputs = static_cast<std::uint32_t>(code.outputs.size());
  first_output = std::make_unique_for_overwrite<std::uint32_t[]>(all);
  next_output = std::make_unique_for_overwrite<std::uint32_t[]>(outputs);
  for (std::uint32_t k = outputs; k-- > 0;) {
    const std::uint32_t v = code.outputs[k];
    next_output[k] = of[v].is(ValueState::output) ? first_output[v] : never;
    first_output[v] = k;
    of[v].mark(ValueState::output);
  }

  // A comparison that only the step right after it reads is made there.
  if (!has(Opcode::select) && !has(Opcode::rescue)) return;
  for (std::uint32_t i = 0; i + 1 < count; ++i) {
    const Opcode user = code.step[i + 1];
    if (user != Opcode::select && user != Opcode::rescue) continue;
    const bool compares = code.step[i] >= Opcode::less && code.step[i] <= Opcode::not_equal;
    if (compares && code.a[i + 1] == first + i && next_after[3 * std::size_t{i + 1}] == never) {
      of[first + i].mark(ValueState::deferred);
    }
  }
}

}  // namespace nabla
