#pragma once

// CodeBuilder: appends steps to straight-line code. Constants are there once; a condition read as a
// number, or a number read as a condition, is converted.

#include <cstdint>
#include <vector>

#include "lib/eval/code.hpp"

namespace nabla {

class CodeBuilder {
 public:
  // A value of the code to be: what it is in the top bits, which one in the others.
  using Value = std::uint32_t;
  static constexpr Value none = ~Value{0};

  explicit CodeBuilder(std::uint32_t columns) : columns_(columns) {}
  void reserve(std::size_t steps) { steps_.reserve(steps); }

  Value column(std::uint32_t i) const { return tagged(1, i); }
  Value uniform(std::uint32_t i) const { return tagged(2, i); }
  Value constant(double);
  Value bits(std::uint64_t pattern) { return constant(word::number(pattern)); }
  Value emit(Opcode s, Value a, Value b = none, Value c = none, std::uint8_t detail = 0) {
    const OpcodeRow& r = row(s);
    if (has_conditions_ || r.first == Kind::condition || r.second == Kind::condition) {
      a = as(r.first, a);
      if (r.arity > 1) b = as(r.second, b);
      if (r.arity > 2) c = as(Kind::number, c);
    }
    has_conditions_ = has_conditions_ || r.result == Kind::condition;
    steps_.push_back({a, b, c, s, detail});
    return static_cast<Value>(steps_.size() - 1);
  }

  // As a number, for outputs.
  Value number(Value v) { return as(Kind::number, v); }
  // Returns its index among the outputs; a value is an output once.
  std::uint32_t output(Value);
  std::size_t size() const { return steps_.size(); }
  bool empty() const { return steps_.empty() && outputs_.empty(); }

  Code finish(std::uint32_t uniforms);

 private:
  struct Step {
    Value a, b, c;
    Opcode step;
    std::uint8_t detail;
  };
  static Value tagged(std::uint32_t tag, std::uint32_t i) { return (tag << 30) | i; }
  Kind kind(Value v) const { return (v >> 30) != 0 ? Kind::number : row(steps_[v].step).result; }
  Value as(Kind, Value);
  void grow();

  std::uint32_t columns_;
  bool has_conditions_ = false;
  LargeVector<Step> steps_;
  std::vector<double> constants_;
  std::vector<Value> outputs_;
  std::vector<std::uint32_t> index_;  // open addressing over the constants; 0 is empty
};

}  // namespace nabla
