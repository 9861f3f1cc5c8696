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

struct Times {
  double least = 1e300;
  double first = 0;  // the first run, in memory that nobody has touched before
};

// Some runs of a pass, each on what `prepare` returns.
Times times_of(int runs, auto prepare, auto pass) {
  Times t;
  for (int i = 0; i < runs; ++i) {
    auto input = prepare();
    const double start = processor_milliseconds();
    pass(input);
    const double taken = processor_milliseconds() - start;
    if (i == 0) t.first = taken;
    t.least = std::min(t.least, taken);
  }
  return t;
}
double least_of(int runs, auto prepare, auto pass) { return times_of(runs, prepare, pass).least; }

}  // namespace nabla
