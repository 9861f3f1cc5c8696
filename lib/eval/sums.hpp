#pragma once

// Adding up rows in an order that depends on nothing but their number.

#include <cstddef>
#include <cstdint>

namespace nabla {

// Rows of a tile go to the accumulators row mod 8, from first to last; these are added in pairs.
// Tiles are added as the leaves of a binary tree, larger trees to the left. Adding a power of two
// of tiles elsewhere, and the result here at its level, gives the same bits.
class TileSum {
 public:
  static constexpr std::size_t lanes = 8, tile = 4096;

  // The sum of 2^level tiles.
  void add(double sum, std::uint32_t level = 0);
  void append(const TileSum& rest);  // of the rows that follow, fewer than those of the last tree
  double total() const;

 private:
  struct Tree {
    double sum;
    std::uint32_t level;
  };
  Tree trees_[64];  // left to right, levels falling
  std::size_t count_ = 0;
};

// lane[k] += values of rows k, k + 8, ...; `values` begins at a row that is a multiple of 8.
void add_to_lanes(double* lane, const double* values, std::size_t count);
double sum_of_lanes(const double* lane);

}  // namespace nabla
