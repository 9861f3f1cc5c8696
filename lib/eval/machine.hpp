#pragma once

// Machine: one piece of code with an engine to run it, machine code where that can be had.

#include <memory>
#include <string>

#include "lib/eval/interpret.hpp"
#include "lib/eval/native/native.hpp"
#include "lib/eval/options.hpp"

namespace nabla {

class Machine {
 public:
  // `rows`: for many rows; otherwise for one point.
  Machine(const Code&, const CompileOptions&, bool rows);

  void point(const double* uniforms, double* out) const {
    if (native_) {
      native_->point(uniforms, out);
    } else {
      interpreter_->point(uniforms, out);
    }
  }
  // Rows `begin` up to `end`; no output may be a column.
  void rows(const double* const* columns, const double* uniforms, double* const* out,
            std::size_t begin, std::size_t end) const {
    if (begin == end) return;
    if (native_) {
      native_->rows(columns, uniforms, out, begin, end);
    } else {
      interpreter_->rows(columns, uniforms, out, begin, end);
    }
  }
  const NativeCode* native() const { return native_.get(); }

 private:
  std::unique_ptr<const NativeCode> native_;
  std::unique_ptr<const Interpreter> interpreter_;
};

}  // namespace nabla
