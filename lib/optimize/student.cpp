#include "lib/optimize/student.hpp"

#include <cmath>
#include <initializer_list>

namespace nabla {
namespace {

// log B(a, 1/2). Where a is large the two log gammas cancel; their difference is a series in 1/a
// (DLMF 5.11.13 with b = 1/2).
double log_beta_half(double a) {
  constexpr double log_root_pi = 0.57236494292470008707;
  if (a > 20) {
    const double q = 1 / a, q2 = q * q;
    const double ratio =
        0.5 * std::log(a) - q / 8 * (1 - q2 / 24 * (1 - q2 * 3 / 10 * (1 - q2 * 85 / 112)));
    return log_root_pi - ratio;
  }
  int sign = 0;
  return ::lgamma_r(a, &sign) + log_root_pi - ::lgamma_r(a + 0.5, &sign);
}

// Lentz's method.
double beta_fraction(double a, double b, double x) {
  constexpr double tiny = 1e-300;
  double c = 1, d = 1 - (a + b) * x / (a + 1);
  d = 1 / (std::abs(d) < tiny ? tiny : d);
  double h = d;
  for (int m = 1; m < 10'000; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    for (const double term : {even, odd}) {
      d = 1 + term * d;
      d = 1 / (std::abs(d) < tiny ? tiny : d);
      c = 1 + term / c;
      if (std::abs(c) < tiny) c = tiny;
      h *= d * c;
      if (term == odd && std::abs(d * c - 1) < 4e-16) return h;
    }
  }
  return h;
}

// I_x(a, 1/2)
double incomplete_beta_half(double a, double x, double one_minus_x) {
  if (x <= 0) return 0;
  if (one_minus_x <= 0) return 1;
  const double log_x = x > 0.5 ? std::log1p(-one_minus_x) : std::log(x);
  const double front = std::exp(a * log_x + 0.5 * std::log(one_minus_x) - log_beta_half(a));
  if (x < (a + 1) / (a + 2.5)) return front * beta_fraction(a, 0.5, x) / a;
  return 1 - front * beta_fraction(0.5, a, one_minus_x) / 0.5;
}

// P(|T| > t)
double tail(double t, double n) {
  const double q = n + t * t;
  return incomplete_beta_half(n / 2, n / q, t * t / q);
}

}  // namespace

double student_quantile(double probability, double n) {
  const double wanted = 1 - probability;
  if (!(wanted > 0)) return INFINITY;
  if (!(wanted < 1)) return 0;
  double low = 0, high = 1;
  while (tail(high, n) > wanted && high < 1e300) high *= 2;
  for (int i = 0; i < 200; ++i) {
    const double middle = low + (high - low) / 2;
    if (middle == low || middle == high) break;
    (tail(middle, n) > wanted ? low : high) = middle;
  }
  return low + (high - low) / 2;
}

}  // namespace nabla
