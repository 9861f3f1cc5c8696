#pragma once

// NativeCode: code as machine code of this processor. Same bits as the interpreter.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "lib/eval/code.hpp"
#include "lib/eval/options.hpp"

namespace nabla {

class NativeCode {
 public:
  // Nothing where the processor is unknown, executable memory is refused, or the code is so long
  // that the interpreter is faster. `rows`: for many rows, in vectors of at most `widest`;
  // otherwise for one point. O(steps).
  static std::unique_ptr<const NativeCode> make(const Code&, Width widest, bool rows);
  ~NativeCode();
  NativeCode(const NativeCode&) = delete;
  NativeCode& operator=(const NativeCode&) = delete;

  // One value per output. `out` must not overlap the uniforms.
  void point(const double* uniforms, double* out) const {
    reinterpret_cast<void (*)(const double*, double*, const double*)>(entry_)(uniforms, out, pool_);
  }
  // Rows `begin` up to `end`; no output may overlap a column.
  void rows(const double* const* columns, const double* uniforms, double* const* out,
            std::size_t begin, std::size_t end) const;

  std::size_t bytes() const { return bytes_; }
  const void* entry() const { return entry_; }
  Width width() const { return width_; }

 private:
  NativeCode() = default;
  void* entry_ = nullptr;
  double* pool_ = nullptr;  // constants and tables, aligned to a vector
  std::size_t bytes_ = 0;
  std::uint32_t columns_ = 0, outputs_ = 0;
  std::uint32_t step_ = 1;  // rows of one round
  Width width_ = Width::one;
};

}  // namespace nabla
