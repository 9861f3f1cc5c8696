#pragma once

// Memory for machine code, mapped twice: written at one address and run at another, so that no page
// is ever both. Shared by the whole process like the heap, and as safe to use from many threads.

#include <cstddef>

namespace nabla {

// Copies machine code to executable memory; null where the system refuses. Position-independent
// code only.
void* make_executable(const void* code, std::size_t size);
void free_executable(void* code);

}  // namespace nabla
