#pragma once

// SourceWriter: one function in one language, from a tape. Its operations and results are written
// by source_writer.cpp, what stands around them by source_frame.cpp.

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/core/limits.hpp"
#include "lib/emit/dialects.hpp"
#include "lib/emit/formula.hpp"
#include "lib/emit/names.hpp"
#include "lib/emit/source.hpp"
#include "lib/eval/tape.hpp"

namespace nabla {

std::string join(const auto& parts, std::string_view between = ", ") {
  std::string text;
  for (const auto& part : parts) {
    if (!text.empty()) text += between;
    text += part;
  }
  return text;
}

// A statement as lines that are no longer than the language allows; 0: one line.
std::string broken(std::string_view text, std::size_t longest, std::string_view indent);

class SourceWriter {
 public:
  SourceWriter(const SourceRequest& request, const Dialect& dialect, const Tape& tape,
               const Limits& limits, bool local)
      : request_(request),
        local_(local),
        d_(dialect),
        t_(tape),
        limits_(limits),
        identifiers_(dialect),
        formulas_(dialect, tape) {}

  std::optional<Diagnostic> prepare();
  // The whole function; after prepare().
  SourceParts write();
  [[noreturn]] void too_long() const;

 private:
  bool has_rows() const { return t_.needs_data() || !t_.column_names.empty(); }
  void name_everything();
  void choose_temporaries();
  void write_operations();
  void write_outputs();
  std::string comment() const;
  std::string signature() const;

  void write_declarations();
  std::string helpers(HelperPlace) const;
  SourceParts assemble(std::string_view declared) const;

  void line(std::string_view text);
  void line_of(std::string_view pattern, std::initializer_list<Hole> holes);
  std::string fresh_temporary(std::string_view wanted, Kind);
  void check_length() const;

  const SourceRequest& request_;
  bool local_;
  const Dialect& d_;
  const Tape& t_;
  const Limits& limits_;
  Identifiers identifiers_;

  Formulas formulas_;
  std::string gradient_, hessian_, value_;
  std::vector<std::string> declarations_;  // of the program's functions
  std::string temporaries_text_;           // declarations of temporaries, where they stand first
  std::vector<std::uint8_t> keep_;         // an operation that gets a name
  std::vector<std::uint8_t> used_leaves_;  // inputs, columns and the number of rows that occur
  std::size_t temporaries_ = 0, totals_ = 0;
  std::string body_, indent_ = "    ";
};

}  // namespace nabla
