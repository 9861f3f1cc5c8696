#pragma once

// The interpreter: a register machine that runs a tape at one point, or at many in blocks of rows.
// It is portable, reads nothing but its own constants, and is what other back ends are compared
// with: one point and a batch give the same bits.

#include <cstdint>
#include <span>
#include <vector>

#include "lib/core/limits.hpp"
#include "lib/eval/tape.hpp"

namespace nabla {

class Program {
 public:
  Program() = default;

  // Assigns registers; a register is used again once its value is no longer needed. O(operations).
  explicit Program(const Tape&, const Limits& = {});

  std::size_t inputs() const { return inputs_; }
  std::size_t outputs() const { return outputs_.size(); }

  // One point; `columns` and `rows` are the data that loops run over. Sizes are the caller's
  // business. Const and reentrant. One heap allocation when more than about a thousand registers
  // are live. Throws LimitError (L110) once `stop` is set, as batch() does; the outputs are then
  // partly written.
  void run(std::span<const double> in, std::span<double> out,
           std::span<const double* const> columns = {}, std::size_t rows = 0,
           const Stop* stop = nullptr) const;

  // `count` points, one column per input and output. Only for tapes without loops. An output column
  // may be an input column, but must not overlap one otherwise.
  void batch(std::span<const double* const> in, std::span<double* const> out, std::size_t count,
             const Stop* stop = nullptr) const;

  struct Instruction {
    Primitive op;
    std::uint8_t detail;
    std::uint32_t to, a, b, c;
  };

 private:
  struct Stretch {
    std::uint32_t begin, end;
    bool loop;
  };
  void run_loop(const Stretch&, double* registers, std::span<const double* const> columns,
                std::size_t rows, const Stop* stop) const;

  // Registers: constants, number of rows, inputs, scalars; and after them, inside loops, columns
  // and row values. In a batch every register from the inputs on is a row value.
  std::vector<double> constants_;
  std::vector<std::shared_ptr<const UserFunction>> functions_;
  std::uint32_t inputs_ = 0, first_scalar_ = 0, first_column_ = 0, first_row_value_ = 0;
  std::uint32_t row_values_ = 0;
  std::vector<Instruction> code_;
  std::vector<Stretch> stretches_;
  std::vector<std::uint32_t> outputs_;
};

}  // namespace nabla
