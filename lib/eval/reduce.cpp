#include "lib/eval/reduce.hpp"

#include <algorithm>
#include <vector>

#include "lib/eval/sums.hpp"
#include "lib/eval/tiles.hpp"
#include "lib/eval/workspace.hpp"

namespace nabla {

namespace {

constexpr std::size_t lanes = TileSum::lanes, tile = TileSum::tile;

// Adds the rows of whole tiles, or of the last one, to a tree per output.
void sum_tiles(const RowLoop& loop, std::size_t begin, std::size_t end, TileSum* trees) {
  Workspace<128> lane_values(loop.outputs * lanes);
  double* const lane = lane_values.data();
  const bool read = reads_tiles(loop.columns, loop.machine.column_reads(), loop.rows);
  const std::size_t part = read ? tile_rows(loop.columns.size) : tile;
  TileReader reader(loop.columns, read, part, read && asks_ahead(loop.columns, loop.rows));
  for (std::size_t at = begin; at < end; at += tile) {
    std::fill_n(lane, loop.outputs * lanes, 0.0);
    const std::size_t tile_end = std::min(at + tile, end);
    for (std::size_t from = at; from < tile_end; from += part) {
      const std::size_t count = std::min(part, tile_end - from);
      loop.machine.add_rows(reader.read(from, count), loop.uniforms, lane, loop.outputs, from,
                            from + count, loop.stop);
    }
    for (std::size_t k = 0; k < loop.outputs; ++k) trees[k].add(sum_of_lanes(lane + k * lanes));
  }
}

}  // namespace

void sum_in_order(const RowLoop& loop, double* totals) {
  const bool read = reads_tiles(loop.columns, loop.machine.column_reads(), loop.rows);
  const std::size_t kept = rows_kept(loop.outputs);
  const std::size_t block = read ? std::min(kept, tile_rows(loop.columns.size)) : kept;
  Workspace<2048> values(loop.outputs * block);
  Workspace<64, double*> at_rows(loop.outputs);
  TileReader reader(loop.columns, read, block, read && asks_ahead(loop.columns, loop.rows));
  std::fill_n(totals, loop.outputs, 0.0);
  for (std::size_t at = 0; at < loop.rows; at += block) {
    const std::size_t count = std::min(block, loop.rows - at);
    // The machine counts rows from the first of the data, the results from the first of the block.
    for (std::size_t k = 0; k < loop.outputs; ++k) {
      at_rows.data()[k] = values.data() + k * block - at;
    }
    loop.machine.rows(reader.read(at, count), loop.uniforms, at_rows.data(), at, at + count,
                      loop.stop);
    for (std::size_t k = 0; k < loop.outputs; ++k) {
      const double* const value = values.data() + k * block;
      for (std::size_t i = 0; i < count; ++i) totals[k] += value[i];
    }
  }
}

void sum_in_lanes(const RowLoop& loop, Workers* workers, double* totals) {
  Workspace<16, TileSum> trees(loop.outputs);
  const std::size_t tiles = (loop.rows + tile - 1) / tile;
  if (workers == nullptr || workers->threads() < 2 || !pays(loop.rows, loop.machine.steps())) {
    sum_tiles(loop, 0, loop.rows, trees.data());
  } else {
    // Parts of a power of two of tiles, some for each thread.
    std::uint32_t level = 0;
    while ((tiles >> (level + 1)) >= 8 * std::size_t{workers->threads()}) ++level;
    const std::size_t part = tile << level, whole = loop.rows / part;
    std::vector<double> sums(whole * loop.outputs);
    std::vector<TileSum> rest(loop.outputs);
    workers->run(whole + (loop.rows % part != 0), [&](std::size_t p) {
      if (p == whole) return sum_tiles(loop, p * part, loop.rows, rest.data());
      Workspace<16, TileSum> mine(loop.outputs);
      sum_tiles(loop, p * part, (p + 1) * part, mine.data());
      for (std::size_t k = 0; k < loop.outputs; ++k) {
        sums[p * loop.outputs + k] = mine.data()[k].total();
      }
    });
    for (std::size_t k = 0; k < loop.outputs; ++k) {
      for (std::size_t p = 0; p < whole; ++p) {
        trees.data()[k].add(sums[p * loop.outputs + k], level);
      }
      trees.data()[k].append(rest[k]);
    }
  }
  for (std::size_t k = 0; k < loop.outputs; ++k) totals[k] = trees.data()[k].total();
}

}  // namespace nabla
