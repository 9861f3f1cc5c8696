#pragma once

// Whether a sanitizer watches this program: it needs memory for itself, and keeps what is freed.

#if defined(__has_feature)  // clang++ says it this way, g++ by macros
#define NABLA_HAS_FEATURE(x) __has_feature(x)
#else
#define NABLA_HAS_FEATURE(x) 0
#endif

namespace nabla::test {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || \
    NABLA_HAS_FEATURE(address_sanitizer) || NABLA_HAS_FEATURE(thread_sanitizer)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

}  // namespace nabla::test

#undef NABLA_HAS_FEATURE
