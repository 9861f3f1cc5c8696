#pragma once

// Adding up what a loop over rows gives.

#include <cstddef>

#include "lib/core/stop.hpp"
#include "lib/eval/columns.hpp"
#include "lib/eval/machine.hpp"
#include "lib/eval/workers.hpp"

namespace nabla {

// A loop over rows: what its code reads, and how many values each row gives.
struct RowLoop {
  const Machine& machine;
  const double* uniforms;
  InputColumns columns;
  std::size_t rows, outputs;
  const Stop* stop;
};

// First to last in one accumulator.
void sum_in_order(const RowLoop&, double* totals);

// In the order of TileSum, with whoever helps; who did what makes no difference. No heap unless
// helpers are used or there are more than a few outputs.
void sum_in_lanes(const RowLoop&, Workers*, double* totals);

// Whether so much work, a millisecond or more, is worth waking other threads.
inline bool pays(std::size_t rows, std::size_t steps) {
  return rows >= 4096 && rows >= (std::size_t{1} << 24) / (steps + 1);
}

}  // namespace nabla
