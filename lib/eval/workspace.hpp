#pragma once

// Memory for one call: on the stack when little is needed.

#include <cstddef>
#include <memory>

namespace nabla {

template <std::size_t capacity, typename T = double>
class Workspace {
 public:
  explicit Workspace(std::size_t size) {
    if (size > capacity) heap_ = std::make_unique_for_overwrite<T[]>(size);
  }
  T* data() { return heap_ ? heap_.get() : stack_; }

 private:
  alignas(64) T stack_[capacity];
  std::unique_ptr<T[]> heap_;
};

}  // namespace nabla
