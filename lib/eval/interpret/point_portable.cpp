// The interpreter's loop for one point; compiled with what it needs (CMakeLists.txt).

#include "lib/eval/interpret/point_loop.hpp"

namespace nabla {

extern const PointMachine portable_point;
const PointMachine portable_point{.run = run, .kernels = kernels_at_point};

}  // namespace nabla
