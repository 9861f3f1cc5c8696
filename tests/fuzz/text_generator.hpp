#pragma once

// TextGenerator: texts of the input language, drawn from the tables (operators, functions,
// constants, verbs, alphabets), so that a new row is written by it without further ado. Most of
// them are well formed; what they mean is left to chance.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tests/fuzz/dice.hpp"

namespace nabla::test {

class TextGenerator {
 public:
  explicit TextGenerator(Dice& dice) : dice_(dice) {}

  std::string statement();
  std::string expression(int depth = 3);
  std::string number();
  std::string name();

 private:
  using Notation = std::string (TextGenerator::*)(int depth);
  static std::span<const Notation> notations();

  std::string leaf();
  std::string small(int depth);  // something an operator or power may follow

  std::string infix(int depth);
  std::string chain(int depth);
  std::string sign(int depth);
  std::string postfix(int depth);
  std::string bracket(int depth);
  std::string choice(int depth);
  std::string side_by_side(int depth);
  std::string function(int depth);
  std::string python(int depth);
  std::string verb(int depth);
  std::string tex(int depth);
  std::string sum_sign(int depth);
  std::string derivative(int depth);
  std::string limit(int depth);

  Dice& dice_;
};

}  // namespace nabla::test
