#pragma once

// Rows of a batch or of a loop, where their columns are or a tile at a time: some rows of every
// column in memory of the call, one column after another. Tiles are for columns of float, for
// outputs that are inputs too, and for much data in many columns (ADR 0057).

#include <cstddef>

#include "lib/core/stop.hpp"
#include "lib/eval/columns.hpp"
#include "lib/eval/machine.hpp"
#include "lib/eval/workspace.hpp"

namespace nabla {

// Rows of a tile with so many columns: a power of two from 64 on.
std::size_t tile_rows(std::size_t columns);

// Whether code had better read so many rows from tiles. `reads` are those of its steps.
bool reads_tiles(const InputColumns&, std::size_t reads, std::size_t rows);

// Whether the caches had better be asked for the next tile: by itself the processor follows few
// columns at a time, and none while it computes.
bool asks_ahead(const InputColumns&, std::size_t rows);

// The columns that code reads. No heap for up to 64 of them.
class TileReader {
 public:
  TileReader(const InputColumns&, bool copies, std::size_t rows, bool ahead);
  // Pointers through which rows `at` to at + count - 1 are read, count <= rows.
  const double* const* read(std::size_t at, std::size_t count);

 private:
  InputColumns columns_;
  std::size_t rows_;
  bool copies_, ahead_;
  Workspace<4096> values_;
  Workspace<64, const double*> places_;
};

// The columns that code writes.
class TileWriter {
 public:
  // `past_caches`: so much is written that nobody finds it in a cache.
  TileWriter(const OutputColumns&, bool copies, bool past_caches, std::size_t rows);
  ~TileWriter();
  TileWriter(const TileWriter&) = delete;
  TileWriter& operator=(const TileWriter&) = delete;

  // Where rows `at` and so on are to be written, and what takes them from there.
  double* const* begin(std::size_t at);
  void end(std::size_t at, std::size_t count);

 private:
  OutputColumns columns_;
  std::size_t rows_;
  bool copies_, past_caches_;
  Workspace<4096> values_;
  Workspace<64, double*> places_;
};

// Rows `begin` up to `end` of a call about `rows` rows. An output column may be an input column.
void run_rows(const Machine&, const InputColumns&, const double* uniforms, const OutputColumns&,
              std::size_t begin, std::size_t end, std::size_t rows, const Stop*);

}  // namespace nabla
