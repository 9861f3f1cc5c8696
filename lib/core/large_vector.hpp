#pragma once

// LargeVector: a vector whose memory comes in large pages once it is megabytes. To touch new memory
// for the first time costs the kernel a fault a page, which is as much as a pass over it.

#include <cstddef>
#include <new>
#include <vector>

#include "lib/core/pages.hpp"

namespace nabla {

template <typename T>
struct LargePages {
  using value_type = T;

  LargePages() = default;
  template <typename U>
  LargePages(const LargePages<U>&) {}

  T* allocate(std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    void* const block = is_mapped(bytes) ? map_large_pages(bytes) : ::operator new(bytes);
    if (block == nullptr) throw std::bad_alloc();
    return static_cast<T*>(block);
  }
  void deallocate(T* block, std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    is_mapped(bytes) ? unmap_large_pages(block, bytes) : ::operator delete(block);
  }
  friend bool operator==(const LargePages&, const LargePages&) { return true; }

 private:
  static bool is_mapped(std::size_t bytes) { return has_large_pages && bytes >= large_page; }
};

template <typename T>
using LargeVector = std::vector<T, LargePages<T>>;

}  // namespace nabla
