#include "bench/workloads/hand_losses.hpp"

#include <cmath>
#include <initializer_list>

namespace nabla::workloads {

double linear_by_hand(const double* x, const double* y, std::size_t n, const double* at,
                      double* gradient) {
  const double w = at[0], b = at[1];
  double loss = 0, gw = 0, gb = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double r = w * x[i] + b - y[i];
    loss += r * r;
    gw += r * x[i];
    gb += r;
  }
  const double rows = static_cast<double>(n);
  gradient[0] = 2 * gw / rows;
  gradient[1] = 2 * gb / rows;
  return loss / rows;
}

double logistic_by_hand(const double* x, const double* u, const double* y, std::size_t n,
                        const double* at, double* gradient) {
  const double w1 = at[0], w2 = at[1], b = at[2];
  double loss = 0, g1 = 0, g2 = 0, gb = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double z = w1 * x[i] + w2 * u[i] + b;
    const double e = std::exp(-std::abs(z));
    loss += std::fmax(z, 0.0) + std::log(1 + e) - y[i] * z;
    const double p = (z > 0 ? 1 : e) / (1 + e), d = p - y[i];
    g1 += d * x[i];
    g2 += d * u[i];
    gb += d;
  }
  const double rows = static_cast<double>(n);
  gradient[0] = g1 / rows;
  gradient[1] = g2 / rows;
  gradient[2] = gb / rows;
  return loss / rows;
}

double peak_by_hand(const double* x, const double* y, std::size_t n, const double* at,
                    double* gradient) {
  const double b1 = at[0], b2 = at[1], b3 = at[2], b4 = at[3], b5 = at[4];
  double loss = 0, g1 = 0, g2 = 0, g3 = 0, g4 = 0, g5 = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double e1 = std::exp(-b2 * x[i]);
    const double t = (x[i] - b4) / b5, e2 = std::exp(-t * t);
    const double r = b1 * e1 + b3 * e2 - y[i];
    loss += r * r;
    g1 += r * e1;
    g2 -= r * b1 * x[i] * e1;
    g3 += r * e2;
    const double s = r * b3 * e2 * 2 * t / b5;
    g4 += s;
    g5 += s * t;
  }
  const double rows = static_cast<double>(n);
  for (double* g : {&g1, &g2, &g3, &g4, &g5}) *gradient++ = 2 * *g / rows;
  return loss / rows;
}

}  // namespace nabla::workloads
