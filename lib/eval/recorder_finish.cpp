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
bool Recorder::all_is_read() const {
  for (std::size_t i = 0; i < count_; ++i) {
    if (!operations_[i].read) return false;
  }
  return std::ranges::find(read_constant_, 0) == read_constant_.end();
}

Tape Recorder::finish() {
  tape_.outputs.reserve(roots_.size());
  for (const NodeId root : roots_) {
    const Frame frame{nodes_.place_of(root), 0, false};
    const Value v = nodes_.has_loops() ? slot<true>(frame) : slot<false>(frame);
    tape_.outputs.push_back(v);
    reads(v);
  }
  if (nodes_.has_loops() || !all_is_read()) {
    leave_out_unread();
  } else {
    if (count_ > 0) tape_.segments.push_back({.end = static_cast<std::uint32_t>(count_)});
    write_operations(count_, {});
  }
  return std::move(tape_);
}

// Into the arrays of the tape, `count` of them, each at its place; from numbers while recording to
// those of the tape.
void Recorder::write_operations(std::size_t count, std::span<const std::uint32_t> place) {
  for (auto* operand : {&tape_.a, &tape_.b, &tape_.c}) operand->resize(count);
  tape_.op.resize(count);
  tape_.detail.resize(count);
  const std::uint32_t base[] = {tape_.first_operation(), 0, tape_.first_column(),
                                tape_.first_constant()};
  const std::uint32_t row_count = tape_.row_count();
  const auto number = [&](Value v) {
    if (v == none) return std::uint32_t{0};
    if (v == rows) [[unlikely]] {
      tape_.counts_rows = true;
      return row_count;
    }
    return base[v >> 30] + static_cast<std::uint32_t>(index_of(v));
  };
  const auto write = [&](std::size_t i, std::size_t at) {
    const Recorded& r = operations_[i];
    tape_.op[at] = r.op;
    tape_.detail[at] = r.detail;
    tape_.a[at] = number(r.a);
    tape_.b[at] = number(r.b);
    tape_.c[at] = number(r.c);
  };
  if (place.empty()) {
    for (std::size_t i = 0; i < count; ++i) write(i, i);
  } else {
    for (std::size_t i = 0; i < count_; ++i) {
      if (operations_[i].read) write(i, place[i]);
    }
  }
  for (Value& v : tape_.outputs) v = number(v);
}

// Also brings the operations into the order of their segments.
void Recorder::leave_out_unread() {
  std::vector<std::uint8_t> used_constant(tape_.constants.size());
  for (std::size_t i = 0; i < count_; ++i) operations_[i].read = 0;
  const auto use = [&](Value v) {
    if (v == none) return;
    if (source(v) == operation) operations_[v].read = 1;
    if (source(v) == constant) used_constant[index_of(v)] = 1;
  };
  for (const Value v : tape_.outputs) use(v);
  StopCheck stop(g_.limits);
  for (std::size_t i = count_; i-- > 0;) {
    stop();
    const Recorded& r = operations_[i];
    if (!r.read) continue;
    use(r.a);
    use(r.b);
    use(r.c);
  }

  // Stable counting sort by segment; the totals of a loop come after the rest of it.
  std::vector<std::uint32_t> start(2 * std::size_t{Survey::deepest_loop} * 2 + 4);
  const auto segment_of = [](const Recorded& r) {
    return 2 * std::size_t{r.segment} + (r.op == Primitive::total);
  };
  for (std::size_t i = 0; i < count_; ++i) {
    start[segment_of(operations_[i]) + 1] += operations_[i].read;
  }
  for (std::size_t i = 1; i < start.size(); ++i) start[i] += start[i - 1];
  const std::vector<std::uint32_t> begin = start;
  std::vector<std::uint32_t> place(count_);
  for (std::size_t i = 0; i < count_; ++i) {
    if (operations_[i].read) place[i] = start[segment_of(operations_[i])]++;
  }

  std::vector<std::uint32_t> constant_at(tape_.constants.size());
  std::vector<double> kept;
  for (std::size_t i = 0; i < tape_.constants.size(); ++i) {
    constant_at[i] = static_cast<std::uint32_t>(kept.size());
    if (used_constant[i]) kept.push_back(tape_.constants[i]);
  }
  tape_.constants = std::move(kept);

  const auto move = [&](Value& v) {
    if (v == none) return;
    if (source(v) == operation) v = value(operation, place[index_of(v)]);
    if (source(v) == constant) v = value(constant, constant_at[index_of(v)]);
  };
  for (std::size_t i = 0; i < count_; ++i) {
    Recorded& r = operations_[i];
    if (!r.read) continue;
    move(r.a);
    move(r.b);
    move(r.c);
  }
  for (Value& v : tape_.outputs) move(v);
  for (std::size_t s = 0; 2 * s + 2 < begin.size(); ++s) {
    if (begin[2 * s + 2] > begin[2 * s]) {
      tape_.segments.push_back({.end = begin[2 * s + 2], .loop = s % 2 == 1});
    }
  }
  write_operations(begin.back(), place);
}

}  // namespace nabla
