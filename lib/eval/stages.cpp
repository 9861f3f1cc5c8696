#include "lib/eval/stages.hpp"

#include <algorithm>
#include <array>

#include "lib/eval/code_builder.hpp"
#include "lib/eval/kernels/lowering.hpp"
#include "lib/eval/plain_code.hpp"
#include "lib/eval/schedule.hpp"
#include "lib/eval/step_of.hpp"

namespace nabla {

namespace {

using Value = CodeBuilder::Value;
constexpr std::uint32_t nowhere = ~std::uint32_t{0};
constexpr auto same_step = [] {
  std::array<Opcode, primitives.size()> table{};
  for (const SameStep& s : same_steps) table[static_cast<std::size_t>(s.op)] = s.step;
  return table;
}();

// Copies the operations of a tape into the code of the stage each belongs to.
class Translation {
 public:
  Translation(const Tape& tape, const CompileOptions& options, std::size_t stages,
              std::uint32_t columns, std::uint32_t frame)
      : t_(tape),
        options_(options),
        first_(tape.first_operation()),
        home_(tape.operations()),
        at_home_(tape.operations(), CodeBuilder::none),
        slot_(tape.operations(), nowhere),
        frame_(frame) {
    builders_.reserve(stages);
    for (std::size_t s = 0; s < stages; ++s) builders_.emplace_back(columns);
    builders_.back().reserve(tape.operations());
    slots_.resize(stages);
    leaves_.reserve(tape.first_constant());
    constants_.assign(tape.constants.size(), {.stage = nowhere, .value = 0});
  }

  LargeVector<std::uint32_t>& home() { return home_; }
  // How an input, column or the number of rows is read: a column or a slot.
  std::vector<Value>& leaves() { return leaves_; }

  void run();
  // The value as an operand in a stage; handed on in the frame where it comes from another.
  Value operand(std::uint32_t stage, std::uint32_t value);
  // Its slot in the frame; constants are not in the frame.
  std::uint32_t slot(std::uint32_t value);
  CodeBuilder& builder(std::size_t stage) { return builders_[stage]; }
  bool is_operation(std::uint32_t value) const { return value >= first_; }
  std::uint32_t frame() const { return frame_; }
  Stage finish(std::size_t stage, bool loop);

 private:
  void find_products_to_fuse();
  Value translate(std::uint32_t stage, std::uint32_t i);
  Value sum(std::uint32_t stage, std::uint32_t i, bool subtract);
  Value call(CodeBuilder&, const Called&, Value, Value);
  Value with_kernel(CodeBuilder&, std::uint8_t detail, Value x, Value y);
  Value applied(std::uint32_t stage, std::uint32_t i);

  const Tape& t_;
  const CompileOptions& options_;
  std::uint32_t first_;
  LargeVector<std::uint32_t> home_;
  LargeVector<Value> at_home_;
  LargeVector<std::uint32_t> slot_;
  std::vector<std::uint8_t> fused_;  // a product computed together with the sum it goes into
  std::uint32_t frame_;
  std::vector<Value> leaves_;
  struct Known {
    std::uint32_t stage;
    Value value;
  };
  std::vector<Known> constants_;  // of the tape, in the stage that read them last
  std::vector<CodeBuilder> builders_;
  std::vector<std::vector<std::uint32_t>> slots_;
};

void Translation::find_products_to_fuse() {
  fused_.assign(t_.operations(), 0);
  if (!options_.contract) return;
  std::vector<std::uint8_t> uses(t_.operations());
  const auto use = [&](std::uint32_t v) {
    if (v >= first_)
      uses[v - first_] = static_cast<std::uint8_t>(std::min(uses[v - first_] + 1, 2));
  };
  for (std::size_t i = 0; i < t_.operations(); ++i) {
    for (int k = 0; k < arity(t_.op[i], t_.detail[i]); ++k) use(t_.operand(i, k));
  }
  for (const std::uint32_t v : t_.outputs) use(v);
  const auto fits = [&](std::uint32_t v, std::size_t user) {
    return v >= first_ && t_.op[v - first_] == Primitive::multiply && uses[v - first_] == 1 &&
           home_[v - first_] == home_[user];
  };
  // Of two products the second is fused, which leaves the first for the rounding.
  for (std::size_t i = 0; i < t_.operations(); ++i) {
    if (t_.op[i] != Primitive::add && t_.op[i] != Primitive::subtract) continue;
    if (fits(t_.b[i], i)) {
      fused_[t_.b[i] - first_] = 1;
    } else if (fits(t_.a[i], i)) {
      fused_[t_.a[i] - first_] = 1;
    }
  }
}

Value Translation::sum(std::uint32_t stage, std::uint32_t i, bool subtract) {
  CodeBuilder& to = builders_[stage];
  const auto plain = [&] {
    const Value x = operand(stage, t_.a[i]), y = operand(stage, t_.b[i]);
    return to.emit(subtract ? Opcode::subtract : Opcode::add, x, y);
  };
  if (!options_.contract) return plain();
  const auto is_fused = [&](std::uint32_t v) { return v >= first_ && fused_[v - first_]; };
  const auto fuse = [&](Opcode s, std::uint32_t product, std::uint32_t other) {
    const std::uint32_t p = product - first_;
    const Value x = operand(stage, t_.a[p]), y = operand(stage, t_.b[p]);
    return to.emit(s, x, y, operand(stage, other));
  };
  if (is_fused(t_.b[i])) {
    return fuse(subtract ? Opcode::subtract_product : Opcode::multiply_add, t_.b[i], t_.a[i]);
  }
  if (is_fused(t_.a[i])) {
    return fuse(subtract ? Opcode::multiply_subtract : Opcode::multiply_add, t_.a[i], t_.b[i]);
  }
  return plain();
}

// Interpreters do a kernel in one step; machine code does its steps.
Value Translation::with_kernel(CodeBuilder& to, std::uint8_t detail, Value x, Value y) {
  const bool two = y != CodeBuilder::none;
  x = to.number(x);
  if (two) y = to.number(y);
  if (options_.engine == Engine::native) return kernel::lower(to, detail, x, y);
  return to.emit(two ? Opcode::kernel_two : Opcode::kernel_one, x, y, CodeBuilder::none, detail);
}

Value Translation::call(CodeBuilder& to, const Called& by, Value x, Value y) {
  if (is_kernel(by.step)) return with_kernel(to, by.detail, x, y);
  if (by.step == Opcode::bit_and) y = to.bits(~std::uint64_t{0} >> 1);
  return to.emit(by.step, x, y, CodeBuilder::none, by.detail);
}

Value Translation::applied(std::uint32_t stage, std::uint32_t i) {
  CodeBuilder& to = builders_[stage];
  constexpr Opcode by_operands[] = {Opcode::apply_one, Opcode::apply_two, Opcode::apply_three};
  const int operands = arity(t_.op[i], t_.detail[i]);
  Value x[3] = {CodeBuilder::none, CodeBuilder::none, CodeBuilder::none};
  for (int k = 0; k < operands; ++k) x[k] = operand(stage, t_.operand(i, k));
  return to.emit(by_operands[operands - 1], x[0], x[1], x[2], t_.detail[i]);
}

Value Translation::translate(std::uint32_t stage, std::uint32_t i) {
  CodeBuilder& to = builders_[stage];
  const Primitive op = t_.op[i];
  const auto a = [&] { return operand(stage, t_.a[i]); };
  const auto b = [&] { return operand(stage, t_.b[i]); };
  switch (op) {
    case Primitive::add: return sum(stage, i, false);
    case Primitive::subtract: return sum(stage, i, true);
    case Primitive::negate: return to.emit(Opcode::bit_xor, a(), to.constant(-0.0));
    case Primitive::power: {
      const Value x = a(), y = b();
      return call(to, raised(options_), x, y);
    }
    case Primitive::call: {
      const bool two = arity(op, t_.detail[i]) == 2;
      const Value x = a();
      return call(to, called(t_.detail[i], options_), x, two ? b() : CodeBuilder::none);
    }
    case Primitive::apply1:
    case Primitive::apply2:
    case Primitive::apply3: return applied(stage, i);
    case Primitive::total: return CodeBuilder::none;
    default: break;
  }
  const Opcode step = same_step[static_cast<std::size_t>(op)];
  const int operands = arity(step);
  const Value x = a(), y = operands > 1 ? b() : CodeBuilder::none;
  return to.emit(step, x, y, operands > 2 ? operand(stage, t_.c[i]) : CodeBuilder::none);
}

void Translation::run() {
  find_products_to_fuse();
  for (std::uint32_t i = 0; i < t_.operations(); ++i) {
    const std::uint32_t stage = home_[i];
    if (t_.op[i] == Primitive::total) {
      builders_[stage].output(operand(stage, t_.a[i]));
      slot_[i] = frame_++;
      slots_[stage].push_back(slot_[i]);
    } else if (!fused_[i]) {
      at_home_[i] = translate(stage, i);
    }
  }
}

std::uint32_t Translation::slot(std::uint32_t value) {
  if (value < first_) return leaves_[value] & 0x3FFFFFFF;
  const std::uint32_t i = value - first_;
  if (slot_[i] == nowhere) {
    builders_[home_[i]].output(at_home_[i]);
    slot_[i] = frame_++;
    slots_[home_[i]].push_back(slot_[i]);
  }
  return slot_[i];
}

Value Translation::operand(std::uint32_t stage, std::uint32_t value) {
  if (value >= first_) {
    const std::uint32_t i = value - first_;
    if (home_[i] == stage && t_.op[i] != Primitive::total) return at_home_[i];
    return builders_[stage].uniform(slot(value));
  }
  if (value < leaves_.size()) return leaves_[value];
  Known& known = constants_[value - leaves_.size()];
  if (known.stage != stage) {
    known = {stage, builders_[stage].constant(t_.constants[value - leaves_.size()])};
  }
  return known.value;
}

Stage Translation::finish(std::size_t stage, bool loop) {
  Code code = builders_[stage].finish(frame_);
  if (std::ranges::any_of(code.step, applies)) code.functions = t_.functions;
  return {.loop = loop, .code = schedule(std::move(code)), .slots = std::move(slots_[stage])};
}

}  // namespace

Stages point_stages(const Tape& t, const CompileOptions& options) {
  Stages result;
  result.inputs = static_cast<std::uint32_t>(t.input_names.size());
  if (auto code = plain_code(t, options, false)) {
    result.frame = result.inputs;
    result.stages.push_back({.loop = false, .code = schedule(std::move(*code)), .slots = {}});
    return result;
  }
  const CodeBuilder leaf(0);
  const bool direct = !t.needs_data();
  const auto columns = static_cast<std::uint32_t>(t.column_names.size());
  Translation translation(t, options, std::max<std::size_t>(t.segments.size(), 1), columns,
                          result.inputs + (direct ? 0 : 1));
  for (std::uint32_t i = 0; i < t.first_constant(); ++i) {
    translation.leaves().push_back(i < result.inputs    ? leaf.uniform(i)
                                   : i == t.row_count() ? leaf.uniform(result.inputs)
                                                        : leaf.column(i - result.inputs));
  }
  std::uint32_t begin = 0;
  for (std::uint32_t s = 0; s < t.segments.size(); ++s) {
    std::fill(translation.home().begin() + begin, translation.home().begin() + t.segments[s].end,
              s);
    begin = t.segments[s].end;
  }
  translation.run();
  if (direct) {
    for (const std::uint32_t v : t.outputs) {
      translation.builder(0).output(translation.operand(0, v));
    }
    result.frame = translation.frame();
    result.stages.push_back(translation.finish(0, false));
    return result;
  }
  for (const std::uint32_t v : t.outputs) {
    if (v >= t.first_constant() && v < t.first_operation()) {
      result.outputs.push_back(nowhere - static_cast<std::uint32_t>(result.constants.size()));
      result.constants.push_back(t.constants[v - t.first_constant()]);
    } else {
      result.outputs.push_back(translation.slot(v));
    }
  }
  result.frame = translation.frame();
  for (std::uint32_t& v : result.outputs) {
    if (v > nowhere - result.constants.size()) v = result.frame + (nowhere - v);
  }
  for (std::size_t s = 0; s < t.segments.size(); ++s) {
    result.stages.push_back(translation.finish(s, t.segments[s].loop));
  }
  return result;
}

Stages batch_stages(const Tape& t, const CompileOptions& options) {
  Stages result;
  const auto inputs = static_cast<std::uint32_t>(t.input_names.size());
  result.inputs = static_cast<std::uint32_t>(std::min<std::size_t>(options.parameters, inputs));
  if (result.inputs == 0) {
    if (auto code = plain_code(t, options, true)) {
      result.stages.push_back({.loop = true, .code = schedule(std::move(*code)), .slots = {}});
      return result;
    }
  }
  const std::uint32_t columns = inputs - result.inputs, first = t.first_operation();
  const CodeBuilder leaf(0);
  Translation translation(t, options, 2, columns, result.inputs);
  for (std::uint32_t i = 0; i < t.first_constant(); ++i) {
    translation.leaves().push_back(i < columns ? leaf.column(i) : leaf.uniform(i - columns));
  }
  // An operation varies from row to row when an operand does.
  auto& home = translation.home();
  for (std::size_t i = 0; i < t.operations(); ++i) {
    for (int k = 0; k < arity(t.op[i], t.detail[i]); ++k) {
      const std::uint32_t v = t.operand(i, k);
      if (v < columns || (v >= first && home[v - first] == 1)) home[i] = 1;
    }
  }
  translation.run();
  for (const std::uint32_t v : t.outputs) {
    translation.builder(1).output(translation.operand(1, v));
  }
  result.frame = translation.frame();
  Stage prologue = translation.finish(0, false);
  if (!prologue.slots.empty()) result.stages.push_back(std::move(prologue));
  result.stages.push_back(translation.finish(1, true));
  return result;
}

}  // namespace nabla
