#pragma once

// Formulas as they are set on paper, one mark after the other. LaTeX, MathML and the text in two
// dimensions are three spellings of the same marks (ADR 0046).

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/core/expr.hpp"
#include "lib/core/functions.hpp"

namespace nabla {

enum class Sign : std::uint8_t {
  plus,
  minus,
  negative,  // before a term
  dot,       // between factors where the second one begins with a digit
  factor,    // between factors that need no sign
  thin,      // the same beside a word
  slash,
  comma,
  less,
  less_equal,
  greater,
  greater_equal,
  equal,
  not_equal,
  both,
  either,
  negation,
  apply,  // between a function and its operands
  gap,    // before a large sign
  sum,    // over the rows of the data
};

// Marks come in groups: `open`, the parts with `next` between them, `close`.
enum class Group : std::uint8_t {
  parentheses,
  bars,
  floor,
  ceiling,
  fraction,  // above, below
  power,     // base, exponent
  root,
  cube_root,
  cases,  // value, condition, value, ..., the value otherwise; `row` before all values but the
          // first
};

struct Mark {
  enum class Kind : std::uint8_t {
    number,    // digits, not negative
    name,      // of a symbol, or of a function of the user's
    column,    // of data: takes the index i
    constant,  // by its row
    function,  // by its row
    sign,
    open,
    next,
    row,
    close,
  } kind;
  Group group{};
  Sign sign{};
  std::uint8_t row = 0;
  std::string_view text = {};  // only while the mark is taken
};

class MarkSink {
 public:
  virtual ~MarkSink() = default;
  virtual void take(const Mark&) = 0;
};

// Linear in the number of marks, which is that of the whole tree. What the sink throws ends it.
void typeset(Expr e, MarkSink& sink);

// sin, sgn, log with the index 10: what the row's LaTeX name says without LaTeX.
struct FunctionName {
  std::string_view letters, index;
};
FunctionName function_name(const FunctionRow& row);

// Throws LimitError (L106): the text would be longer than the graph's limit on output.
[[noreturn]] void output_too_long(const Limits&);

}  // namespace nabla
