#include "lib/eval/code.hpp"

#include <fmt/format.h>

#include <array>

#include "lib/eval/kernels/lowering.hpp"
#include "lib/eval/kernels/tables.hpp"

namespace nabla {

namespace {

bool names_a_function(Opcode s, std::uint8_t detail) {
  const bool two = s == Opcode::call_two || s == Opcode::repair;
  if (two && detail == power_function) return true;
  if (!two && detail >= precise_functions) return unary_function(detail) != nullptr;
  if (detail >= functions.size()) return false;
  const Value& value = row(Fn{detail}).value;
  return two ? value.binary != nullptr : value.unary != nullptr;
}

// Of steps of numbers only, whose operands need but come first: how many operands; 0 of others.
// Calls of the machine have to name a function besides.
constexpr auto usual_operands = [] {
  std::array<std::uint8_t, opcodes.size()> table{};
  for (const OpcodeRow& r : opcodes) {
    const Opcode s = r.step;
    bool is = s < Opcode::lookup || s == Opcode::call || s == Opcode::call_two;
    if (s == Opcode::shift_left || s == Opcode::shift_right) is = false;
    for (const Kind kind : {r.result, r.first, r.second}) {
      if (kind == Kind::condition) is = false;
    }
    table[static_cast<std::size_t>(s)] = static_cast<std::uint8_t>(is ? r.arity : 0);
  }
  return table;
}();

// How many steps at the beginning are such and have no fault: all of them, as a rule.
std::size_t usual_steps(const Code& code) {
  const Opcode* const step = code.step.data();
  const std::uint32_t *const a = code.a.data(), *const b = code.b.data(), *const c = code.c.data();
  std::uint32_t before = code.first_step();  // values before the step at hand
  const std::size_t count = code.size();
  for (std::size_t i = 0; i < count; ++i, ++before) {
    const auto s = static_cast<std::size_t>(step[i]);
    if (s >= opcodes.size()) return i;
    const unsigned operands = usual_operands[s];
    // What is no operand has to be 0.
    const bool fits = (operands > 0) & (a[i] < before) & (b[i] < (operands > 1 ? before : 1u)) &
                      (c[i] < (operands > 2 ? before : 1u));
    if (!fits) return i;
    if (calls(step[i]) && !names_a_function(step[i], code.detail[i])) return i;
  }
  return count;
}

}  // namespace

std::optional<std::string> find_fault(const Code& code) {
  const std::size_t count = code.size();
  if (code.detail.size() != count || code.a.size() != count || code.b.size() != count ||
      code.c.size() != count) {
    return "the arrays of the code differ in length";
  }
  const std::uint32_t first = code.first_step();
  const auto kind = [&](std::uint32_t v) {
    return v < first ? Kind::number : row(code.step[v - first]).result;
  };
  for (std::size_t i = usual_steps(code); i < count; ++i) {
    const auto say = [&](std::string_view what) { return fmt::format("step {}: {}", i, what); };
    const Opcode s = code.step[i];
    if (static_cast<std::size_t>(s) >= opcodes.size()) return say("unknown");
    if (is_kernel(s) && !kernel::exists(code.detail[i], s == Opcode::kernel_two)) {
      return say("has no kernel");
    }
    if (calls(s) && !names_a_function(s, code.detail[i])) return say("calls no function");
    if (applies(s) && code.detail[i] >= code.functions.size()) {
      return say("calls no function of the program");
    }
    if (s == Opcode::lookup && code.detail[i] >= kernel::tables.size()) return say("no such table");
    if ((s == Opcode::shift_left || s == Opcode::shift_right) && code.detail[i] > 63) {
      return say("shifts too far");
    }
    for (int k = 0; k < 3; ++k) {
      const std::uint32_t v = code.operand(i, k);
      if (k >= arity(s)) {
        if (v != 0) return say("an operand too many");
        continue;
      }
      if (v >= first + i) return say("uses a value that comes later");
      const OpcodeRow& r = row(s);
      const Kind wanted = k == 0 ? r.first : k == 1 ? r.second : Kind::number;
      if (kind(v) != wanted) return say("reads a condition as a number or a number as one");
    }
  }
  for (const std::uint32_t v : code.outputs) {
    if (v >= first + count || kind(v) != Kind::number) return "an output that is no number";
  }
  return std::nullopt;
}

std::string to_text(const Code& code) {
  const auto name = [&](std::uint32_t v) -> std::string {
    if (v < code.columns) return fmt::format("x{}", v);
    if (v < code.first_constant()) return fmt::format("u{}", v - code.columns);
    if (v < code.first_step()) {
      const double value = code.constants[v - code.first_constant()];
      return value == value ? fmt::format("{}", value) : fmt::format("{:#x}", word::bits(value));
    }
    return fmt::format("v{}", v - code.first_step());
  };
  std::string text;
  for (std::size_t i = 0; i < code.size(); ++i) {
    const Opcode s = code.step[i];
    text += fmt::format("v{} = {}", i, row(s).name);
    if (calls(s) || is_kernel(s)) {
      const Fn function{static_cast<std::uint8_t>(code.detail[i] % precise_functions)};
      text += code.detail[i] == power_function ? " pow" : fmt::format(" {}", row(function).name);
    } else if (applies(s)) {
      text += " " + code.functions[code.detail[i]]->name;
    } else if (s == Opcode::shift_left || s == Opcode::shift_right || s == Opcode::lookup) {
      text += fmt::format(" {}", code.detail[i]);
    }
    for (int k = 0; k < arity(s); ++k) text += " " + name(code.operand(i, k));
    text += "\n";
  }
  text += "return";
  for (const std::uint32_t v : code.outputs) text += " " + name(v);
  return text + "\n";
}

}  // namespace nabla
