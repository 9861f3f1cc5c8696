#pragma once

// Pages: a growing array of trivial values that starts as zeros. Large arrays grow by remapping
// their pages: nothing is copied, and what is not used yet takes no memory.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace nabla {

// Asks for fewer, larger pages, which halve the time to fill megabytes; a wish, not a need. What is
// smaller is left alone.
inline void prefer_large_pages([[maybe_unused]] void* begin, [[maybe_unused]] std::size_t bytes) {
#if defined(__linux__)
  constexpr std::uintptr_t page = 4096, large = std::uintptr_t{1} << 21;
  if (bytes < 2 * large) return;
  const auto first = (reinterpret_cast<std::uintptr_t>(begin) + page - 1) / page * page;
  const auto last = (reinterpret_cast<std::uintptr_t>(begin) + bytes) / page * page;
  (void)::madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE);
#endif
}

// An array of unknown contents that is about to be written from end to end.
template <typename T>
std::unique_ptr<T[]> large_array(std::size_t count) {
  auto array = std::make_unique_for_overwrite<T[]>(count);
  prefer_large_pages(array.get(), count * sizeof(T));
  return array;
}

inline constexpr std::size_t large_page = std::size_t{1} << 21;

// Whole large pages of zeros; nullptr where there is no memory left.
#if defined(__linux__)
inline constexpr bool has_large_pages = true;
inline std::size_t in_large_pages(std::size_t bytes) {
  return (bytes + large_page - 1) / large_page * large_page;
}
inline void* map_large_pages(std::size_t bytes) {
  bytes = in_large_pages(bytes);
  void* const block =
      ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (block == MAP_FAILED) return nullptr;
  (void)::madvise(block, bytes, MADV_HUGEPAGE);
  return block;
}
inline void unmap_large_pages(void* block, std::size_t bytes) {
  (void)::munmap(block, in_large_pages(bytes));
}
#else
inline constexpr bool has_large_pages = false;
inline void* map_large_pages(std::size_t) { return nullptr; }
inline void unmap_large_pages(void*, std::size_t) {}
#endif

template <typename T>
class Pages {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  Pages() = default;
  Pages(const Pages&) = delete;
  Pages& operator=(const Pages&) = delete;
  ~Pages() { release(); }
  void swap(Pages& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
  }

  T& operator[](std::size_t i) { return data_[i]; }
  const T& operator[](std::size_t i) const { return data_[i]; }
  std::size_t size() const { return size_; }

  // Makes the first elements zero again.
  void zero(std::size_t count) {
    if (count != 0) std::memset(static_cast<void*>(data_), 0, count * sizeof(T));
  }

  // More elements, the new ones zero. Throws std::bad_alloc and then leaves the array as it was.
  void grow(std::size_t size) {
    T* fresh = is_mapped(size) ? mapped(size) : allocated(size);
    if (fresh == nullptr) throw std::bad_alloc();
    data_ = fresh;
    size_ = size;
  }

 private:
  // Below this the cost of fresh pages outweighs that of copying.
  static constexpr std::size_t mapped_bytes = std::size_t{1} << 21;

#if defined(__linux__)
  static bool is_mapped(std::size_t size) { return size * sizeof(T) >= mapped_bytes; }

  T* mapped(std::size_t size) {
    const std::size_t bytes = size * sizeof(T);
    void* block = is_mapped(size_) ? ::mremap(data_, size_ * sizeof(T), bytes, MREMAP_MAYMOVE)
                                   : ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                                            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (block == MAP_FAILED) return nullptr;
    // Fewer, larger pages halve the time to build a graph of millions of nodes; a wish, not a need.
    (void)::madvise(block, bytes, MADV_HUGEPAGE);
    if (!is_mapped(size_) && data_ != nullptr) {
      std::memcpy(block, data_, size_ * sizeof(T));
      release();
    }
    return static_cast<T*>(block);
  }

  void release() {
    if (is_mapped(size_)) {
      (void)::munmap(static_cast<void*>(data_), size_ * sizeof(T));
    } else {
      std::free(data_);
    }
  }
#else
  static bool is_mapped(std::size_t) { return false; }
  T* mapped(std::size_t) { return nullptr; }
  void release() { std::free(data_); }
#endif

  T* allocated(std::size_t size) {
    auto* block = static_cast<T*>(std::realloc(data_, size * sizeof(T)));
    if (block != nullptr)
      std::memset(static_cast<void*>(block + size_), 0, (size - size_) * sizeof(T));
    return block;
  }

  T* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace nabla
