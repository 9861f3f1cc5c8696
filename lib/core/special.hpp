#pragma once

// What rows of the function table are made of when a lambda would be too long: lowerings of special
// functions into elementary operations, and exact values.

#include <cstdint>
#include <optional>
#include <string_view>

#include "lib/core/expr.hpp"
#include "lib/core/number.hpp"

namespace nabla {

// What a partial or a definition may mention: the operands, and the value y itself, so that exp and
// cbrt reuse the result they already have.
struct Args {
  Expr u, v = {}, w = {}, y = {};
};

// A row of the constant table as an expression.
Expr constant(Graph&, std::string_view name);

Expr log_to_base(Args);               // log(u, v): log2, log10 or a quotient of logarithms
Expr round_half_away(Args);           // from floor, exact where floor(u + 1/2) is not
Expr floored_remainder(Args);         // from rem
Expr sigmoid_without_overflow(Args);  // exp of a number that is never positive

// Recurrence up to u >= 10, then the asymptotic series; reflection below 0. Relative error about
// 1e-15 away from zeros. Abramowitz & Stegun, 6.3.5, 6.3.7, 6.3.18; 6.4.6, 6.4.7, 6.4.11.
Expr digamma_series(Args);
Expr polygamma_series(Args);  // NaN unless u is a literal integer from 0 to 100

// `value` when u is `at`.
inline std::optional<Number> exact_at(const Number& u, std::int64_t at, std::int64_t value) {
  return u == Number(at) ? std::optional(Number(value)) : std::nullopt;
}
std::optional<Number> exact_logarithm(const Number& u, std::int64_t base);
std::optional<Number> exact_cube_root(const Number& u);
std::optional<Number> exact_gamma(const Number& u);  // (u - 1)! for integers from 1 to 1000

}  // namespace nabla
