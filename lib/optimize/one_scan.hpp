#pragma once

// One-scan training: where a loss is a polynomial in its parameters, the data matter only through a
// few sums (for a line: those of x^2, x, x y, y, y^2 and 1). They are found symbolically and
// computed in one pass; what is left is a polynomial without data, which descent can step on
// millions of times.

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "lib/core/diagnostic.hpp"
#include "lib/core/expr.hpp"
#include "lib/eval/function.hpp"

namespace nabla {

// Exponents of the parameters, in their order, and what the monomial is multiplied by.
using Polynomial = std::map<std::vector<std::uint8_t>, NodeId>;

// e as a polynomial in the parameters with coefficients that do not depend on them; nothing when it
// is none, or has more than `most` terms. Sums over data go to the coefficients. O(nodes *
// terms^2).
std::optional<Polynomial> polynomial_in(Expr e, std::span<const Expr> parameters,
                                        std::size_t most = 5000);

// The loss with its sums over the data computed: a polynomial with numbers for coefficients.
// `terms` is how many. Nothing when the loss is no polynomial or sums nothing. Its values carry the
// rounding of the sums: near a minimum with a small loss they cancel, and the last word belongs to
// the loss itself. Errors: those of Function, E306.
struct OneScan {
  Expr loss;
  std::size_t terms = 0;
};
Result<std::optional<OneScan>> one_scan(Expr loss, std::span<const Expr> parameters,
                                        const Data& data);

}  // namespace nabla
