// From what was recorded to the tape: segments one after another, without what nobody needs.

#include <cstddef>
#include <vector>

#include "lib/core/stop.hpp"
#include "lib/eval/recorder.hpp"

namespace nabla {

Tape Recorder::finish() {
  std::vector<std::uint8_t> used(code_.size());
  std::vector<std::uint8_t> used_constant(tape_.constants.size());
  const auto use = [&](Value v) {
    if (v == none) return;
    if (source(v) == operation) used[index_of(v)] = 1;
    if (source(v) == constant) used_constant[index_of(v)] = 1;
  };
  for (const NodeId root : roots_) use(scalars_[root]);
  StopCheck stop(g_.limits);
  for (std::size_t i = code_.size(); i-- > 0;) {
    stop();
    if (!used[i]) continue;
    for (const Value v : {code_[i].a, code_[i].b, code_[i].c}) use(v);
  }

  // Stable counting sort by segment; the totals of a loop come after the rest of it.
  std::vector<std::uint32_t> start(2 * std::size_t{deepest_loop} * 2 + 4);
  const auto place = [&](const Operation& o) {
    return std::size_t{2} * o.segment + (o.op == Primitive::total);
  };
  for (std::size_t i = 0; i < code_.size(); ++i) start[place(code_[i]) + 1] += used[i];
  for (std::size_t i = 1; i < start.size(); ++i) start[i] += start[i - 1];
  const std::vector<std::uint32_t> begin = start;

  std::vector<std::uint32_t> constant_at(tape_.constants.size());
  std::vector<double> kept;
  for (std::size_t i = 0; i < tape_.constants.size(); ++i) {
    constant_at[i] = static_cast<std::uint32_t>(kept.size());
    if (used_constant[i]) kept.push_back(tape_.constants[i]);
  }
  tape_.constants = std::move(kept);

  std::vector<std::uint32_t> position(code_.size());
  for (std::size_t i = 0; i < code_.size(); ++i) {
    if (used[i]) position[i] = start[place(code_[i])]++;
  }
  const auto number = [&](Value v) -> std::uint32_t {
    if (v == none) return 0;
    if (v == rows) return tape_.row_count();
    const auto i = static_cast<std::uint32_t>(index_of(v));
    switch (source(v)) {
      case input: return i;
      case data: return tape_.first_column() + i;
      case constant: return tape_.first_constant() + constant_at[i];
      default: return tape_.first_operation() + position[i];
    }
  };
  const std::size_t count = begin.back();
  tape_.op.resize(count);
  tape_.detail.resize(count);
  tape_.a.resize(count);
  tape_.b.resize(count);
  tape_.c.resize(count);
  for (std::size_t i = 0; i < code_.size(); ++i) {
    stop();
    if (!used[i]) continue;
    const std::size_t at = position[i];
    tape_.op[at] = code_[i].op;
    tape_.detail[at] = code_[i].detail;
    tape_.a[at] = number(code_[i].a);
    tape_.b[at] = number(code_[i].b);
    tape_.c[at] = number(code_[i].c);
  }
  for (std::size_t s = 0; 2 * s + 2 < begin.size(); ++s) {
    if (begin[2 * s + 2] > begin[2 * s]) {
      tape_.segments.push_back({.end = begin[2 * s + 2], .loop = s % 2 == 1});
    }
  }
  for (const NodeId root : roots_) tape_.outputs.push_back(number(scalars_[root]));
  return std::move(tape_);
}

}  // namespace nabla
