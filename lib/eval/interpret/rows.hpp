#pragma once

// The loop of the interpreter for rows. It works on eight vectors of the machine it finds itself on
// at a time, one move after another; the accumulator is eight vector registers.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "lib/eval/interpret/chain.hpp"

namespace nabla {

using Functions = std::span<const std::shared_ptr<const UserFunction>>;

// Where the rows at hand are.
struct RowBlock {
  double* const* place;        // of each place of the chain: its rows, or the one number
  std::uint32_t first_number;  // places from here on hold one number
  std::uint32_t nowhere;       // a place that is not written
  std::size_t rows;            // of a block
  std::size_t count;           // rows that are there; the others of a block are copies
  Functions functions;

  // What is done outside of vector code: calls of functions, and kernels at one row.
  using Operands = std::array<const double*, 3>;  // rows
  static void call(const ChainStep&, const Operands&, double* to, const RowBlock&);
};

struct RowMachine {
  std::size_t rows;  // of a block
  // Runs up to the next pause, and returns it.
  const ChainStep* (*run)(const ChainStep*, const RowBlock&);
};

extern const RowMachine portable_rows, avx2_rows, avx512_rows;

// All that this processor can run, the widest last.
std::span<const RowMachine* const> row_machines();
// The widest that this processor has. They agree bit for bit: products are fused where a step says
// so and nowhere else, and rows do not mix.
const RowMachine& row_machine();

// The loop for one point, and kernels there.
struct PointMachine {
  // The registers are the places of the chain. Runs up to the next pause, and returns it.
  const ChainStep* (*run)(const ChainStep*, double* registers, Functions);
  // Where the code of a move is, by its number; once more for moves whose result is not stored.
  std::span<const void* const> (*jumps)();
  double (*const* kernels)(double, double);  // by their numbers
};

extern const PointMachine portable_point, fma_point;
const PointMachine& point_machine();

// A step that is neither a move of its own nor a kernel.
double do_step(const ChainStep&, double a, double b, double c, Functions);

}  // namespace nabla
