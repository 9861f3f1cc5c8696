#pragma once

// ValueMap: from 64-bit keys to 32-bit values, by open addressing in one array. Grows, never
// forgets. Faster than a map of nodes where a pass asks it for every operation.

#include <cstddef>
#include <cstdint>

#include "lib/core/large_vector.hpp"

namespace nabla {

class ValueMap {
 public:
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  // The value of a key, `none` for a new one. The reference is good until the next call.
  std::uint32_t& operator[](std::uint64_t key) {
    if (2 * (count_ + 1) > entries_.size()) grow();
    Entry& e = find(key);
    if (!e.taken) {
      e = {key, none, 1};
      ++count_;
    }
    return e.value;
  }

 private:
  struct Entry {
    std::uint64_t key = 0;
    std::uint32_t value = none;
    std::uint32_t taken = 0;
  };

  Entry& find(std::uint64_t key) {
    const std::size_t mask = entries_.size() - 1;
    std::size_t at = static_cast<std::size_t>((key * 0x9E3779B97F4A7C15u) >> 32) & mask;
    while (entries_[at].taken && entries_[at].key != key) at = (at + 1) & mask;
    return entries_[at];
  }
  void grow() {
    LargeVector<Entry> old(entries_.empty() ? 32 : 2 * entries_.size());
    old.swap(entries_);
    for (const Entry& e : old) {
      if (e.taken) find(e.key) = e;
    }
  }

  LargeVector<Entry> entries_;  // a power of two of them
  std::size_t count_ = 0;
};

}  // namespace nabla
