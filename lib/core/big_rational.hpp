#pragma once

// What is behind a Number that two words cannot hold: an inner part of number.cpp and
// number_text.cpp.

#include <gmpxx.h>

#include <algorithm>
#include <new>

#include "lib/core/number.hpp"

namespace nabla {

struct BigRational {
  mpq_class value;
};

inline std::size_t bits_of(const mpz_class& z) { return mpz_sizeinbase(z.get_mpz_t(), 2); }

// Throws std::bad_alloc unless there is memory for an operation whose result has so many bits, room
// for GMP's own arithmetic included: GMP would end the program. Every operation that leaves the two
// words asks first.
inline void make_sure_of_memory(double bits) {
  constexpr double least = 1 << 13;
  void* const block =
      ::operator new(static_cast<std::size_t>(std::max(bits, least)));  // eight times the result
  *static_cast<volatile char*>(block) = 0;
  ::operator delete(block);
}

inline mpq_class to_mpq(std::int64_t numerator, std::int64_t denominator, const BigRational* big) {
  if (big) return big->value;
  return mpq_class(mpz_class(static_cast<long>(numerator)),
                   mpz_class(static_cast<long>(denominator)));
}

}  // namespace nabla
