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

class CodeCache;
struct KernelShape;

// Executable memory with the code of one shape.
struct MachineCode {
  void* entry = nullptr;
  std::size_t bytes = 0;
  std::uint32_t step = 1;  // rows of one round

  MachineCode(void* at, std::size_t size, std::uint32_t rows)
      : entry(at), bytes(size), step(rows) {}
  ~MachineCode();
  MachineCode(const MachineCode&) = delete;
  MachineCode& operator=(const MachineCode&) = delete;
};

class NativeCode {
 public:
  enum class Use : std::uint8_t {
    point,  // one point
    rows,   // the values of many rows
    sums,   // their sums over many rows
  };
  // Rows of one round at most.
  static constexpr std::size_t longest_step = 32;

  // Nothing where the processor is unknown, executable memory is refused, the code has a fault, or
  // it is so long that the interpreter is faster; sums ask for vectors. For many rows, in vectors
  // of at most `widest`. Code of the same shape may be in the cache. O(steps).
  static std::unique_ptr<const NativeCode> make(const Code&, Width widest, Use,
                                                CodeCache* = nullptr);
  NativeCode(const NativeCode&) = delete;
  NativeCode& operator=(const NativeCode&) = delete;

  // One value per output. `out` must not overlap the uniforms.
  void point(const double* uniforms, double* out) const { entry()(uniforms, out, pool_); }
  // Rows `begin` up to `end`; no output may overlap a column.
  void rows(const double* const* columns, const double* uniforms, double* const* out,
            std::size_t begin, std::size_t end) const;
  // Adds the values of row i to lane i mod 8 of eight lanes per output; whole rounds only, from a
  // multiple of 8.
  void sums(const double* const* columns, const double* uniforms, double* lanes, std::size_t begin,
            std::size_t end) const;

  std::size_t bytes() const { return code_->bytes; }
  // For one point, to be called with the uniforms, room for the outputs, and the pool.
  using Entry = void (*)(const double*, double*, const double*);
  Entry entry() const { return reinterpret_cast<Entry>(entry_); }
  const double* pool() const { return pool_; }
  Width width() const { return width_; }
  Use use() const { return use_; }
  std::size_t step() const { return step_; }  // rows of one round

 private:
  NativeCode() = default;
  void fill_pool(const Code&, const KernelShape&);

  std::shared_ptr<const MachineCode> code_;
  void* entry_ = nullptr;
  std::unique_ptr<double[]> pool_room_;
  const double* pool_ = nullptr;  // constants and tables, aligned to a vector
  std::uint32_t columns_ = 0, outputs_ = 0;
  std::uint32_t step_ = 1;
  Width width_ = Width::one;
  Use use_ = Use::point;
};

}  // namespace nabla
