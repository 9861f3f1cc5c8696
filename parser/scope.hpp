#pragma once

// Scope: what names mean between statements. Definitions of expressions and functions are expanded
// where they are used, so derivatives see through them; a name bound to a number stays a symbol,
// and evaluation looks the number up.

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lib/core/expr.hpp"
#include "lib/core/names.hpp"

namespace nabla {

// What an expression of the surface language is worth: a number, a vector or a matrix of
// expressions.
struct Quantity {
  enum class Shape { scalar, vector, matrix } shape = Shape::scalar;
  std::size_t rows = 1, columns = 1;
  std::vector<Expr> entries;  // row by row

  Quantity() = default;
  Quantity(Expr scalar) : entries{scalar} {}
  static Quantity vector(std::vector<Expr> entries);
  static Quantity matrix(std::size_t rows, std::size_t columns, std::vector<Expr> entries);

  bool is_scalar() const { return shape == Shape::scalar; }
  Expr scalar() const { return entries.front(); }
};

struct Definition {
  enum class Kind {
    expression,  // z = w*x + b
    function,    // f(x, y) = ...
    number,      // a = 2: `a` stays a symbol with a value
    data,        // x = [1, 2, 3]: a vector, and a column inside sums
  } kind = Kind::expression;
  std::vector<std::string> parameters;  // of a function
  Quantity value;
};

class Scope {
 public:
  const Definition* find(std::string_view name) const;
  void define(std::string_view name, Definition);
  void remove(std::string_view name);
  void clear();

  // Names in the order of their first definition.
  const std::vector<std::string>& names() const { return order_; }

  // Symbols that earlier statements used; letters among them may be read out of a run of letters.
  bool has_met(std::string_view symbol) const { return met_.contains(symbol); }
  void meet(std::string_view symbol) { met_.intern(symbol); }
  const Names& met() const { return met_; }

 private:
  std::unordered_map<std::string, Definition> definitions_;
  std::vector<std::string> order_;
  Names met_;
};

}  // namespace nabla
