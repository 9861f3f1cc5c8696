// The interpreter's loop over rows for avx512; compiled with what it needs (CMakeLists.txt).

#include "lib/eval/interpret/lanes_avx512.hpp"
// then
#include "lib/eval/interpret/row_loop.hpp"

namespace nabla {

extern const RowMachine avx512_rows;
const RowMachine avx512_rows{.rows = block_rows, .run = run};

}  // namespace nabla
