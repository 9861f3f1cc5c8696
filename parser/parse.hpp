#pragma once

// Text to expressions. One grammar reads them everywhere: REPL, command line, files, library,
// batch.

#include <string>
#include <string_view>
#include <vector>

#include "lib/core/diagnostic.hpp"
#include "lib/core/graph.hpp"
#include "parser/scope.hpp"

namespace nabla {

struct ReadOptions {
  std::vector<std::string> variables;  // declared: they shadow constants, functions and definitions
  std::vector<std::string> columns;    // names of data columns
  bool strict = false;                 // a note is an error
  std::size_t notes = 100;             // of one statement; how many more there are is a note, too
};

// What a text says, and how it was read where it could be read otherwise: each note has a span, the
// reading taken and the alternative (ADR 0012).
struct Reading {
  Quantity value;
  std::vector<Diagnostic> notes;
  std::vector<std::string> variables;  // in order of first appearance; of a function its parameters
};

struct Statement {
  enum class Kind { expression, definition, function } kind = Kind::expression;
  std::string name;                     // what is defined
  std::vector<std::string> parameters;  // of a function
  Quantity value;                       // the expression, or the right-hand side
  Span span;
  std::vector<Diagnostic> notes;
  std::vector<std::string> variables;  // as in Reading
};

// Reads statements separated by ';' or line breaks; definitions go into the scope, also those
// before a statement in error. Time and memory linear in the text. Errors: P0xx, N1xx, L1xx, D2xx,
// and S7xx when strict.
Result<std::vector<Statement>> parse_statements(Graph&, Scope&, std::string_view text,
                                                const ReadOptions& = {});

// The value of the last statement of the text, which is usually its only one.
Result<Reading> parse(Graph&, std::string_view text, const ReadOptions& = {});
Result<Reading> parse(Graph&, const Scope&, std::string_view text, const ReadOptions& = {});

}  // namespace nabla
