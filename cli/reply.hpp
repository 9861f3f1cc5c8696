#pragma once

// Answers and errors as text for people and as JSON for programs.

#include <string>
#include <string_view>

#include "cli/command.hpp"
#include "cli/question.hpp"

namespace nabla {

// An expression in the given format. Text too swollen to be read flat comes with `where` lines once
// it has more than `swollen` operations.
std::string write(Expr, Format, std::size_t swollen = 400);

// "[a, b]", and a matrix as rows.
std::string write(const Quantity&, Format, std::string_view between_rows = ", ");

// Values in the shape of the quantity they belong to.
std::string write_values(const Quantity& shape, const Row&, int digits,
                         std::string_view between_rows = ", ");

// "x - 1 = 0 (at 1): kink of abs, derivative 0"
std::string describe(const KinkPlace&, Format);

// Operations of the printed result, by the metric of the simplifier.
std::size_t operations(const Quantity&);

// The table of sizes.
std::string write(const Cost&, bool jacobian);

// `"result":..., "values":..., "operations":..., "notes":...`, without braces.
void append_json(std::string& out, const Answer&, const Question&, Format);
void append_json(std::string& out, const Quantity&, Format);
// Everything a diagnostic says; line and column when its text is given (docs/json.md).
void append_json(std::string& out, const Diagnostic&, std::string_view source = {});
void append_json(std::string& out, const std::vector<Diagnostic>& notes,
                 const std::vector<std::string>& texts);
void append_json(std::string& out, const std::vector<std::string>& names);

// The format of a name; nothing for one that is not there.
std::optional<Format> find_format(std::string_view name);
std::string format_names();  // "text, unicode, ..."

}  // namespace nabla
