#pragma once

// Losses over rows with their gradients, written by hand as one fused loop each: what the engine is
// measured against. Compiled with -O3 -march=native -ffast-math, so that the compiler vectorises
// loops and functions alike.

#include <cstddef>

namespace nabla::workloads {

// mean((w x + b - y)^2); gradient by w, b.
double linear_by_hand(const double* x, const double* y, std::size_t n, const double* at,
                      double* gradient);

// mean(log(1 + exp(z)) - y z) with z = w1 x + w2 u + b; gradient by w1, w2, b.
double logistic_by_hand(const double* x, const double* u, const double* y, std::size_t n,
                        const double* at, double* gradient);

// mean((b1 exp(-b2 x) + b3 exp(-((x - b4)/b5)^2) - y)^2); gradient by b1 ... b5.
double peak_by_hand(const double* x, const double* y, std::size_t n, const double* at,
                    double* gradient);

}  // namespace nabla::workloads
