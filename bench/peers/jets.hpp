#pragma once

// The losses of bench/workloads/hand_losses.hpp with the gradient by forward mode as Ceres Solver
// does it: a Jet carries a value and its derivatives by every parameter. Built where Ceres is.

#include <cstddef>

namespace nabla::peers {

// Whether the functions below compute anything.
bool has_jets();

double linear_by_jets(const double* x, const double* y, std::size_t n, const double* at,
                      double* gradient);
double logistic_by_jets(const double* x, const double* u, const double* y, std::size_t n,
                        const double* at, double* gradient);
double peak_by_jets(const double* x, const double* y, std::size_t n, const double* at,
                    double* gradient);

}  // namespace nabla::peers
