#include "lib/eval/plain_code.hpp"

#include <algorithm>
#include <array>

#include "lib/eval/step_of.hpp"

namespace nabla {

namespace {

enum class As : std::uint8_t { nothing, itself, condition, call, power, negation };
struct Entry {
  As as = As::nothing;
  Opcode step{};
};
constexpr auto entries = [] {
  std::array<Entry, primitives.size()> table{};
  const auto at = [&](Primitive op) -> Entry& { return table[static_cast<std::size_t>(op)]; };
  for (const SameStep& s : same_steps) {
    const bool condition = row(s.step).result == Kind::condition;
    at(s.op) = {condition ? As::condition : As::itself, s.step};
  }
  at(Primitive::call).as = As::call;
  at(Primitive::power).as = As::power;
  at(Primitive::negate) = {As::negation, Opcode::bit_xor};
  return table;
}();
const Entry& entry_of(Primitive op) { return entries[static_cast<std::size_t>(op)]; }

class Copy {
 public:
  explicit Copy(const Tape& tape) : t_(tape), first_(tape.first_operation()) {}
  bool find_steps(const CompileOptions&);
  void write_operands();
  bool reads_conditions_as_such() const;
  Code& code() { return code_; }

 private:
  bool is_constant(std::uint32_t v) const { return v >= t_.first_constant() && v < first_; }
  // Of the second operand of steps that operations do without.
  std::uint32_t constant(double);
  std::uint32_t moved(std::uint32_t v) const {
    return v - (v > t_.row_count()) + (v >= first_ ? more_ : 0);
  }

  const Tape& t_;
  const std::uint32_t first_;
  std::uint32_t more_ = 0;  // constants than the tape has
  bool has_conditions_ = false;
  struct Second {
    std::uint32_t step;
    std::uint32_t constant;
  };
  std::vector<Second> seconds_;
  Code code_;
};

std::uint32_t Copy::constant(double x) {
  const auto same = [&](double y) { return word::bits(x) == word::bits(y); };
  const auto at = std::ranges::find_if(code_.constants, same) - code_.constants.begin();
  if (static_cast<std::size_t>(at) == code_.constants.size()) {
    code_.constants.push_back(x);
    ++more_;
  }
  return t_.row_count() + static_cast<std::uint32_t>(at);
}

bool Copy::find_steps(const CompileOptions& options) {
  const auto is_more = [](Primitive op) { return entry_of(op).as == As::nothing; };
  if (std::ranges::any_of(t_.op, is_more)) return false;
  const std::size_t count = t_.operations();
  const Called power = raised(options);
  std::uint32_t sign = 0, rest = 0;  // the constants, once they are there
  code_.constants = t_.constants;
  code_.detail = t_.detail;
  code_.step.resize(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    const Entry& entry = entry_of(t_.op[i]);
    code_.step[i] = entry.step;
    if (entry.as == As::itself) [[likely]]
      continue;
    if (entry.as == As::condition) {
      has_conditions_ = true;
      continue;
    }
    if (entry.as == As::negation) {
      if (sign == 0) sign = constant(-0.0);
      seconds_.push_back({i, sign});
      continue;
    }
    const Called by = entry.as == As::power ? power : called(t_.detail[i], options);
    const bool two = entry.as == As::power || by.step == Opcode::call_two;
    if (is_kernel(by.step) || (is_constant(t_.a[i]) && (!two || is_constant(t_.b[i])))) {
      return false;
    }
    code_.step[i] = by.step;
    code_.detail[i] = by.detail;
    if (by.step == Opcode::bit_and) {
      if (rest == 0) rest = constant(word::number(~std::uint64_t{0} >> 1));
      seconds_.push_back({i, rest});
    }
  }
  return true;
}

void Copy::write_operands() {
  const std::size_t count = t_.operations();
  const auto copy = [&](const LargeVector<std::uint32_t>& from, LargeVector<std::uint32_t>& to) {
    for (std::size_t i = 0; i < count; ++i) to[i] = moved(from[i]);
  };
  for (auto* operand : {&code_.a, &code_.b, &code_.c}) operand->resize(count);
  copy(t_.a, code_.a);
  copy(t_.b, code_.b);
  if (has_conditions_) copy(t_.c, code_.c);  // else there is no choice, and nothing has a third one
  for (const Second& s : seconds_) code_.b[s.step] = s.constant;
  code_.outputs.reserve(t_.outputs.size());
  for (const std::uint32_t v : t_.outputs) code_.outputs.push_back(moved(v));
}

bool Copy::reads_conditions_as_such() const {
  if (!has_conditions_) return true;
  const std::uint32_t first = t_.row_count() + static_cast<std::uint32_t>(code_.constants.size());
  const auto is = [&](std::uint32_t v, Kind kind) {
    return (v < first ? Kind::number : row(code_.step[v - first]).result) == kind;
  };
  for (std::size_t i = 0; i < code_.size(); ++i) {
    const OpcodeRow& r = row(code_.step[i]);
    if (!is(code_.a[i], r.first) || (r.arity > 1 && !is(code_.b[i], r.second)) ||
        (r.arity > 2 && !is(code_.c[i], Kind::number))) {
      return false;
    }
  }
  return std::ranges::all_of(code_.outputs, [&](auto v) { return is(v, Kind::number); });
}

}  // namespace

std::optional<Code> plain_code(const Tape& t, const CompileOptions& options,
                               bool inputs_are_columns) {
  if (options.contract || t.needs_data() || !t.column_names.empty()) return std::nullopt;
  Copy copy(t);
  if (!copy.find_steps(options)) return std::nullopt;
  copy.write_operands();
  if (!copy.reads_conditions_as_such()) return std::nullopt;
  (inputs_are_columns ? copy.code().columns : copy.code().uniforms) = t.first_column();
  return std::move(copy.code());
}

}  // namespace nabla
