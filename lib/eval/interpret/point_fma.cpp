// The interpreter's loop for one point, for a processor with AVX2 and FMA. CMakeLists.txt says how
// it is compiled.

#include "lib/eval/interpret/point_loop.inc"

namespace nabla {

const PointMachine fma_point{.run = run, .jumps = jumps, .kernels = kernels_at_point};

}  // namespace nabla
