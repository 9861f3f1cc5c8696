#include "lib/emit/numerals.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

#include "lib/core/diagnostic.hpp"

namespace nabla {

std::string digits(const Number& value, std::size_t max_bytes) {
  // About 0.302 digits a bit, for numerator and denominator.
  if (static_cast<double>(value.bits()) * 0.302 > static_cast<double>(max_bytes)) {
    throw LimitError({.code = "L106",
                      .message = fmt::format("a number has more than {} digits", max_bytes),
                      .span = {},
                      .hint = "raise the limit 'output_bytes'"});
  }
  return value.to_string();
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
