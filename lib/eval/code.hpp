#pragma once

// Code: straight-line code over steps, what an engine runs, at one point or for every row of a
// batch. A function is one piece of it or several (stages.hpp).
//
// Values are numbered: the columns (one value per row), the uniforms (one value per call), the
// constants, and then one per step, whose operands have smaller numbers. Conditions are read as
// conditions only, numbers as numbers.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/core/large_vector.hpp"
#include "lib/core/user_functions.hpp"
#include "lib/eval/opcode.hpp"

namespace nabla {

struct Code {
  std::uint32_t columns = 0, uniforms = 0;
  std::vector<double> constants;
  // Functions of the program that steps call; engines without a way to call them refuse the code.
  std::vector<std::shared_ptr<const UserFunction>> functions;

  // One entry per step; operands a step does not have are 0.
  LargeVector<Opcode> step;
  LargeVector<std::uint8_t> detail;
  LargeVector<std::uint32_t> a, b, c;

  std::vector<std::uint32_t> outputs;  // values

  std::uint32_t first_constant() const { return columns + uniforms; }
  std::uint32_t first_step() const {
    return first_constant() + static_cast<std::uint32_t>(constants.size());
  }
  std::uint32_t operand(std::size_t at, int which) const {
    return which == 0 ? a[at] : which == 1 ? b[at] : c[at];
  }
  std::size_t size() const { return step.size(); }
};

// Nothing when the code is well formed: sizes agree, operands come first and are of the kind that
// is read, tables and functions exist. Engines rely on it. O(steps).
std::optional<std::string> find_fault(const Code&);

// One step a line, for people: "v3 = multiply_add v2 x0 0.5".
std::string to_text(const Code&);

}  // namespace nabla
