// The interpreter's loop over rows, for any processor. CMakeLists.txt says how it is compiled.

#include "lib/eval/interpret/lanes_portable.hpp"
// which the loop is for
#include "lib/eval/interpret/row_loop.inc"

namespace nabla {

const RowMachine portable_rows{.rows = block_rows, .run = run};

}  // namespace nabla
