#pragma once

// Tape: a straight-line program on doubles in topological order, the input of every back end. One
// tape holds all outputs asked for together (value, gradient, Hessian), so what they share is there
// once.
//
// Values are numbered: the inputs, the data columns, the number of rows, the constants, and then
// one value per operation, whose operands have smaller numbers. Operations lie in segments that run
// one after another: scalar ones, and loops over the rows of the data that end in the totals they
// yield. A total adds the rows from first to last, starting at 0.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lib/core/diagnostic.hpp"
#include "lib/core/graph.hpp"
#include "lib/core/large_vector.hpp"
#include "lib/eval/primitive.hpp"

namespace nabla {

struct Segment {
  std::uint32_t end = 0;  // index after its last operation; it begins where the one before ends
  bool loop = false;      // runs once per row; only its totals may be used afterwards

  friend bool operator==(const Segment&, const Segment&) = default;
};

struct Tape {
  std::vector<std::string> input_names, column_names;
  std::vector<double> constants;
  std::vector<std::shared_ptr<const UserFunction>> functions;  // of the program, kept alive

  // Operations, one entry each. Operands that an operation does not have are 0.
  LargeVector<Primitive> op;
  LargeVector<std::uint8_t> detail;
  LargeVector<std::uint32_t> a, b, c;

  std::vector<Segment> segments;
  std::vector<std::uint32_t> outputs;  // values
  bool counts_rows = false;            // the number of rows is read
  std::vector<Diagnostic> notes;       // how the input was understood, where it leaves a choice

  std::uint32_t first_column() const { return static_cast<std::uint32_t>(input_names.size()); }
  std::uint32_t row_count() const {
    return first_column() + static_cast<std::uint32_t>(column_names.size());
  }
  std::uint32_t first_constant() const { return row_count() + 1; }
  std::uint32_t first_operation() const {
    return first_constant() + static_cast<std::uint32_t>(constants.size());
  }
  std::uint32_t operand(std::size_t at, int which) const {
    return which == 0 ? a[at] : which == 1 ? b[at] : c[at];
  }
  std::size_t operations() const { return op.size(); }

  // A loop runs, or the number of rows is asked for.
  bool needs_data() const;
};

// Writes the outputs down as a tape. Inputs are symbols, or columns when rows come as points of a
// batch. The graph is only read, so several threads may record from one graph.
//  - functions defined by others are replaced by their definition;
//  - x^k for |k| <= 32 becomes multiplications, x^(k/2) one root more, x^-k a division by x^k;
//  other
//    powers are pow;
//  - a + (-1)*b is a - b, a * b^-1 is a / b, t * 1/3 is t / 3;
//  - operations on constants are done now; what no output needs is left out.
// Linear in the distinct nodes times the depth to which data sums stand inside one another.
// Errors: E301 a symbol that is no input, E302 a column outside every sum, E303 an input that is no
// name or occurs twice, E304 sums nested too deep; L1xx limits.
// A symbol `n` that is no input is the number of rows where data is summed (note S701).
// `columns` fixes the order of the data columns; others follow as they come. Functions that are
// `kept` are not replaced by their definition; if there are any, calls of constants are not done
// now.
Result<Tape> record(std::span<const Expr> inputs, std::span<const Expr> outputs,
                    std::span<const std::string> columns = {}, std::span<const Fn> kept = {});

// Nothing when the tape is well formed: sizes agree, operands come first and are visible where they
// are used, calls name functions of the machine. Back ends may rely on it. O(operations).
std::optional<std::string> find_fault(const Tape&);

// One operation a line, for people and tests: "t0 = multiply x x".
std::string to_text(const Tape&);

}  // namespace nabla
