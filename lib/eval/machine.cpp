#include "lib/eval/machine.hpp"

#include "lib/eval/sums.hpp"
#include "lib/eval/workspace.hpp"

namespace nabla {

std::size_t rows_kept(std::size_t values) {
  std::size_t rows = 256;
  while (rows > 32 && rows * values > (std::size_t{1} << 15)) rows /= 2;
  return rows;
}

Machine::Machine(const Code& code, const CompileOptions& options, NativeCode::Use use)
    : steps_(code.size()) {
  using Use = NativeCode::Use;
  for (std::size_t i = 0; use != Use::point && i < code.size(); ++i) {
    for (int k = 0; k < arity(code.step[i]); ++k)
      column_reads_ += code.operand(i, k) < code.columns;
  }
  // Machine code knows how to call the functions of the table only.
  if (options.engine == Engine::native && code.functions.empty()) {
    if (use == Use::sums && options.sums == SumOrder::lanes) {
      native_ = NativeCode::make(code, options.widest, Use::sums, options.code.get());
    }
    if (!native_) {
      native_ = NativeCode::make(code, options.widest, use == Use::point ? use : Use::rows,
                                 options.code.get());
    }
  }
  // Rows at the end that fill no vector are not worth machine code of their own.
  if (use != Use::point && (!native_ || native_->use() == Use::sums)) {
    rows_ = std::make_unique<RowInterpreter>(code);
  } else if (!native_) {
    point_ = std::make_unique<PointInterpreter>(code);
  }
}

void Machine::rows(const double* const* columns, const double* uniforms, double* const* out,
                   std::size_t begin, std::size_t end, const Stop* stop) const {
  if (begin == end) return;
  if (!native_) return rows_->run(columns, uniforms, out, begin, end, stop);
  in_parts(begin, end, stop, [&](std::size_t from, std::size_t to) {
    native_->rows(columns, uniforms, out, from, to);
  });
}

void Machine::add_rows(const double* const* columns, const double* uniforms, double* lanes,
                       std::size_t outputs, std::size_t begin, std::size_t end,
                       const Stop* stop) const {
  constexpr std::size_t apart = TileSum::lanes;
  const bool summed = native_ && native_->use() == NativeCode::Use::sums;
  if (summed) {
    const std::size_t whole = end - (end - begin) % native_->step();
    if (whole > begin) {
      in_parts(begin, whole, stop, [&](std::size_t from, std::size_t to) {
        native_->sums(columns, uniforms, lanes, from, to);
      });
    }
    begin = whole;
  }
  const std::size_t block = summed ? NativeCode::longest_step : rows_kept(outputs);
  Workspace<2048> values(outputs * block);
  Workspace<64, double*> at_rows(outputs);
  for (std::size_t at = begin; at < end; at += block) {
    const std::size_t count = std::min(block, end - at);
    for (std::size_t k = 0; k < outputs; ++k) at_rows.data()[k] = values.data() + k * block - at;
    if (summed) {
      rows_->run(columns, uniforms, at_rows.data(), at, at + count, stop);
    } else {
      rows(columns, uniforms, at_rows.data(), at, at + count, stop);
    }
    for (std::size_t k = 0; k < outputs; ++k) {
      add_to_lanes(lanes + k * apart, values.data() + k * block, count);
    }
  }
}

}  // namespace nabla
