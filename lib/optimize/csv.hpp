#pragma once

// Comma-separated values (RFC 4180) to columns of numbers: byte order mark, quoted fields, any line
// end, a delimiter and a decimal sign of one's own. Nothing is guessed: what does not fit is
// refused, with its line and column.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/core/diagnostic.hpp"
#include "lib/core/limits.hpp"
#include "lib/optimize/table.hpp"

namespace nabla {

enum class Missing { refuse, drop };  // an empty field, NA, N/A, NaN, null: an error, or no row

struct CsvFormat {
  char delimiter = ',';
  char decimal = '.';
  bool header = true;  // without one, columns are called c1, c2, ...
  Missing missing = Missing::refuse;
};

struct CsvColumn {
  std::string name;    // an identifier; unique, or the column cannot be asked for
  std::string header;  // as the file has it
};

// The columns of the first line. Names that are no identifiers get underscores for what cannot
// stand in one ("sepal length" is sepal_length). O(first line). Errors: C804 nothing there, C805
// the first line holds numbers, C806 quotes, L103 more columns than the limit `arguments`.
Result<std::vector<CsvColumn>> read_csv_columns(std::string_view text, const CsvFormat& = {},
                                                const Limits& = {});

// The wanted columns, or all; fields of other columns may hold anything. O(bytes): about 0.3 s for
// 100 MB. Errors: as above; C801 a row with more or fewer fields than the first line, C802 a field
// that is no number, C803 a missing value, C804 no rows, C807 no such column.
Result<Table> read_csv(std::string_view text, const CsvFormat& = {},
                       std::span<const std::string> wanted = {}, const Limits& = {});

}  // namespace nabla
