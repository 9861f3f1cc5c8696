#pragma once

// How numbers and strings are written for people and for programs. Nothing here looks at the
// locale.

#include <optional>
#include <string>
#include <string_view>

namespace nabla {

// Shortest text that reads back to the same double, or `digits` significant digits when not 0.
// "nan", "inf" and "-inf" for what is no number.
void append_number(std::string& out, double value, int digits = 0);

// A JSON number; what is no number becomes a string.
void append_json(std::string& out, double value);

// A JSON string. Bytes that are no UTF-8 become U+FFFD, so that the line stays valid JSON.
void append_json(std::string& out, std::string_view text);

// The whole text as a number; nothing if it is not one.
std::optional<double> to_number(std::string_view text);
std::optional<unsigned long long> to_count(std::string_view text);

std::string_view trimmed(std::string_view text);

}  // namespace nabla
