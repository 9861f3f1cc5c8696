#include "lib/eval/sums.hpp"

#include <cstring>

namespace nabla {

void TileSum::add(double sum, std::uint32_t level) {
  while (count_ > 0 && trees_[count_ - 1].level == level) {
    sum = trees_[--count_].sum + sum;
    ++level;
  }
  trees_[count_++] = {sum, level};
}

void TileSum::append(const TileSum& rest) {
  for (std::size_t i = 0; i < rest.count_; ++i) add(rest.trees_[i].sum, rest.trees_[i].level);
}

double TileSum::total() const {
  if (count_ == 0) return 0;
  double sum = trees_[count_ - 1].sum;
  for (std::size_t i = count_ - 1; i-- > 0;) sum = trees_[i].sum + sum;
  return sum;
}

namespace {

// A fixed width, so that the compiler keeps the lanes in registers.
#if defined(__GNUC__)
using Lanes = double __attribute__((vector_size(64)));
// Numbers need not lie where a vector may.
inline void load(Lanes& lanes, const double* at) { std::memcpy(&lanes, at, sizeof lanes); }
inline void accumulate(double* lane, const double* values, std::size_t groups) {
  Lanes sum, more;
  load(sum, lane);
  for (std::size_t g = 0; g < groups; ++g) {
    load(more, values + g * TileSum::lanes);
    sum += more;
  }
  std::memcpy(lane, &sum, sizeof sum);
}
#else
inline void accumulate(double* lane, const double* values, std::size_t groups) {
  for (std::size_t g = 0; g < groups; ++g) {
    for (std::size_t k = 0; k < TileSum::lanes; ++k) lane[k] += values[g * TileSum::lanes + k];
  }
}
#endif

#if defined(__x86_64__) && defined(__GNUC__)
__attribute__((target("avx512f"))) void accumulate_512(double* l, const double* v, std::size_t g) {
  Lanes sum, more;
  load(sum, l);
  for (std::size_t i = 0; i < g; ++i) {
    load(more, v + i * TileSum::lanes);
    sum += more;
  }
  std::memcpy(l, &sum, sizeof sum);
}
#endif

}  // namespace

void add_to_lanes(double* lane, const double* values, std::size_t count) {
  const std::size_t groups = count / TileSum::lanes;
#if defined(__x86_64__) && defined(__GNUC__)
  if (__builtin_cpu_supports("avx512f")) {
    accumulate_512(lane, values, groups);
  } else {
    accumulate(lane, values, groups);
  }
#else
  accumulate(lane, values, groups);
#endif
  for (std::size_t i = groups * TileSum::lanes; i < count; ++i) {
    lane[i % TileSum::lanes] += values[i];
  }
}

double sum_of_lanes(const double* l) {
  return ((l[0] + l[4]) + (l[2] + l[6])) + ((l[1] + l[5]) + (l[3] + l[7]));
}

}  // namespace nabla
