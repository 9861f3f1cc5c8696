#pragma once

// Exact comparison of small expressions, by multiplying out.

#include "lib/core/graph.hpp"

namespace nabla::calculus {

enum class Verdict { equal, different, undecided };

// Is a = factor * b as functions? Both are multiplied out over names, calls and other kernels, with
// cos(u)^2 = 1 - sin(u)^2 and cosh(u)^2 = 1 + sinh(u)^2. `different` is said of polynomials in
// names only, where there are no other relations. Undecided beyond a few dozen nodes or terms.
Verdict compare_exactly(const Graph&, NodeId a, NodeId b, const Number& factor);

}  // namespace nabla::calculus
