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

  Value column(std::uint32_t i) const { return tagged(1, i); }
  Value uniform(std::uint32_t i) const { return tagged(2, i); }
  Value constant(double);
  Value bits(std::uint64_t pattern) { return constant(word::number(pattern)); }
  Value emit(Opcode, Value a, Value b = none, Value c = none, std::uint8_t detail = 0);

  // As a number, for outputs.
  Value number(Value);
  // Returns its index among the outputs; a value is an output once.
  std::uint32_t output(Value);
  std::size_t size() const { return code_.size(); }
  bool empty() const { return code_.size() == 0 && outputs_.empty(); }

  Code finish(std::uint32_t uniforms);

 private:
  static Value tagged(std::uint32_t tag, std::uint32_t i) { return (tag << 30) | i; }
  Kind kind(Value v) const { return (v >> 30) != 0 ? Kind::number : row(code_.step[v]).result; }
  Value as(Kind, Value);
  void grow();

  std::uint32_t columns_;
  Code code_;
  std::vector<Value> outputs_;
  std::vector<std::uint32_t> index_;  // open addressing over the constants; 0 is empty
};

}  // namespace nabla
