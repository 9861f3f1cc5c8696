#pragma once

// The functions that have a kernel, by their names in the function table. `power` stands beside
// them: it is no row of that table.

#define NABLA_KERNELS_OF_ONE(X) \
  X(exp)                        \
  X(expm1)                      \
  X(log)                        \
  X(log1p) X(sin) X(cos) X(tan) X(sinh) X(cosh) X(tanh) X(asin) X(acos) X(atan) X(cbrt) X(erf)
#define NABLA_KERNELS_OF_TWO(X) X(atan2) X(hypot)
