// The nine expressions as plain loops. Compiled once per set of flags, with NABLA_VARIANT as its
// name.

#include "bench/rivals/hand.hpp"

#include <cmath>

#include "bench/rivals/expressions.hpp"

#if defined(__clang__)
#define EACH_ROW _Pragma("clang loop vectorize(assume_safety)")
#else
#define EACH_ROW _Pragma("GCC ivdep")
#endif

#define NABLA_NAME_OF(variant) hand_##variant
#define NABLA_NAME(variant) NABLA_NAME_OF(variant)

namespace nabla::rivals {
namespace {

using std::cos, std::exp, std::log, std::sin, std::tanh;
using In = const double* const* __restrict__;
using Out = double* const* __restrict__;
using Column = const double* __restrict__;
using To = double* __restrict__;

inline double poly10_(double x) { return NABLA_POLY10; }
inline double powers_(double x) {
  const double x2 = x * x, x3 = x2 * x, x4 = x2 * x2, x5 = x4 * x, x6 = x3 * x3, x7 = x6 * x,
               x8 = x4 * x4, x9 = x8 * x, x10 = x5 * x5;
  return 1 - 0.5 * x + 0.25 * x2 - 0.125 * x3 + 0.6 * x4 - 0.3 * x5 + 0.15 * x6 - 0.07 * x7 +
         0.035 * x8 - 0.017 * x9 + 0.008 * x10;
}
inline double sxe_(double x, double y) { return NABLA_SXE; }
inline double gmm_(double x) { return NABLA_GMM; }
inline double network_(double x, double y, double z) { return NABLA_NETWORK; }
inline double rational_(double a, double b, double c, double d, double u, double f) {
  return NABLA_RATIONAL;
}

struct Loss {
  double value, slope;
};
inline Loss logistic_(double a, double b, double c, double d, double y, Column p) {
  const double z = p[4] + a * p[0] + b * p[1] + c * p[2] + d * p[3];
  const double e = exp(-y * z), q = 1 + e;
  return {log(q), -y * e / q};
}

inline void hessian_(double x, double y, double z, double* o) {
  const double xy = x * y, s = sin(z), c = cos(z), e = exp(xy), iz = 1 / z, q = 1 + z * z,
               iq = 1 / q, ez = e * iz;
  o[0] = xy * s + ez + log(q);
  o[1] = y * (s + ez);
  o[2] = x * (s + ez);
  o[3] = xy * c - ez * iz + 2 * z * iq;
  o[4] = y * y * ez;
  o[5] = s + ez + xy * ez;
  o[6] = y * c - y * ez * iz;
  o[7] = x * x * ez;
  o[8] = x * c - x * ez * iz;
  o[9] = -xy * s + 2 * ez * iz * iz + 2 * iq - 4 * z * z * iq * iq;
}

template <double (*f)(double)>
void batch1(In in, const double*, Out out, std::size_t n) {
  Column x = in[0];
  To o = out[0];
  EACH_ROW for (std::size_t k = 0; k < n; ++k) o[k] = f(x[k]);
}
void sxe_batch(In in, const double*, Out out, std::size_t n) {
  Column x = in[0], y = in[1];
  To o = out[0];
  EACH_ROW for (std::size_t k = 0; k < n; ++k) o[k] = sxe_(x[k], y[k]);
}
void network_batch(In in, const double*, Out out, std::size_t n) {
  Column x = in[0], y = in[1], z = in[2];
  To o = out[0];
  EACH_ROW for (std::size_t k = 0; k < n; ++k) o[k] = network_(x[k], y[k], z[k]);
}
void rational_batch(In in, const double*, Out out, std::size_t n) {
  Column a = in[0], b = in[1], c = in[2], d = in[3], u = in[4], f = in[5];
  To o = out[0];
  EACH_ROW for (std::size_t k = 0; k < n; ++k) o[k] = rational_(a[k], b[k], c[k], d[k], u[k], f[k]);
}
void logistic_batch(In in, const double* p, Out out, std::size_t n) {
  Column a = in[0], b = in[1], c = in[2], d = in[3], y = in[4];
  To o0 = out[0], o1 = out[1], o2 = out[2], o3 = out[3], o4 = out[4], o5 = out[5];
  EACH_ROW for (std::size_t k = 0; k < n; ++k) {
    const Loss l = logistic_(a[k], b[k], c[k], d[k], y[k], p);
    o0[k] = l.value;
    o1[k] = l.slope * a[k];
    o2[k] = l.slope * b[k];
    o3[k] = l.slope * c[k];
    o4[k] = l.slope * d[k];
    o5[k] = l.slope;
  }
}
void logistic_sums(In in, const double* p, double* out, std::size_t n) {
  Column a = in[0], b = in[1], c = in[2], d = in[3], y = in[4];
  double s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0;
  EACH_ROW for (std::size_t k = 0; k < n; ++k) {
    const Loss l = logistic_(a[k], b[k], c[k], d[k], y[k], p);
    s0 += l.value;
    s1 += l.slope * a[k];
    s2 += l.slope * b[k];
    s3 += l.slope * c[k];
    s4 += l.slope * d[k];
    s5 += l.slope;
  }
  const double sums[] = {s0, s1, s2, s3, s4, s5};
  for (int k = 0; k < 6; ++k) out[k] = sums[k];
}
// The rows in blocks, vectors over the rows inside.
void rosenbrock_batch(In in, const double*, Out out, std::size_t n) {
  constexpr std::size_t block = 64;
  for (std::size_t at = 0; at < n; at += block) {
    const std::size_t m = n - at < block ? n - at : block;
    double f[block] = {}, last[block] = {};
    for (std::size_t i = 0; i < 99; ++i) {
      Column x0 = in[i] + at, x1 = in[i + 1] + at;
      To g = out[1 + i] + at;
      EACH_ROW for (std::size_t k = 0; k < m; ++k) {
        const double a = x1[k] - x0[k] * x0[k], b = 1 - x0[k];
        f[k] += 100 * a * a + b * b;
        g[k] = last[k] - 400 * a * x0[k] - 2 * b;
        last[k] = 200 * a;
      }
    }
    for (std::size_t k = 0; k < m; ++k) {
      out[0][at + k] = f[k];
      out[100][at + k] = last[k];
    }
  }
}
void hessian_batch(In in, const double*, Out out, std::size_t n) {
  Column x = in[0], y = in[1], z = in[2];
  To o0 = out[0], o1 = out[1], o2 = out[2], o3 = out[3], o4 = out[4], o5 = out[5], o6 = out[6],
     o7 = out[7], o8 = out[8], o9 = out[9];
  EACH_ROW for (std::size_t k = 0; k < n; ++k) {
    double o[10];
    hessian_(x[k], y[k], z[k], o);
    o0[k] = o[0];
    o1[k] = o[1];
    o2[k] = o[2];
    o3[k] = o[3];
    o4[k] = o[4];
    o5[k] = o[5];
    o6[k] = o[6];
    o7[k] = o[7];
    o8[k] = o[8];
    o9[k] = o[9];
  }
}

void poly10_point(const double* i, double* o) { o[0] = poly10_(i[0]); }
void powers_point(const double* i, double* o) { o[0] = powers_(i[0]); }
void sxe_point(const double* i, double* o) { o[0] = sxe_(i[0], i[1]); }
void gmm_point(const double* i, double* o) { o[0] = gmm_(i[0]); }
void network_point(const double* i, double* o) { o[0] = network_(i[0], i[1], i[2]); }
void rational_point(const double* i, double* o) {
  o[0] = rational_(i[0], i[1], i[2], i[3], i[4], i[5]);
}
void hessian_point(const double* i, double* o) { hessian_(i[0], i[1], i[2], o); }
void logistic_point(const double* i, double* o) {
  const Loss l = logistic_(i[0], i[1], i[2], i[3], i[4], i + 5);
  o[0] = l.value;
  for (int k = 0; k < 4; ++k) o[1 + k] = l.slope * i[k];
  o[5] = l.slope;
}
void rosenbrock_point(const double* x, double* o) {
  double f = 0;
  double* g = o + 1;
  for (int i = 0; i < 100; ++i) g[i] = 0;
  for (int i = 0; i < 99; ++i) {
    const double a = x[i + 1] - x[i] * x[i], b = 1 - x[i];
    f += 100 * a * a + b * b;
    g[i] += -400 * a * x[i] - 2 * b;
    g[i + 1] += 200 * a;
  }
  o[0] = f;
}

}  // namespace

extern const Hand NABLA_NAME(NABLA_VARIANT);
const Hand NABLA_NAME(NABLA_VARIANT){
    NABLA_TEXT(NABLA_VARIANT),
    {batch1<poly10_>, batch1<powers_>, sxe_batch, logistic_batch, batch1<gmm_>, rosenbrock_batch,
     rational_batch, network_batch, hessian_batch},
    {poly10_point, powers_point, sxe_point, logistic_point, gmm_point, rosenbrock_point,
     rational_point, network_point, hessian_point},
    logistic_sums};

}  // namespace nabla::rivals
