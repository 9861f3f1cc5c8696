#pragma once

// The blocked half of the interpreter: each instruction works on up to `width` rows at a time, in a
// loop that the compiler turns into vector code for the machine it finds itself on.

#include <cstddef>
#include <cstdint>
#include <span>

#include "lib/eval/interpret.hpp"

namespace nabla {

// Where registers are found while a block of rows is worked on.
struct Block {
  const double* uniform;        // registers below first_varying: one value for all rows
  std::uint32_t first_varying;  // then the columns, then the row values
  std::span<const double* const> columns;
  double* values;
  std::size_t width;   // rows between one row value and the next
  std::size_t offset;  // of the block in the columns
  std::size_t count;   // rows at hand, at most width
  std::span<const std::shared_ptr<const UserFunction>> functions;  // of the program

  struct Operand {
    const double* at;
    bool uniform;
  };
  Operand operand(std::uint32_t index) const {
    if (index < first_varying) return {uniform + index, true};
    const std::size_t i = index - first_varying;
    if (i < columns.size()) return {columns[i] + offset, false};
    return {values + (i - columns.size()) * width, false};
  }
  double* target(std::uint32_t index) const {
    return values + (index - first_varying - columns.size()) * width;
  }
};

void run_block(std::span<const Program::Instruction>, const Block&);

}  // namespace nabla
