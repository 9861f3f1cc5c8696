#pragma once

// For code that must be compiled where it is used: into loops over rows, for one processor each.

#if defined(__GNUC__)
#define NABLA_INLINE __attribute__((always_inline)) inline
#define NABLA_INLINED __attribute__((always_inline))  // the same for closures
#else
#define NABLA_INLINE inline
#define NABLA_INLINED
#endif
