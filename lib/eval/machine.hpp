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

class Machine {
 public:
  // `rows`: for many rows; otherwise for one point.
  Machine(const Code&, const CompileOptions&, bool rows);

  void point(const double* uniforms, double* out, const Stop* stop = nullptr) const {
    if (native_) {
      native_->point(uniforms, out);
    } else {
      interpreter_->point(uniforms, out, stop);
    }
  }
  // Rows `begin` up to `end`; no output may be a column.
  void rows(const double* const* columns, const double* uniforms, double* const* out,
            std::size_t begin, std::size_t end, const Stop* stop = nullptr) const {
    if (begin == end) return;
    if (!native_) return interpreter_->rows(columns, uniforms, out, begin, end, stop);
    if (stop == nullptr) return native_->rows(columns, uniforms, out, begin, end);
    // Machine code does not look at the stop, so it gets about a million row operations a call.
    const std::size_t part = std::max<std::size_t>((std::size_t{1} << 17) / (steps_ + 1), 1) * 8;
    for (std::size_t at = begin; at < end; at += part) {
      check_stop(stop);
      native_->rows(columns, uniforms, out, at, std::min(at + part, end));
    }
  }
  const NativeCode* native() const { return native_.get(); }

 private:
  std::size_t steps_ = 0;
  std::unique_ptr<const NativeCode> native_;
  std::unique_ptr<const Interpreter> interpreter_;
};

}  // namespace nabla
