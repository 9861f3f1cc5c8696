#pragma once

// THE operator table: one row per operator of the surface syntax. The parser reads spellings and
// binding from it, printers read precedence and LaTeX from it, and the round trip between them is
// the guard.

#include <array>
#include <cstdint>
#include <string_view>

#include "lib/core/graph.hpp"

namespace nabla {

// How tightly something holds its operands, loosest first.
enum class Precedence : std::uint8_t {
  none,           // inside brackets
  conditional,    // c ? a : b
  either,         // or
  both,           // and
  negation,       // not
  comparison,     // < <= = != > >=, in chains
  sum,            // + - and the minus sign before a term
  product,        // * / and products without a sign
  application,    // sin x, where the argument has no parentheses
  juxtaposition,  // 2x inside such an argument
  root,           // √x
  power,          // ^, right associative
  postfix,        // x!, f', x²
  atom,
};

constexpr bool operator<(Precedence a, Precedence b) {
  return static_cast<int>(a) < static_cast<int>(b);
}
constexpr bool operator>=(Precedence a, Precedence b) { return !(a < b); }

enum class Fixity : std::uint8_t { infix, prefix, postfix };
enum class Associativity : std::uint8_t { left, right, chain };

struct Operator {
  std::string_view spelling;
  std::string_view aliases = {};  // further spellings, separated by spaces
  std::string_view latex = {};
  Op op;                 // node it builds
  bool inverts = false;  // the right operand is negated (-) or inverted (/) first
  bool swaps = false;    // a > b is built as b < a
  Fixity fixity = Fixity::infix;
  Precedence precedence;
  Associativity associativity = Associativity::left;
  std::string_view summary;
};

// clang-format off
inline constexpr std::array operators{
    Operator{.spelling = "or",  .aliases = "|| ∨", .latex = "\\lor", .op = Op::either,
             .precedence = Precedence::either, .summary = "true where one side is"},
    Operator{.spelling = "and", .aliases = "&& ∧", .latex = "\\land", .op = Op::both,
             .precedence = Precedence::both, .summary = "true where both sides are"},
    Operator{.spelling = "not", .aliases = "¬", .latex = "\\lnot", .op = Op::negation,
             .fixity = Fixity::prefix, .precedence = Precedence::negation, .summary = "true where the condition is not"},
    Operator{.spelling = "<",   .latex = "<", .op = Op::less,
             .precedence = Precedence::comparison, .associativity = Associativity::chain, .summary = "less"},
    Operator{.spelling = "<=",  .aliases = "≤ ⩽", .latex = "\\le", .op = Op::less_equal,
             .precedence = Precedence::comparison, .associativity = Associativity::chain, .summary = "less or equal"},
    Operator{.spelling = ">",   .latex = ">", .op = Op::less, .swaps = true,
             .precedence = Precedence::comparison, .associativity = Associativity::chain, .summary = "greater"},
    Operator{.spelling = ">=",  .aliases = "≥ ⩾", .latex = "\\ge", .op = Op::less_equal, .swaps = true,
             .precedence = Precedence::comparison, .associativity = Associativity::chain, .summary = "greater or equal"},
    Operator{.spelling = "=",   .aliases = "==", .latex = "=", .op = Op::equal,
             .precedence = Precedence::comparison, .associativity = Associativity::chain, .summary = "equal"},
    Operator{.spelling = "!=",  .aliases = "≠", .latex = "\\ne", .op = Op::not_equal,
             .precedence = Precedence::comparison, .associativity = Associativity::chain, .summary = "not equal"},
    Operator{.spelling = "+",   .latex = "+", .op = Op::sum,
             .precedence = Precedence::sum, .summary = "sum"},
    Operator{.spelling = "-",   .aliases = "−", .latex = "-", .op = Op::sum, .inverts = true,
             .precedence = Precedence::sum, .summary = "difference; before a term, its negative"},
    Operator{.spelling = "*",   .aliases = "· × ⋅ ∗", .latex = "\\cdot", .op = Op::product,
             .precedence = Precedence::product, .summary = "product"},
    Operator{.spelling = "/",   .aliases = "÷ ∕", .latex = "/", .op = Op::product, .inverts = true,
             .precedence = Precedence::product, .summary = "quotient"},
    Operator{.spelling = "^",   .aliases = "**", .latex = "^", .op = Op::power,
             .precedence = Precedence::power, .associativity = Associativity::right, .summary = "power"},
    Operator{.spelling = "!",   .latex = "!", .op = Op::call, .fixity = Fixity::postfix,
             .precedence = Precedence::postfix, .summary = "factorial of what stands before"},
};
// clang-format on

constexpr const Operator& operator_of(std::string_view spelling) {
  for (const Operator& row : operators) {
    if (row.spelling == spelling) return row;
  }
  throw "no such row in the operator table";
}

// How tightly the printed form of a node holds together. Calls and leaves are atoms; what a printer
// writes as a difference or quotient is a sum or product here too.
constexpr Precedence precedence_of(Op op) {
  switch (op) {
    case Op::select: return Precedence::atom;  // printed as if(c, a, b)
    case Op::either: return Precedence::either;
    case Op::both: return Precedence::both;
    case Op::negation: return Precedence::negation;
    case Op::less:
    case Op::less_equal:
    case Op::equal:
    case Op::not_equal: return Precedence::comparison;
    case Op::sum: return Precedence::sum;
    case Op::product: return Precedence::product;
    case Op::power: return Precedence::power;
    default: return Precedence::atom;
  }
}

}  // namespace nabla
