// The interpreter's loop over rows for portable; compiled with what it needs (CMakeLists.txt).

#include "lib/eval/interpret/lanes_portable.hpp"
// then
#include "lib/eval/interpret/row_loop.hpp"

namespace nabla {

extern const RowMachine portable_rows;
const RowMachine portable_rows{.rows = block_rows, .run = run};

}  // namespace nabla
