#pragma once

// Loops over float and double as a programmer would write them, compiled with -O3 -march=native in
// vectors of 512 bits (float_loops.cpp), and with -ffast-math besides.

#include <cstddef>

namespace nabla::rivals {

struct FloatLoops {
  const char* name;
  void (*poly10)(const float* x, float* to, std::size_t n);
  void (*sxe)(const float* x, const float* y, float* to, std::size_t n);
  void (*poly10_double)(const double* x, double* to, std::size_t n);
  void (*sxe_double)(const double* x, const double* y, double* to, std::size_t n);
};

extern const FloatLoops strict_loops, fast_math_loops;

}  // namespace nabla::rivals
