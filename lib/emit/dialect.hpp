#pragma once

// What the generator has to know about an output language: operators, functions, statements, and
// the shape of a function. Each language is a row of dialects.hpp.
//
// Patterns have holes: #a, #b, #c operands, #n a name, #v a value, #i an index, #k a count, #m the
// columns of a matrix, #p parameters, #r the type of the result, #o the results.

#include <array>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "lib/eval/primitive.hpp"

namespace nabla {

// How an operation is written. `level` tells how tightly it holds together (9: never needs
// parentheses); an operand below the level wanted is put in parentheses.
struct Spelling {
  std::string_view text;
  int level = 9;
  std::array<int, 3> operands{};  // 0: any
};

// How a machine function is called where its own name after Dialect::name_prefix will not do: a
// name; a pattern, '#' for all operands or #a and #b for each; "-" when there is no such function.
struct FunctionSpelling {
  Fn fn;
  std::string_view text;
  int level = 9;
};

struct Statements {
  std::string_view number, condition;     // a temporary of either kind
  std::string_view start_total, add_row;  // of a sum over rows
  std::string_view loop, end_loop;        // #i over the rows, #n of them
  std::string_view element;               // row #i of column #n
  std::string_view unused;                // tells the compiler that a parameter may be
  std::string_view choose = {};           // a select as a statement, where it is no expression
};

struct Layout {
  std::string_view comment_open, comment_line, comment_close;
  bool comment_inside = false;       // after the signature, as Python has it
  std::string_view head, data_head;  // what the file begins with; what sums over data need more
  std::string_view open, close;      // of the function
  std::string_view open_without_value = {}, close_without_value = {};  // empty: the same
  std::string_view value_type, no_type, no_parameters;
  std::string_view number_parameter, column_parameter, count_parameter, array_parameter;
  std::string_view count_rows;  // how the number of rows is found when it is no parameter
  std::string_view store;       // #v into entry #i of array #n; empty: arrays are returned
  std::string_view result;      // #v is returned, or becomes #o
  std::size_t first_index = 0;
  bool returns_arrays = false;  // arrays that are stored into are results, not parameters
  std::string_view local = {};  // before a function that this file alone calls
  bool named_results = false;   // results are named in `open` and not returned by a statement
  std::string_view value = {};  // what is done to the value at the end

  // Lines at the beginning of the body.
  std::string_view preamble = {};
  std::string_view declare_number = {}, declare_column = {}, declare_count = {};  // parameters
  std::string_view declare_array = {}, declare_value = {};
  std::string_view declare_temporary = {}, declare_condition = {}, declare_index = {};
  std::string_view prepare_number = {}, prepare = {};  // each parameter; all of them
  std::string_view make_gradient = {}, make_hessian = {}, finish_hessian = {};
  std::size_t longest_line = 0;  // 0: any; else lines go on after " &"
};

// A definition that goes with the code when the code says `word`: before the function, at the
// beginning of its body before or after the preamble, or after the function.
enum class HelperPlace { head, top, body, tail };
struct Helper {
  std::string_view word, text;
  HelperPlace at = HelperPlace::head;
};

struct Dialect {
  std::string_view name, aliases, extension;
  Layout layout;
  Statements statements;
  std::array<Spelling, primitives.size()> spellings;  // empty for call, total and apply
  Spelling number_of_condition, condition_of_number, number_of_rows;
  std::string_view infinity, not_a_number;
  std::string (*literal)(std::string) = nullptr;  // of a decimal numeral, where it is not C's

  // Function rows: a column of the table first, if there is one, then these spellings, then the
  // name.
  std::string_view FunctionRow::*column = nullptr;
  std::string_view own_prefix = {};   // before a spelling in that column without '#'
  std::string_view name_prefix = {};  // before the name of a row that has none
  std::string_view call = "#n(#p)";
  std::span<const FunctionSpelling> functions = {};

  std::span<const Helper> helpers = {};

  std::array<std::string_view, 3> reserved;         // names the language or its library takes
  bool (*is_reserved)(std::string_view) = nullptr;  // patterns of such names
  bool folds_case = false;                          // X and x are one name
  std::size_t longest_name = 1'000'000;

  std::string_view caveat = {};           // where it differs from IEEE arithmetic
  const Dialect* with_choices = nullptr;  // used instead where the code has choices
};

constexpr std::array<Spelling, primitives.size()> with(
    std::array<Spelling, primitives.size()> spellings,
    std::initializer_list<std::pair<Primitive, Spelling>> changes) {
  for (const auto& [op, spelling] : changes) spellings[static_cast<std::size_t>(op)] = spelling;
  return spellings;
}

// The row of a language by its name or an alias; null when there is none.
const Dialect* find_dialect(std::string_view name);

// How that language calls a row of the table: a name or a pattern with '#', "-" if it cannot.
std::string spelling_of(const Dialect&, Fn);
int level_of(const Dialect&, Fn);

}  // namespace nabla
