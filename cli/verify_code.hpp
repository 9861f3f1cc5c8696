#pragma once

// Generated code run by its own language's tool and compared with our evaluator.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/core/diagnostic.hpp"
#include "lib/core/limits.hpp"
#include "lib/emit/source.hpp"

namespace nabla {

struct VerifiedCode {
  std::string tool;
  std::size_t points = 0, results = 0;  // results at a point
  std::size_t exceptions = 0;           // points where the language raises one
  std::uint64_t max_ulps = 0;           // largest distance, in units in the last place
};

// The points are the same in every run: moderate ones, and the edges of doubles (zeros of both
// signs, infinities, NaN, the smallest and the largest). C and C++ have to give the same bits;
// other languages have mathematical libraries of their own and may differ by 1e-9 relative to 1 and
// the value, while NaN and infinities are the same.
// Errors: G406 the tool is not here, D206 the code cannot be compiled or run, or gives something
// else somewhere (the message has the point), I604 the temporary folder cannot be written, L110.
Result<VerifiedCode> verify_code(const SourceRequest&, const std::string& code, const Limits&);

// For people: what was compared and how near it came.
std::string describe(const VerifiedCode&);

}  // namespace nabla
