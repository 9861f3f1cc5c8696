// From what was recorded to the tape: segments one after another, without what nobody needs.

#include <algorithm>
#include <cstddef>
#include <functional>
#include <vector>

#include "lib/core/stop.hpp"
#include "lib/eval/recorder.hpp"

namespace nabla {

// Whether every operation and constant is read, or is an output: then all of them are needed, since
// the last of them cannot be read by another.
bool Recorder::all_is_read() {
  for (const Value v : tape_.outputs) reads(v);
  return std::find(read_.begin(), read_.begin() + static_cast<std::ptrdiff_t>(count_), 0) ==
             read_.begin() + static_cast<std::ptrdiff_t>(count_) &&
         std::ranges::find(read_constant_, 0) == read_constant_.end();
}

Tape Recorder::finish() {
  tape_.outputs.reserve(roots_.size());
  for (const NodeId root : roots_) {
    tape_.outputs.push_back(slot({nodes_.place_of(root), 0, false}));
  }
  for (auto* operand : {&tape_.a, &tape_.b, &tape_.c}) operand->resize(count_);
  tape_.op.resize(count_);
  tape_.detail.resize(count_);
  if (!all_is_read() || nodes_.has_loops()) {
    leave_out_unread();
    return std::move(tape_);
  }
  if (count_ > 0) tape_.segments.push_back({.end = static_cast<std::uint32_t>(count_)});
  number_values();
  return std::move(tape_);
}

// From numbers while recording to those of the tape.
void Recorder::number_values() {
  const std::uint32_t base[] = {tape_.first_operation(), 0, tape_.first_column(),
                                tape_.first_constant()};
  const std::uint32_t row_count = tape_.row_count();
  const auto number_all = [&](std::vector<Value>& values) {
    for (Value& v : values) {
      if (v >= rows) [[unlikely]] {
        if (v == rows) {
          tape_.counts_rows = true;
          v = row_count;
          continue;
        }
        if (v == none) {
          v = 0;
          continue;
        }
      }
      v = base[v >> 30] + static_cast<std::uint32_t>(index_of(v));
    }
  };
  number_all(tape_.a);
  number_all(tape_.b);
  if (has_third_operands_) number_all(tape_.c);
  number_all(tape_.outputs);
}

// Also brings the operations into the order of their segments.
void Recorder::leave_out_unread() {
  std::vector<std::uint8_t> used(count_), used_constant(tape_.constants.size());
  const auto use = [&](Value v) {
    if (v == none) return;
    if (source(v) == operation) used[index_of(v)] = 1;
    if (source(v) == constant) used_constant[index_of(v)] = 1;
  };
  for (const Value v : tape_.outputs) use(v);
  StopCheck stop(g_.limits);
  for (std::size_t i = count_; i-- > 0;) {
    stop();
    if (!used[i]) continue;
    use(tape_.a[i]);
    use(tape_.b[i]);
    if (has_third_operands_) use(tape_.c[i]);
  }

  // Stable counting sort by segment; the totals of a loop come after the rest of it.
  std::vector<std::uint32_t> start(2 * std::size_t{Survey::deepest_loop} * 2 + 4);
  const auto place = [&](std::size_t i) {
    const std::size_t segment = segment_.empty() ? 0 : segment_[i];
    return 2 * segment + (tape_.op[i] == Primitive::total);
  };
  for (std::size_t i = 0; i < count_; ++i) start[place(i) + 1] += used[i];
  for (std::size_t i = 1; i < start.size(); ++i) start[i] += start[i - 1];
  const std::vector<std::uint32_t> begin = start;
  std::vector<std::uint32_t> position(count_);
  for (std::size_t i = 0; i < count_; ++i) {
    if (used[i]) position[i] = start[place(i)]++;
  }

  std::vector<std::uint32_t> constant_at(tape_.constants.size());
  std::vector<double> kept;
  for (std::size_t i = 0; i < tape_.constants.size(); ++i) {
    constant_at[i] = static_cast<std::uint32_t>(kept.size());
    if (used_constant[i]) kept.push_back(tape_.constants[i]);
  }
  tape_.constants = std::move(kept);

  const auto moved = [&](Value v) {
    if (v == none) return v;
    if (source(v) == operation) return value(operation, position[index_of(v)]);
    return source(v) == constant ? value(constant, constant_at[index_of(v)]) : v;
  };
  const auto in_order = [&](auto& array, auto change) {
    std::remove_reference_t<decltype(array)> sorted(begin.back());
    for (std::size_t i = 0; i < count_; ++i) {
      if (used[i]) sorted[position[i]] = change(array[i]);
    }
    array = std::move(sorted);
  };
  in_order(tape_.a, moved);
  in_order(tape_.b, moved);
  if (has_third_operands_) {
    in_order(tape_.c, moved);
  } else {
    tape_.c.resize(begin.back());
  }
  in_order(tape_.op, std::identity{});
  in_order(tape_.detail, std::identity{});
  for (Value& v : tape_.outputs) v = moved(v);
  for (std::size_t s = 0; 2 * s + 2 < begin.size(); ++s) {
    if (begin[2 * s + 2] > begin[2 * s]) {
      tape_.segments.push_back({.end = begin[2 * s + 2], .loop = s % 2 == 1});
    }
  }
  number_values();
}

}  // namespace nabla
