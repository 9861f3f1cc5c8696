#include "lib/eval/native/uses.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "lib/core/pages.hpp"

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

// Backwards, where the first reader that is met is the last one.
template <bool alive>
void Uses::walk(const Code& code) {
  const auto count = static_cast<std::uint32_t>(code.size());
  const std::uint32_t first = code.first_step();
  const Opcode* const step = code.step.data();
  const std::uint32_t *const a = code.a.data(), *const b = code.b.data(), *const c = code.c.data();
  ValueState* const of = values.get();
  std::uint32_t* const after[] = {next_after.get(), next_after.get() + count,
                                  next_after.get() + 2 * std::size_t{count}};
  std::uint32_t now = 0, at_most = 0;  // alive after the step at hand
  std::uint64_t seen = 0;
  for (std::uint32_t i = count; i-- > 0;) {
    const auto s = static_cast<std::uint8_t>(step[i]);
    seen |= std::uint64_t{1} << s;
    if constexpr (alive) {
      at_most = std::max(at_most, now);
      now -= of[first + i].next != never;
    }
    const auto read = [&](int k, std::uint32_t v) {
      const std::uint32_t next = of[v].next;
      after[k][i] = next;
      of[v].next = i;
      if constexpr (alive) now += next == never && v >= first;
    };
    if (operands[s] > 1) {
      if (operands[s] > 2) read(2, c[i]);
      read(1, b[i]);
    }
    read(0, a[i]);
  }
  opcodes = seen;
  most = at_most;
}

Uses::Uses(const Code& code, bool alive) {
  const auto count = static_cast<std::uint32_t>(code.size());
  const std::uint32_t first = code.first_step();
  const std::size_t all = std::size_t{first} + count;
  values = large_array<ValueState>(all);
  std::memset(static_cast<void*>(values.get()), 0xFF, all * sizeof(ValueState));
  next_after = large_array<std::uint32_t>(3 * std::size_t{count});
  if (alive) {
    walk<true>(code);
  } else {
    walk<false>(code);
  }

  ValueState* const of = values.get();
  const auto outputs = static_cast<std::uint32_t>(code.outputs.size());
  first_output = large_array<std::uint32_t>(all);
  next_output = large_array<std::uint32_t>(outputs);
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
    if (compares && code.a[i + 1] == first + i && next_after[i + 1] == never) {
      of[first + i].mark(ValueState::deferred);
    }
  }
}

}  // namespace nabla
