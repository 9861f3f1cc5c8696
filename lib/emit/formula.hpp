#pragma once

// Operations of a tape as formulas of an output language: operators, parentheses, literals.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "lib/emit/dialects.hpp"
#include "lib/eval/tape.hpp"

namespace nabla {

// `pattern` with #x replaced for each pair {x, text}.
struct Hole {
  char key;
  std::string_view text;
};
std::string fill(std::string_view pattern, std::initializer_list<Hole> holes);

// A formula in the target language, and how tightly it holds together.
struct Formula {
  std::string text;
  int level = 9;
  Kind kind = Kind::number;
};

class Formulas {
 public:
  Formulas(const Dialect& dialect, const Tape& tape)
      : of_operations(tape.operations()), d_(dialect), t_(tape) {}

  std::vector<std::string> inputs, columns;  // spellings
  std::string rows, index;                   // number of rows, and the row at hand in a loop
  std::vector<Formula> of_operations;        // as far as known: a name, or text to put in place

  // How a value is written: a leaf, or what of_operations has for it.
  Formula value(std::uint32_t v) const;
  // The same as an operand of that kind that has to hold together at least that tightly.
  std::string operand(std::uint32_t v, Kind wanted, int level) const;
  std::string number(std::uint32_t v) const { return operand(v, Kind::number, 0); }
  // An operation over its operands.
  Formula operation(std::size_t at) const;

 private:
  Formula constant(double x) const;

  const Dialect& d_;
  const Tape& t_;
};

}  // namespace nabla
