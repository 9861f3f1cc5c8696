#include "lib/core/names.hpp"

#include <algorithm>

#include "lib/core/pages.hpp"
#include "lib/core/short_text.hpp"

namespace nabla {

namespace {

std::uint32_t hash_of(std::string_view name) {
  return static_cast<std::uint32_t>(hash_of_text(name));
}

}  // namespace

// Where the name stands in slots_, or the empty place where it belongs.
std::size_t Names::place_of(std::string_view name, std::uint32_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  for (; slots_[at] != 0; at = (at + 1) & mask) {
    const std::uint32_t number = slots_[at] - 1;
    if (hashes_[number] == hash && same_text(texts_[number], name)) break;
  }
  return at;
}

std::uint32_t Names::intern(std::string_view name) {
  if (2 * texts_.size() >= slots_.size()) grow();
  const std::uint32_t hash = hash_of(name);
  std::uint32_t& slot = slots_[place_of(name, hash)];
  if (slot == 0) {
    hashes_.push_back(hash);
    try {
      texts_.emplace_back(name);
    } catch (...) {
      hashes_.pop_back();
      throw;
    }
    slot = static_cast<std::uint32_t>(texts_.size());
  }
  return slot - 1;
}

std::optional<std::uint32_t> Names::find(std::string_view name) const {
  if (slots_.empty()) return std::nullopt;
  const std::uint32_t slot = slots_[place_of(name, hash_of(name))];
  return slot == 0 ? std::nullopt : std::optional(slot - 1);
}

bool Names::contains(std::string_view name) const {
  return !slots_.empty() && slots_[place_of(name, hash_of(name))] != 0;
}

void Names::grow() {
  const std::size_t size = slots_.empty() ? 16 : 2 * slots_.size();
  std::vector<std::uint32_t> slots;
  slots.reserve(size);
  prefer_large_pages(slots.data(), size * sizeof(slots[0]));
  slots.resize(size, 0);
  for (std::uint32_t number = 0; number < hashes_.size(); ++number) {
    std::size_t at = hashes_[number] & (size - 1);
    while (slots[at] != 0) at = (at + 1) & (size - 1);
    slots[at] = number + 1;
  }
  texts_.reserve(size / 2);
  hashes_.reserve(size / 2);
  slots_.swap(slots);
}

void Names::clear() {
  if (16 * texts_.size() < slots_.size()) {
    slots_ = {};
  } else {
    std::ranges::fill(slots_, 0);
  }
  texts_.clear();
  hashes_.clear();
}

std::size_t Names::bytes() const {
  return texts_.capacity() * sizeof(std::string) + hashes_.capacity() * sizeof(std::uint32_t) +
         slots_.capacity() * sizeof(std::uint32_t);
}

}  // namespace nabla
