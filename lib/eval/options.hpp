#pragma once

// What a user of compile() may choose.

#include <cstddef>
#include <cstdint>
#include <memory>

namespace nabla {

class CodeCache;
class Workers;

// How elementary functions are computed. Every engine gives the same bits within one choice.
enum class Math : std::uint8_t {
  library,  // by the C library, one call per value; generated code gives these bits
  precise,  // at most 1 unit in the last place: by the library where it is that good, one call per
            // value
  fast,     // by kernels of our own that run on whole vectors; at most 2.5 units in the last place
};

// Who computes. Engines agree bit for bit; `native` falls back to the interpreter where the
// processor is unknown or executable memory is refused.
enum class Engine : std::uint8_t { native, interpreter };

// The order in which rows are added up.
enum class SumOrder : std::uint8_t {
  in_order,  // first to last in one accumulator, like generated code
  lanes,     // eight accumulators per tile of 4096 rows, then a tree over tiles; fast and accurate
};

// Widest vectors that native code may use.
enum class Width : std::uint8_t { one = 1, four = 4, eight = 8 };

struct CompileOptions {
  Math math = Math::library;
  bool contract = false;  // a*b + c rounds once
  // What divides more than once is inverted once and multiplied with: two or three roundings a
  // division instead of one, and no finite result where |divisor| < 2^-1024; see reciprocals.hpp.
  bool reciprocals = false;
  // Sums of powers of one value become nested products, which round differently; polynomials.hpp.
  bool polynomials = false;
  SumOrder sums = SumOrder::in_order;
  Engine engine = Engine::native;
  Width widest = Width::eight;
  std::size_t parameters = 0;  // so many of the last inputs have one value for all rows of a batch
  // For batches and for sums in lanes with much to do; does not change results. The function has
  // threads of its own, unless it is given some that it shares with others.
  unsigned threads = 1;
  std::shared_ptr<Workers> workers = {};
  // Machine code that functions of the same shape share; see code_cache.hpp.
  std::shared_ptr<CodeCache> code = {};
};

}  // namespace nabla
