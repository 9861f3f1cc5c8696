// The interpreter's loop over rows, for AVX2 and FMA. CMakeLists.txt says how it is compiled.

#include "lib/eval/interpret/lanes_avx2.inc"
// which the loop is for
#include "lib/eval/interpret/row_loop.inc"

namespace nabla {

const RowMachine avx2_rows{.rows = block_rows, .run = run};

}  // namespace nabla
