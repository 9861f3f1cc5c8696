#pragma once

// push: adds to a vector of small values where every token does; growing stands out of line, so
// that the usual case is a comparison and a few stores.

#include <vector>

namespace nabla {

namespace detail {

template <typename T>
[[gnu::noinline, gnu::cold]] void widen(std::vector<T>& v) {
  v.reserve(2 * v.size() + 16);
}

}  // namespace detail

template <typename T>
inline void push(std::vector<T>& v, const T& value) {
  if (v.size() == v.capacity()) [[unlikely]]
    detail::widen(v);
  if (v.size() == v.capacity()) __builtin_unreachable();  // or it would be ready to grow again
  v.push_back(value);
}

}  // namespace nabla
