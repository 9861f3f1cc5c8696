#pragma once

// TapeCopy: a tape written anew, operation by operation, by somebody who writes some of them
// differently.

#include <cstdint>
#include <utility>
#include <vector>

#include "lib/eval/tape.hpp"

namespace nabla {

class TapeCopy {
 public:
  using Value = std::uint32_t;

  explicit TapeCopy(const Tape& from)
      : from_(from), first_(from.first_operation()), moved_(from.operations()) {
    to_.input_names = from.input_names;
    to_.column_names = from.column_names;
    to_.constants = from.constants;
    to_.functions = from.functions;
    to_.counts_rows = from.counts_rows;
    to_.notes = from.notes;
    for (auto* const operands : {&to_.a, &to_.b, &to_.c}) operands->reserve(from.operations());
    to_.op.reserve(from.operations());
    to_.detail.reserve(from.operations());
  }

  // Only before the first operation, whose number depends on how many there are.
  Value add_constant(double x) {
    to_.constants.push_back(x);
    return to_.first_operation() - 1;
  }
  // What a value of the old tape is in the new one.
  Value moved(Value v) const { return v < first_ ? v : moved_[v - first_]; }
  void set_moved(std::uint32_t operation, Value v) { moved_[operation] = v; }

  Value append(Primitive op, Value a, Value b = 0, Value c = 0, std::uint8_t detail = 0) {
    to_.op.push_back(op);
    to_.detail.push_back(detail);
    to_.a.push_back(a);
    to_.b.push_back(b);
    to_.c.push_back(c);
    return to_.first_operation() + static_cast<Value>(to_.op.size()) - 1;
  }
  // An operation as it is.
  void copy(std::uint32_t i) {
    const int operands = arity(from_.op[i], from_.detail[i]);
    moved_[i] = append(from_.op[i], moved(from_.a[i]), operands > 1 ? moved(from_.b[i]) : 0,
                       operands > 2 ? moved(from_.c[i]) : 0, from_.detail[i]);
  }
  void end_segment(bool loop) {
    to_.segments.push_back({static_cast<std::uint32_t>(to_.operations()), loop});
  }
  Tape finish() {
    to_.outputs.reserve(from_.outputs.size());
    for (const Value v : from_.outputs) to_.outputs.push_back(moved(v));
    return std::move(to_);
  }

 private:
  const Tape& from_;
  const Value first_;
  std::vector<Value> moved_;
  Tape to_;
};

}  // namespace nabla
