#include "lib/core/stop.hpp"

#include "lib/core/diagnostic.hpp"

namespace nabla {

void stop_now() { throw LimitError({.code = "L110", .message = "stopped on request", .span = {}}); }

}  // namespace nabla
