#pragma once

// Copies of consecutive rows between the columns of a caller and a tile, with the widest vectors of
// the processor.

#include <cstddef>
#include <span>

namespace nabla {

struct RowCopies {
  void (*read)(const double* from, std::size_t count, double* to);
  void (*read_floats)(const float* from, std::size_t count, double* to);
  void (*write)(const double* from, std::size_t count, double* to);
  // Each number rounded to the nearest, ties to even; beyond the floats is infinity.
  void (*write_floats)(const double* from, std::size_t count, float* to);
  // The same for rows that nobody reads soon: they go past the caches. publish() makes them visible
  // to other threads.
  void (*write_past)(const double* from, std::size_t count, double* to);
  void (*write_floats_past)(const double* from, std::size_t count, float* to);
  void (*publish)();
};

// All that this processor can run, the widest last; they give the same bits.
std::span<const RowCopies* const> all_row_copies();
const RowCopies& row_copies();

}  // namespace nabla
