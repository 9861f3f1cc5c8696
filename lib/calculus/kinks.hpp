#pragma once

// Where an expression may fail to be smooth: the surfaces at which abs, min, if, floor and their
// kin switch from one formula to another, and the edges at which roots begin.

#include <span>
#include <string_view>
#include <vector>

#include "lib/core/diagnostic.hpp"
#include "lib/core/expr.hpp"

namespace nabla {

struct KinkPlace {
  enum class Kind {
    kink,    // continuous, the slope changes
    jump,    // the value changes
    choice,  // of `if`: one of the two, or neither; not decided here
    edge,    // a root begins: the slope is infinite there
  } kind = Kind::kink;
  enum class Where {
    zero,       // surface = 0
    whole,      // surface is a whole number
    half_whole  // surface is a whole number and a half
  } where = Where::zero;
  Expr surface;
  std::string_view of;          // name of the function that switches; "if" for a choice
  std::string_view derivative;  // what derivative() gives there, in words
  std::vector<Expr> at;  // exact solutions for the only variable, ascending; empty if unknown
};

// The places of f, in the order in which they stand in f (operands first), each once. They are
// candidates: x*abs(x) has one at x = 0, though its slope is continuous there, and a place inside
// an arm that is never taken is listed too. A place that does not depend on a symbol or column is
// none. Solutions are found where f has one variable and the surface is linear or quadratic in it.
// Poles are not listed. O(n log n) in the distinct nodes, but for the solutions, which cost that
// much for each place. Errors: those of derivative().
Result<std::vector<KinkPlace>> kinks(Expr f);

std::string_view name_of(KinkPlace::Kind);

}  // namespace nabla
