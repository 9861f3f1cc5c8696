// The nine expressions in explicit vectors of eight lanes, with glibc's vector mathematics for
// AVX-512. Rows come in multiples of eight.

#include "bench/rivals/hand.hpp"

#include "bench/rivals/expressions.hpp"

#define NABLA_NAME_OF(variant) hand_##variant
#define NABLA_NAME(variant) NABLA_NAME_OF(variant)

typedef double V8 __attribute__((vector_size(64)));
typedef double Unaligned __attribute__((vector_size(64), aligned(8), may_alias));

extern "C" {
V8 _ZGVeN8v_exp(V8);
V8 _ZGVeN8v_log(V8);
V8 _ZGVeN8v_sin(V8);
V8 _ZGVeN8v_cos(V8);
V8 _ZGVeN8v_tanh(V8);
}

namespace nabla::rivals {
namespace {

inline V8 exp(V8 x) { return _ZGVeN8v_exp(x); }
inline V8 log(V8 x) { return _ZGVeN8v_log(x); }
inline V8 sin(V8 x) { return _ZGVeN8v_sin(x); }
inline V8 cos(V8 x) { return _ZGVeN8v_cos(x); }
inline V8 tanh(V8 x) { return _ZGVeN8v_tanh(x); }
inline V8 load(const double* p) { return *reinterpret_cast<const Unaligned*>(p); }
inline void store(double* p, V8 v) { *reinterpret_cast<Unaligned*>(p) = v; }

using In = const double* const* __restrict__;
using Out = double* const* __restrict__;

void poly10_batch(In in, const double*, Out out, std::size_t n) {
  for (std::size_t k = 0; k < n; k += 8) {
    const V8 x = load(in[0] + k);
    store(out[0] + k, NABLA_POLY10);
  }
}
void powers_batch(In in, const double*, Out out, std::size_t n) {
  for (std::size_t k = 0; k < n; k += 8) {
    const V8 x = load(in[0] + k);
    const V8 x2 = x * x, x3 = x2 * x, x4 = x2 * x2, x5 = x4 * x, x6 = x3 * x3, x7 = x6 * x,
             x8 = x4 * x4, x9 = x8 * x, x10 = x5 * x5;
    store(out[0] + k, 1 - 0.5 * x + 0.25 * x2 - 0.125 * x3 + 0.6 * x4 - 0.3 * x5 + 0.15 * x6 -
                          0.07 * x7 + 0.035 * x8 - 0.017 * x9 + 0.008 * x10);
  }
}
void sxe_batch(In in, const double*, Out out, std::size_t n) {
  for (std::size_t k = 0; k < n; k += 8) {
    const V8 x = load(in[0] + k), y = load(in[1] + k);
    store(out[0] + k, NABLA_SXE);
  }
}
void gmm_batch(In in, const double*, Out out, std::size_t n) {
  for (std::size_t k = 0; k < n; k += 8) {
    const V8 x = load(in[0] + k);
    store(out[0] + k, NABLA_GMM);
  }
}
void network_batch(In in, const double*, Out out, std::size_t n) {
  for (std::size_t k = 0; k < n; k += 8) {
    const V8 x = load(in[0] + k), y = load(in[1] + k), z = load(in[2] + k);
    store(out[0] + k, NABLA_NETWORK);
  }
}
void rational_batch(In in, const double*, Out out, std::size_t n) {
  for (std::size_t k = 0; k < n; k += 8) {
    const V8 a = load(in[0] + k), b = load(in[1] + k), c = load(in[2] + k), d = load(in[3] + k),
             u = load(in[4] + k), f = load(in[5] + k);
    store(out[0] + k, NABLA_RATIONAL);
  }
}
struct Loss {
  V8 value, slope;
};
inline Loss logistic_(In in, const double* p, std::size_t k) {
  const V8 y = load(in[4] + k);
  const V8 z = p[4] + load(in[0] + k) * p[0] + load(in[1] + k) * p[1] + load(in[2] + k) * p[2] +
               load(in[3] + k) * p[3];
  const V8 e = exp(-y * z), q = 1 + e;
  return {log(q), -y * e / q};
}
void logistic_batch(In in, const double* p, Out out, std::size_t n) {
  for (std::size_t k = 0; k < n; k += 8) {
    const Loss l = logistic_(in, p, k);
    store(out[0] + k, l.value);
    for (std::size_t i = 0; i < 4; ++i) store(out[1 + i] + k, l.slope * load(in[i] + k));
    store(out[5] + k, l.slope);
  }
}
void logistic_sums(In in, const double* p, double* out, std::size_t n) {
  V8 s[6] = {};
  for (std::size_t k = 0; k < n; k += 8) {
    const Loss l = logistic_(in, p, k);
    s[0] += l.value;
    for (std::size_t i = 0; i < 4; ++i) s[1 + i] += l.slope * load(in[i] + k);
    s[5] += l.slope;
  }
  for (int j = 0; j < 6; ++j) {
    out[j] = 0;
    for (int i = 0; i < 8; ++i) out[j] += s[j][i];
  }
}
void rosenbrock_batch(In in, const double*, Out out, std::size_t n) {
  for (std::size_t k = 0; k < n; k += 8) {
    V8 f = {}, last = {}, x0 = load(in[0] + k);
    for (std::size_t i = 0; i < 99; ++i) {
      const V8 x1 = load(in[i + 1] + k), a = x1 - x0 * x0, b = 1 - x0;
      f += 100 * a * a + b * b;
      store(out[1 + i] + k, last - 400 * a * x0 - 2 * b);
      last = 200 * a;
      x0 = x1;
    }
    store(out[0] + k, f);
    store(out[100] + k, last);
  }
}
void hessian_batch(In in, const double*, Out out, std::size_t n) {
  for (std::size_t k = 0; k < n; k += 8) {
    const V8 x = load(in[0] + k), y = load(in[1] + k), z = load(in[2] + k);
    const V8 xy = x * y, s = sin(z), c = cos(z), e = exp(xy), iz = 1 / z, q = 1 + z * z, iq = 1 / q,
             ez = e * iz, l = log(q);
    const V8 o[] = {xy * s + ez + l,     y * (s + ez),
                    x * (s + ez),        xy * c - ez * iz + 2 * z * iq,
                    y * y * ez,          s + ez + xy * ez,
                    y * c - y * ez * iz, x * x * ez,
                    x * c - x * ez * iz, -xy * s + 2 * ez * iz * iz + 2 * iq - 4 * z * z * iq * iq};
    for (std::size_t i = 0; i < 10; ++i) store(out[i] + k, o[i]);
  }
}

}  // namespace

extern const Hand NABLA_NAME(NABLA_VARIANT);
const Hand NABLA_NAME(NABLA_VARIANT){
    NABLA_TEXT(NABLA_VARIANT),
    {poly10_batch, powers_batch, sxe_batch, logistic_batch, gmm_batch, rosenbrock_batch,
     rational_batch, network_batch, hessian_batch},
    {},
    logistic_sums};

}  // namespace nabla::rivals
