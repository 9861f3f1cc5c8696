#pragma once

// THE constant table. A row is a name with a value; users may shadow it by a definition of their
// own.

#include <array>
#include <cstdint>
#include <limits>
#include <numbers>
#include <optional>
#include <string_view>

namespace nabla {

struct Constant {
  std::string_view name;
  std::string_view aliases = {};  // further spellings, separated by spaces
  std::string_view latex;
  double value;
  std::string_view summary;
};

// clang-format off
inline constexpr std::array constants{
    Constant{.name = "pi",  .aliases = "π", .latex = "\\pi", .value = std::numbers::pi,
             .summary = "circumference over diameter"},
    Constant{.name = "e",                   .latex = "e",    .value = std::numbers::e,
             .summary = "base of the natural logarithm; e^x is exp(x)"},
    Constant{.name = "tau", .aliases = "τ", .latex = "\\tau", .value = 2 * std::numbers::pi,
             .summary = "one full turn, 2*pi"},
    Constant{.name = "phi", .aliases = "φ", .latex = "\\varphi", .value = std::numbers::phi,
             .summary = "the golden ratio"},
    Constant{.name = "inf", .aliases = "∞", .latex = "\\infty",
             .value = std::numeric_limits<double>::infinity(), .summary = "positive infinity"},
    Constant{.name = "nan", .latex = "\\mathrm{NaN}",
             .value = std::numeric_limits<double>::quiet_NaN(), .summary = "not a number"},
};
// clang-format on

// Row of a spelling, if there is one.
constexpr std::optional<std::uint8_t> find_constant(std::string_view spelling) {
  for (std::size_t i = 0; i < constants.size(); ++i) {
    if (constants[i].name == spelling || constants[i].aliases == spelling) {
      return static_cast<std::uint8_t>(i);
    }
  }
  return std::nullopt;
}

}  // namespace nabla
