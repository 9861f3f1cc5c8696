#pragma once

// Numbers as text: exact ones in full, doubles in the shortest form that reads back as the same
// double (and as a double: 2.0, never 2).

#include <cstddef>
#include <string>

#include "lib/core/number.hpp"

namespace nabla {

// "-2/3"; throws LimitError (L106) when that would be longer than max_bytes; 0: the limit on
// output.
std::string digits(const Number& value, const Limits&, std::size_t max_bytes = 0);

// "2.0", "1e+300", "-0.0", "inf", "nan".
std::string numeral(double value);

}  // namespace nabla
