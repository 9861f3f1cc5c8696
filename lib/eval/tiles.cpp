#include "lib/eval/tiles.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <functional>
#include <vector>

#include "lib/eval/row_copies.hpp"

namespace nabla {

namespace {

constexpr std::size_t line = 64;  // bytes of a line of the caches
// Bytes of columns that no cache of one processor keeps for their reader.
constexpr std::size_t much = std::size_t{16} << 20;
// Fewer rows are done before their columns are looked at.
constexpr std::size_t few = 256;

template <typename T>
bool overlap(const T* a, const T* b, std::size_t count) {
  const std::less<const T*> before;
  return before(a, b + count) && before(b, a + count);
}

template <typename T>
bool any_overlap(std::span<const T* const> in, std::span<T* const> out, std::size_t begin,
                 std::size_t end) {
  if (in.empty() || out.empty() || begin == end) return false;
  const std::less<const T*> before;
  const auto [low, high] = std::ranges::minmax_element(in, before);
  const auto [out_low, out_high] = std::ranges::minmax_element(out, before);
  if (before(*high + end - 1, *out_low) || before(*out_high + end - 1, *low)) return false;
  const std::size_t count = end - begin;
  if (in.size() * out.size() <= 1024) {
    return std::ranges::any_of(out, [&](const T* to) {
      return std::ranges::any_of(in,
                                 [&](const T* x) { return overlap(x + begin, to + begin, count); });
    });
  }
  // The column at or before where an output begins, and the one after.
  std::vector<const T*> sorted(in.begin(), in.end());
  std::ranges::sort(sorted, before);
  return std::ranges::any_of(out, [&](const T* to) {
    const auto after = std::ranges::upper_bound(sorted, to, before);
    return (after != sorted.end() && overlap(*after + begin, to + begin, count)) ||
           (after != sorted.begin() && overlap(after[-1] + begin, to + begin, count));
  });
}

bool any_overlap(const InputColumns& in, const OutputColumns& out, std::size_t begin,
                 std::size_t end) {
  if (in.floats) {
    return any_overlap(std::span(in.floats, in.size), std::span(out.floats, out.size), begin, end);
  }
  return any_overlap(std::span(in.doubles, in.size), std::span(out.doubles, out.size), begin, end);
}

// Rows from `begin` to one where most of the columns start a line of the caches: a vector that lies
// in two lines takes twice as long to move.
std::size_t rows_to_lines(std::span<const double* const> in, std::span<double* const> out,
                          std::size_t begin) {
  constexpr std::size_t places = line / sizeof(double);
  std::size_t weight[places] = {};
  const auto count = [&](const double* column, std::size_t times) {
    weight[reinterpret_cast<std::uintptr_t>(column + begin) / sizeof(double) % places] += times;
  };
  for (const double* column : in) count(column, 1);
  for (const double* column : out) count(column, 2);
  const auto best = static_cast<std::size_t>(std::ranges::max_element(weight) - weight);
  const bool pays = 2 * (weight[best] - weight[0]) >= in.size() + 2 * out.size();
  return pays && best > 0 ? places - best : 0;
}

// Has rows brought to the caches while others are computed; there may be none.
template <typename Number>
void ask_for(const Number* rows, std::size_t count) {
#if defined(__GNUC__)
  const char* const at = reinterpret_cast<const char*>(rows);
  for (std::size_t k = 0; k < count * sizeof(Number); k += line) __builtin_prefetch(at + k);
#endif
}

struct Tiles {
  bool read, write, past_caches, ahead;
  std::size_t rows;
};

void in_tiles(const Machine& machine, const InputColumns& in, const double* uniforms,
              const OutputColumns& out, std::size_t begin, std::size_t end, const Tiles& tiles,
              const Stop* stop) {
  TileReader reader(in, tiles.read, tiles.rows, tiles.ahead);
  TileWriter writer(out, tiles.write, tiles.past_caches, tiles.rows);
  for (std::size_t at = begin; at < end; at += tiles.rows) {
    const std::size_t count = std::min(tiles.rows, end - at);
    machine.rows(reader.read(at, count), uniforms, writer.begin(at), at, at + count, stop);
    writer.end(at, count);
  }
}

}  // namespace

std::size_t tile_rows(std::size_t columns) {
  return std::bit_floor(std::clamp<std::size_t>(2048 / std::max<std::size_t>(columns, 1), 64, 512));
}

bool reads_tiles(const InputColumns& in, std::size_t reads, std::size_t rows) {
  if (in.floats) return true;
  return in.size >= 256 && 2 * reads >= 3 * in.size && in.size * rows * sizeof(double) >= much;
}

bool asks_ahead(const InputColumns& in, std::size_t rows) {
  const std::size_t bytes = in.floats ? sizeof(float) : sizeof(double);
  return (in.floats || in.size >= 64) && in.size * rows * bytes >= much;
}

TileReader::TileReader(const InputColumns& columns, bool copies, std::size_t rows, bool ahead)
    : columns_(columns),
      rows_(rows),
      copies_(copies),
      ahead_(ahead),
      values_(copies ? columns.size * rows : 0),
      places_(copies ? columns.size : 0) {}

const double* const* TileReader::read(std::size_t at, std::size_t count) {
  if (!copies_) {
    for (std::size_t k = 0; ahead_ && k < columns_.size; ++k) {
      ask_for(columns_.doubles[k] + at + count, count);
    }
    return columns_.doubles;
  }
  const RowCopies& copies = row_copies();
  double* to = values_.data();
  for (std::size_t k = 0; k < columns_.size; ++k, to += rows_) {
    if (columns_.floats) {
      copies.read_floats(columns_.floats[k] + at, count, to);
      if (ahead_) ask_for(columns_.floats[k] + at + count, count);
    } else {
      copies.read(columns_.doubles[k] + at, count, to);
      if (ahead_) ask_for(columns_.doubles[k] + at + count, count);
    }
    places_.data()[k] = to - at;
  }
  return places_.data();
}

TileWriter::TileWriter(const OutputColumns& columns, bool copies, bool past_caches,
                       std::size_t rows)
    : columns_(columns),
      rows_(rows),
      copies_(copies),
      past_caches_(past_caches),
      values_(copies ? columns.size * rows : 0),
      places_(copies ? columns.size : 0) {}

TileWriter::~TileWriter() {
  if (past_caches_) row_copies().publish();
}

double* const* TileWriter::begin(std::size_t at) {
  if (!copies_) return columns_.doubles;
  for (std::size_t k = 0; k < columns_.size; ++k) {
    places_.data()[k] = values_.data() + k * rows_ - at;
  }
  return places_.data();
}

void TileWriter::end(std::size_t at, std::size_t count) {
  if (!copies_) return;
  const RowCopies& copies = row_copies();
  const auto write = past_caches_ ? copies.write_past : copies.write;
  const auto write_floats = past_caches_ ? copies.write_floats_past : copies.write_floats;
  const double* from = values_.data();
  for (std::size_t k = 0; k < columns_.size; ++k, from += rows_) {
    if (columns_.floats) {
      write_floats(from, count, columns_.floats[k] + at);
    } else {
      write(from, count, columns_.doubles[k] + at);
    }
  }
}

void run_rows(const Machine& machine, const InputColumns& in, const double* uniforms,
              const OutputColumns& out, std::size_t begin, std::size_t end, std::size_t rows_in_all,
              const Stop* stop) {
  if (begin == end) return;
  const std::size_t bytes = out.floats ? sizeof(float) : sizeof(double);
  const bool past_caches = out.size * rows_in_all * bytes >= much;
  const bool read = reads_tiles(in, machine.column_reads(), rows_in_all);
  const bool write = out.floats || past_caches || any_overlap(in, out, begin, end);
  if (end - begin >= few && !(read && write)) {
    const std::size_t first =
        rows_to_lines({in.doubles, read ? 0 : in.size}, {out.doubles, write ? 0 : out.size}, begin);
    if (first > 0) {
      in_tiles(machine, in, uniforms, out, begin, begin + first, {true, true, false, false, first},
               stop);
      begin += first;
    }
  }
  if (!read && !write) return machine.rows(in.doubles, uniforms, out.doubles, begin, end, stop);
  const bool ahead = asks_ahead(in, rows_in_all);
  const std::size_t rows = tile_rows((read ? in.size : 0) + (write ? out.size : 0));
  in_tiles(machine, in, uniforms, out, begin, end, {read, write, past_caches, ahead, rows}, stop);
}

}  // namespace nabla
