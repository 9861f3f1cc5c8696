#pragma once

// The interpreter: a register machine that runs code at one point, or for many rows in blocks. It
// is portable, asks for no executable memory, and is what machine code is compared with: one point
// and a batch give the same bits.

#include <cstdint>
#include <span>
#include <vector>

#include "lib/core/limits.hpp"
#include "lib/eval/code.hpp"

namespace nabla {

class Interpreter {
 public:
  Interpreter() = default;

  // Assigns registers; a register is used again once its value is no longer needed. O(steps).
  explicit Interpreter(const Code&);

  // One value per output. Const and reentrant. One heap allocation when more than about a thousand
  // registers are live.
  // Throws LimitError (L110) once `stop` is set, as rows() does; the outputs then mean nothing.
  void point(const double* uniforms, double* out, const Stop* stop = nullptr) const;

  // Rows `begin` up to `end` of the columns, which may be the outputs' rows too if nobody reads
  // them.
  void rows(const double* const* columns, const double* uniforms, double* const* out,
            std::size_t begin, std::size_t end, const Stop* stop = nullptr) const;

  // Registers: constants, uniforms, columns, outputs that are steps, other steps.
  struct Instruction {
    Opcode step;
    std::uint8_t detail;
    std::uint32_t to, a, b, c;
  };

 private:
  std::vector<double> constants_;
  std::vector<std::shared_ptr<const UserFunction>> functions_;
  std::uint32_t uniforms_ = 0, columns_ = 0, direct_ = 0, values_ = 0;
  std::vector<Instruction> code_;
  std::vector<std::uint32_t> outputs_;     // registers
  std::vector<std::uint32_t> direct_out_;  // of a register for outputs: which output
};

}  // namespace nabla
