#pragma once

// Chain: code as the interpreters run it, for an accumulator machine. What a step makes and only
// the next one reads is never stored; kernels of vector mathematics are one step each.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "lib/eval/code.hpp"
#include "lib/eval/interpret/moves.hpp"

namespace nabla {

// One move. Places are numbers of columns, of outputs that steps give, of slots, of constants and
// of uniforms, in this order; at one point of columns and constants only up to where they begin.
struct ChainStep {
  const void* jump = nullptr;  // at one point: where the code of the move is
  moves::Move move;
  Opcode step = {};
  std::uint8_t detail = 0;  // of a kernel: which one, in the order of kernels/list.hpp
  std::uint32_t to = 0;     // where the result is stored: slot 0 is for those that nobody reads
  std::uint32_t a = 0, b = 0, c = 0;
};

struct Chain {
  enum class For : std::uint8_t { point, rows };

  // Places are used again once their values are no longer needed. O(steps).
  Chain(const Code&, For);

  std::uint32_t columns = 0, direct = 0, slots = 1, uniforms = 0;
  std::vector<double> constants;
  std::vector<std::shared_ptr<const UserFunction>> functions;
  std::vector<ChainStep> steps;           // a pause every some thousand steps, and at the end
  std::vector<std::uint32_t> outputs;     // places
  std::vector<std::uint32_t> direct_out;  // of a place of outputs: which output

  std::uint32_t first_direct() const { return columns; }
  std::uint32_t first_slot() const { return columns + direct; }
  std::uint32_t first_constant() const { return first_slot() + slots; }
  std::uint32_t first_uniform() const {
    return first_constant() + static_cast<std::uint32_t>(constants.size());
  }
  std::uint32_t places() const { return first_uniform() + uniforms; }
};

}  // namespace nabla
