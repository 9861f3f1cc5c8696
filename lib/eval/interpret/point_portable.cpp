// The interpreter's loop for one point, for any processor. CMakeLists.txt says how it is compiled.

#include "lib/eval/interpret/point_loop.inc"

namespace nabla {

const PointMachine portable_point{.run = run, .jumps = jumps, .kernels = kernels_at_point};

}  // namespace nabla
