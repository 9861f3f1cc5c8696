#pragma once

// The columns of a call as they are handed on inside: of double, or of float, which computes in
// double and rounds each result once (ADR 0058).

#include <cstddef>
#include <span>

namespace nabla {

struct InputColumns {
  InputColumns(std::span<const double* const> columns)
      : size(columns.size()), doubles(columns.data()) {}
  InputColumns(std::span<const float* const> columns)
      : size(columns.size()), floats(columns.data()) {}

  std::size_t size;
  const double* const* doubles = nullptr;  // one of the two, unless there is no column
  const float* const* floats = nullptr;
};

struct OutputColumns {
  OutputColumns(std::span<double* const> columns) : size(columns.size()), doubles(columns.data()) {}
  OutputColumns(std::span<float* const> columns) : size(columns.size()), floats(columns.data()) {}

  std::size_t size;
  double* const* doubles = nullptr;
  float* const* floats = nullptr;
};

}  // namespace nabla
