#pragma once

// A program around generated code, in the code's own language: it calls the function at given
// points and prints the bits of what comes back.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/emit/source.hpp"

namespace nabla {

// Where the function is called, and what it gives.
struct CallPlan {
  std::string name;                          // of the function
  std::vector<std::vector<double>> points;   // a number for each input
  std::vector<std::vector<double>> columns;  // data, the same at every point
  bool value = true;
  std::size_t gradient = 0, hessian = 0;  // entries; 0: not computed
  std::size_t results() const { return (value ? 1 : 0) + gradient + hessian; }
};

// Printed instead of the results of a point where the language raises an exception.
inline constexpr std::string_view raised = "raised";

struct CodeProgram {
  std::string file, text;
  std::string tool;  // what compiles or runs it
  // Arguments of the tool; "@/" stands for the folder. Without `compile` the tool runs the text.
  std::vector<std::string> compile = {}, run = {};
  std::vector<std::string> probe = {};  // fails where a library is missing
  std::string library = {};
  bool same_bits = false;  // IEEE arithmetic and our mathematical library
};

// The program prints 16 hexadecimal digits a line, results of a point in the order value, gradient,
// Hessian. Nothing for a language that cannot be run here. `language`: name of a row of
// dialects.hpp.
std::optional<CodeProgram> program_around(std::string_view language, const std::string& code,
                                          const CallPlan&);

}  // namespace nabla
