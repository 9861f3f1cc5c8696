#pragma once

// Processor time, which neighbours on the machine change little.

#include <time.h>

#include <algorithm>

namespace nabla {

inline double processor_milliseconds() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) * 1e-6;
}

// The least of some runs of a pass, each on what `prepare` returns.
double least_of(int runs, auto prepare, auto pass) {
  double least = 1e300;
  for (int i = 0; i < runs; ++i) {
    auto input = prepare();
    const double start = processor_milliseconds();
    pass(input);
    least = std::min(least, processor_milliseconds() - start);
  }
  return least;
}

}  // namespace nabla
