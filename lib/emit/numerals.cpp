#include "lib/emit/numerals.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

#include "lib/core/diagnostic.hpp"

namespace nabla {

std::string digits(const Number& value, const Limits& limits, std::size_t max_bytes) {
  if (max_bytes == 0) max_bytes = limits.output_bytes;
  // At least so many digits; the exact length is the caller's to check.
  if (static_cast<double>(value.bits() - 1) * 0.30102 > static_cast<double>(max_bytes)) {
    throw LimitError({.code = "L106",
                      .message = fmt::format("a number has more than {} digits", max_bytes),
                      .span = {},
                      .hint = "raise the limit 'output_bytes'"});
  }
  return value.to_string(limits);
}

std::string numeral(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  std::array<char, 32> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  std::string text(buffer.data(), end);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

}  // namespace nabla
