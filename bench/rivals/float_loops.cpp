// Compiled more than once, with other flags; NABLA_LOOPS is the name of the table.

#include <cmath>

#include "bench/rivals/floats.hpp"

namespace nabla::rivals {

namespace {

template <typename T>
void poly10(const T* __restrict in, T* __restrict to, std::size_t n) {
  constexpr T c[] = {T(1),    T(-0.5),  T(0.25),  T(-0.125), T(0.6),  T(-0.3),
                     T(0.15), T(-0.07), T(0.035), T(-0.017), T(0.008)};
  for (std::size_t i = 0; i < n; ++i) {
    const T x = in[i];
    T sum = c[10];
    for (int k = 9; k >= 0; --k) sum = c[k] + x * sum;
    to[i] = sum;
  }
}

template <typename T>
void sxe(const T* __restrict x, const T* __restrict y, T* __restrict to, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    to[i] = std::sin(x[i]) * std::exp(-x[i] * x[i] / 2) + y[i] * y[i] * y[i];
  }
}

}  // namespace

const FloatLoops NABLA_LOOPS = {NABLA_LOOPS_NAME, poly10<float>, sxe<float>, poly10<double>,
                                sxe<double>};

}  // namespace nabla::rivals
