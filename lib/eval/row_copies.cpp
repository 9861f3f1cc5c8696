#include "lib/eval/row_copies.hpp"

#include <cstdint>
#include <cstring>

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#endif

namespace nabla {

namespace {

void copy(const double* from, std::size_t count, double* to) {
  if (count > 0) std::memcpy(to, from, count * sizeof(double));
}
template <typename From, typename To>
void convert(const From* from, std::size_t count, To* to) {
  for (std::size_t i = 0; i < count; ++i) to[i] = static_cast<To>(from[i]);
}
void nothing() {}

const RowCopies portable{.read = copy,
                         .read_floats = convert<float, double>,
                         .write = copy,
                         .write_floats = convert<double, float>,
                         .write_past = copy,
                         .write_floats_past = convert<double, float>,
                         .publish = nothing};

#if defined(__x86_64__) && defined(__GNUC__)

// How many numbers lie before the next multiple of `bytes`, at most `count`.
template <typename T>
std::size_t before_boundary(const T* to, std::size_t bytes, std::size_t count) {
  const std::size_t past = reinterpret_cast<std::uintptr_t>(to) % bytes;
  const std::size_t left = past == 0 ? 0 : (bytes - past) / sizeof(T);
  return left < count ? left : count;
}

#define NABLA_AVX512 __attribute__((target("avx512f")))
#define NABLA_AVX2 __attribute__((target("avx2")))

// Without a mask g++ 12 warns of what these leave uninitialized on purpose.
NABLA_AVX512 inline __m512d wide(const float* from) {
  return _mm512_maskz_cvtps_pd(0xFF, _mm256_loadu_ps(from));
}
NABLA_AVX512 inline __m256 narrow(const double* from) {
  return _mm512_maskz_cvtpd_ps(0xFF, _mm512_loadu_pd(from));
}

NABLA_AVX512 void copy_512(const double* from, std::size_t count, double* to) {
  std::size_t i = 0;
  for (; i + 8 <= count; i += 8) _mm512_storeu_pd(to + i, _mm512_loadu_pd(from + i));
  for (; i < count; ++i) to[i] = from[i];
}
NABLA_AVX512 void widen_512(const float* from, std::size_t count, double* to) {
  std::size_t i = 0;
  for (; i + 8 <= count; i += 8) _mm512_storeu_pd(to + i, wide(from + i));
  for (; i < count; ++i) to[i] = from[i];
}
NABLA_AVX512 void round_512(const double* from, std::size_t count, float* to) {
  std::size_t i = 0;
  for (; i + 8 <= count; i += 8) _mm256_storeu_ps(to + i, narrow(from + i));
  for (; i < count; ++i) to[i] = static_cast<float>(from[i]);
}
NABLA_AVX512 void copy_past_512(const double* from, std::size_t count, double* to) {
  std::size_t i = before_boundary(to, 64, count);
  for (std::size_t k = 0; k < i; ++k) to[k] = from[k];
  for (; i + 8 <= count; i += 8) _mm512_stream_pd(to + i, _mm512_loadu_pd(from + i));
  for (; i < count; ++i) to[i] = from[i];
}
NABLA_AVX512 void round_past_512(const double* from, std::size_t count, float* to) {
  std::size_t i = before_boundary(to, 32, count);
  for (std::size_t k = 0; k < i; ++k) to[k] = static_cast<float>(from[k]);
  for (; i + 8 <= count; i += 8) _mm256_stream_ps(to + i, narrow(from + i));
  for (; i < count; ++i) to[i] = static_cast<float>(from[i]);
}

NABLA_AVX2 void widen_256(const float* from, std::size_t count, double* to) {
  std::size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    _mm256_storeu_pd(to + i, _mm256_cvtps_pd(_mm_loadu_ps(from + i)));
  }
  for (; i < count; ++i) to[i] = from[i];
}
NABLA_AVX2 void round_256(const double* from, std::size_t count, float* to) {
  std::size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    _mm_storeu_ps(to + i, _mm256_cvtpd_ps(_mm256_loadu_pd(from + i)));
  }
  for (; i < count; ++i) to[i] = static_cast<float>(from[i]);
}
NABLA_AVX2 void copy_past_256(const double* from, std::size_t count, double* to) {
  std::size_t i = before_boundary(to, 32, count);
  for (std::size_t k = 0; k < i; ++k) to[k] = from[k];
  for (; i + 4 <= count; i += 4) _mm256_stream_pd(to + i, _mm256_loadu_pd(from + i));
  for (; i < count; ++i) to[i] = from[i];
}
NABLA_AVX2 void round_past_256(const double* from, std::size_t count, float* to) {
  std::size_t i = before_boundary(to, 16, count);
  for (std::size_t k = 0; k < i; ++k) to[k] = static_cast<float>(from[k]);
  for (; i + 4 <= count; i += 4) {
    _mm_stream_ps(to + i, _mm256_cvtpd_ps(_mm256_loadu_pd(from + i)));
  }
  for (; i < count; ++i) to[i] = static_cast<float>(from[i]);
}
void fence() { _mm_sfence(); }

const RowCopies with_avx2{.read = copy,
                          .read_floats = widen_256,
                          .write = copy,
                          .write_floats = round_256,
                          .write_past = copy_past_256,
                          .write_floats_past = round_past_256,
                          .publish = fence};
const RowCopies with_avx512{.read = copy_512,
                            .read_floats = widen_512,
                            .write = copy_512,
                            .write_floats = round_512,
                            .write_past = copy_past_512,
                            .write_floats_past = round_past_512,
                            .publish = fence};

#endif

}  // namespace

#if defined(__x86_64__) && defined(__GNUC__)
std::span<const RowCopies* const> all_row_copies() {
  static const RowCopies* const all[] = {&portable, &with_avx2, &with_avx512};
  static const std::size_t count = !__builtin_cpu_supports("avx2")      ? 1
                                   : !__builtin_cpu_supports("avx512f") ? 2
                                                                        : 3;
  return std::span(all).first(count);
}
#else
std::span<const RowCopies* const> all_row_copies() {
  static const RowCopies* const all[] = {&portable};
  return all;
}
#endif

const RowCopies& row_copies() { return *all_row_copies().back(); }

}  // namespace nabla
