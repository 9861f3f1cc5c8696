#pragma once

// Machine: one piece of code with an engine to run it, machine code where that can be had.

#include <algorithm>
#include <memory>
#include <string>

#include "lib/core/stop.hpp"
#include "lib/eval/interpret.hpp"
#include "lib/eval/native/native.hpp"
#include "lib/eval/options.hpp"

namespace nabla {

// Rows of so many values that are kept between making and using them: a power of two.
std::size_t rows_kept(std::size_t values);

class Machine {
 public:
  Machine(const Code&, const CompileOptions&, NativeCode::Use);

  void point(const double* uniforms, double* out, const Stop* stop = nullptr) const {
    if (native_) {
      native_->point(uniforms, out);
    } else {
      point_->run(uniforms, out, stop);
    }
  }
  // Rows `begin` up to `end`; no output may be a column.
  void rows(const double* const* columns, const double* uniforms, double* const* out,
            std::size_t begin, std::size_t end, const Stop* stop = nullptr) const;

  // Adds the values of row i to lane i mod 8 of eight lanes per output, in the order of the rows;
  // `begin` is a multiple of 8. Only where it was made for sums.
  void add_rows(const double* const* columns, const double* uniforms, double* lanes,
                std::size_t outputs, std::size_t begin, std::size_t end,
                const Stop* stop = nullptr) const;

  const NativeCode* native() const { return native_.get(); }
  std::size_t steps() const { return steps_; }
  std::size_t column_reads() const { return column_reads_; }  // operands of steps that are columns

 private:
  // Machine code does not look at the stop, so it gets about a million row operations a call.
  template <typename Run>
  void in_parts(std::size_t begin, std::size_t end, const Stop* stop, Run run) const {
    if (stop == nullptr) return run(begin, end);
    const std::size_t part = std::max<std::size_t>((std::size_t{1} << 16) / (steps_ + 1), 1) * 16;
    for (std::size_t at = begin; at < end; at += part) {
      check_stop(stop);
      run(at, std::min(at + part, end));
    }
  }

  std::size_t steps_ = 0, column_reads_ = 0;
  std::unique_ptr<const NativeCode> native_;
  std::unique_ptr<const PointInterpreter> point_;
  std::unique_ptr<const RowInterpreter> rows_;
};

}  // namespace nabla
