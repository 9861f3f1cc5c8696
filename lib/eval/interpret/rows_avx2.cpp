// The interpreter's loop over rows for avx2; compiled with what it needs (CMakeLists.txt).

#include "lib/eval/interpret/lanes_avx2.hpp"
// then
#include "lib/eval/interpret/row_loop.hpp"

namespace nabla {

extern const RowMachine avx2_rows;
const RowMachine avx2_rows{.rows = block_rows, .run = run};

}  // namespace nabla
