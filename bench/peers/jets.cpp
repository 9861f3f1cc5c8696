#include "bench/peers/jets.hpp"

#ifdef NABLA_HAS_CERES
#include <ceres/jet.h>
#endif

namespace nabla::peers {

#ifdef NABLA_HAS_CERES
namespace {

// The mean over the rows of `loss(parameters, row)`, with its gradient.
template <int P, typename Loss>
double mean(std::size_t n, const double* at, double* gradient, const Loss& loss) {
  using Jet = ceres::Jet<double, P>;
  Jet parameters[P];
  for (int i = 0; i < P; ++i) parameters[i] = Jet(at[i], i);
  Jet total(0.0);
  for (std::size_t i = 0; i < n; ++i) total += loss(parameters, i);
  const double rows = static_cast<double>(n);
  for (int i = 0; i < P; ++i) gradient[i] = total.v[i] / rows;
  return total.a / rows;
}

}  // namespace

bool has_jets() { return true; }

double linear_by_jets(const double* x, const double* y, std::size_t n, const double* at,
                      double* gradient) {
  return mean<2>(n, at, gradient, [&](const auto* p, std::size_t i) {
    const auto r = p[0] * x[i] + p[1] - y[i];
    return r * r;
  });
}

double logistic_by_jets(const double* x, const double* u, const double* y, std::size_t n,
                        const double* at, double* gradient) {
  return mean<3>(n, at, gradient, [&](const auto* p, std::size_t i) {
    const auto z = p[0] * x[i] + p[1] * u[i] + p[2];
    const auto softplus = z.a > 0 ? z + log(1.0 + exp(-z)) : log(1.0 + exp(z));
    return softplus - y[i] * z;
  });
}

double peak_by_jets(const double* x, const double* y, std::size_t n, const double* at,
                    double* gradient) {
  return mean<5>(n, at, gradient, [&](const auto* p, std::size_t i) {
    const auto t = (x[i] - p[3]) / p[4];
    const auto r = p[0] * exp(-p[1] * x[i]) + p[2] * exp(-t * t) - y[i];
    return r * r;
  });
}

#else

bool has_jets() { return false; }
double linear_by_jets(const double*, const double*, std::size_t, const double*, double*) {
  return 0;
}
double logistic_by_jets(const double*, const double*, const double*, std::size_t, const double*,
                        double*) {
  return 0;
}
double peak_by_jets(const double*, const double*, std::size_t, const double*, double*) { return 0; }

#endif

}  // namespace nabla::peers
