#pragma once

// Source code in other languages: one function that computes value, gradient and Hessian with the
// intermediate results they share, from the same tape that the interpreter runs.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/core/diagnostic.hpp"
#include "lib/core/expr.hpp"

namespace nabla {

// Derivatives come ready made (lib/calculus), so that the caller may simplify them first.
struct SourceRequest {
  std::string_view language = "c";  // name or alias of a row of dialects.hpp
  std::string name = "f";           // of the function; an identifier the language leaves free
  std::vector<Expr> inputs;         // symbols, in the order of the parameters
  Expr function;
  bool value = true;                      // compute the function itself
  std::vector<Expr> gradient = {};        // empty: not asked for
  std::vector<Expr> hessian = {};         // row by row; empty: not asked for
  std::optional<Expr> shown = {};         // what the comment says it computes; default: function
  std::vector<Expr> variables = {};       // what derivatives are by, for the comment; empty: inputs
  std::vector<std::string> columns = {};  // data columns that shall come first, in this order
};

// A complete function in that language, comment included. It computes what Function computes, bit
// for bit when its compiler keeps to IEEE arithmetic (-ffp-contract=off) and uses the same
// mathematical library. Names that mean something to the language get underscores, always different
// ones. Linear in the distinct nodes. Errors: G401 no such language, G402 the name cannot be used,
// G403 a function the language lacks, and those of record().
Result<std::string> generate(const SourceRequest&);

// The same in parts, for code that has several functions: what stands before all of them, each
// piece once, and the function itself. `local`: for this file only, where the language can say so.
struct SourceParts {
  std::vector<std::string> head;
  std::string function;
};
Result<SourceParts> generate_parts(const SourceRequest&, bool local = false);

// Names of the languages, in the order of the table.
std::vector<std::string_view> languages();

}  // namespace nabla
