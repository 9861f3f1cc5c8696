#pragma once

// The loops of the interpreter. Each instruction works on up to `width` rows at a time, in a loop
// that the compiler turns into vector code for the machine it finds itself on; or on one point.

#include <cstddef>
#include <cstdint>
#include <span>

#include "lib/eval/interpret.hpp"

namespace nabla {

using Functions = std::span<const std::shared_ptr<const UserFunction>>;

// Where registers are found while a block of rows is worked on.
struct Block {
  const double* uniform;  // registers below first_column: one value for all rows
  std::uint32_t first_column, first_direct, first_value;
  const double* const* columns;
  double* const* out;
  const std::uint32_t* direct_out;
  double* values;
  std::size_t width;    // rows between one row value and the next
  std::size_t offset;   // of the block in the columns
  std::size_t count;    // rows at hand, at most width
  Functions functions;  // of the program

  struct Operand {
    const double* at;
    bool uniform;
  };
  Operand operand(std::uint32_t index) const {
    if (index < first_column) return {uniform + index, true};
    if (index < first_direct) return {columns[index - first_column] + offset, false};
    return {target(index), false};
  }
  double* target(std::uint32_t index) const {
    if (index < first_value) return out[direct_out[index - first_direct]] + offset;
    return values + (index - first_value) * width;
  }
};

void run_block(std::span<const Interpreter::Instruction>, const Block&);
void run_point(std::span<const Interpreter::Instruction>, Functions, double* registers);

}  // namespace nabla
