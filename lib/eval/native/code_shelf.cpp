#include "lib/eval/native/code_shelf.hpp"

#include <algorithm>
#include <cstring>

namespace nabla {

namespace {

template <typename Values>
std::uint64_t mixed(std::uint64_t h, const Values& values) {
  const char* at = reinterpret_cast<const char*>(values.data());
  std::size_t left = values.size() * sizeof(values[0]);
  const auto mix = [&](std::uint64_t word) {
    h = (h ^ word) * 0x9E3779B97F4A7C15u;
    h ^= h >> 32;
  };
  for (; left >= 8; left -= 8, at += 8) {
    std::uint64_t word;
    std::memcpy(&word, at, 8);
    mix(word);
  }
  std::uint64_t rest = left;
  std::memcpy(&rest, at, left);
  mix(rest);
  mix(values.size());
  return h;
}

}  // namespace

std::uint64_t CodeCache::Shelf::Shape::hash() const {
  std::uint64_t h = code.columns;
  h = h * 0x9E3779B97F4A7C15u + code.uniforms;
  h = h * 0x9E3779B97F4A7C15u + code.constants.size();
  h = h * 0x9E3779B97F4A7C15u + 16 * static_cast<unsigned>(width) + static_cast<unsigned>(use);
  h = mixed(mixed(h, code.step), code.detail);
  h = mixed(mixed(mixed(h, code.a), code.b), code.c);
  return mixed(h, code.outputs);
}

bool CodeCache::Shelf::Entry::has(const Shape& s) const {
  return constants == s.code.constants.size() && width == s.width && use == s.use &&
         code.columns == s.code.columns && code.uniforms == s.code.uniforms &&
         code.step == s.code.step && code.detail == s.code.detail && code.a == s.code.a &&
         code.b == s.code.b && code.c == s.code.c && code.outputs == s.code.outputs;
}

std::shared_ptr<const CodeCache::Shelf::Entry> CodeCache::Shelf::look(const Shape& shape,
                                                                      std::uint64_t hash) {
  const auto [first, last] = entries.equal_range(hash);
  for (auto at = first; at != last; ++at) {
    if (auto entry = at->second.lock(); entry && entry->has(shape)) return entry;
  }
  return nullptr;
}

void CodeCache::Shelf::use(const std::shared_ptr<const Entry>& entry) {
  if (kept == 0) return;
  const auto at = std::ranges::find(recent, entry);
  if (at != recent.end()) {
    recent.splice(recent.begin(), recent, at);
    return;
  }
  recent.push_front(entry);
  if (recent.size() > kept) recent.pop_back();
}

// Functions keep the entry alive through the code in it.
std::shared_ptr<const MachineCode> CodeCache::Shelf::find(const Shape& shape) {
  const std::uint64_t hash = shape.hash();
  const std::lock_guard lock(mutex);
  const auto entry = look(shape, hash);
  if (!entry) return nullptr;
  ++found;
  use(entry);
  return {entry, entry->machine.get()};
}

std::shared_ptr<const MachineCode> CodeCache::Shelf::add(const Shape& shape,
                                                         std::shared_ptr<MachineCode> machine) {
  const std::uint64_t hash = shape.hash();
  Code code = shape.code;
  code.constants = {};
  auto fresh = std::make_shared<const Entry>(Entry{
      std::move(machine), std::move(code), shape.code.constants.size(), shape.width, shape.use});
  const std::lock_guard lock(mutex);
  auto entry = look(shape, hash);
  if (!entry) {
    if (entries.size() >= sweep_at) {
      std::erase_if(entries, [](const auto& e) { return e.second.expired(); });
      sweep_at = std::max<std::size_t>(64, 2 * entries.size());
    }
    entries.emplace(hash, fresh);
    entry = std::move(fresh);
  }
  use(entry);
  return {entry, entry->machine.get()};
}

std::size_t CodeCache::Shelf::shapes() {
  const std::lock_guard lock(mutex);
  return static_cast<std::size_t>(
      std::ranges::count_if(entries, [](const auto& e) { return !e.second.expired(); }));
}

CodeCache::CodeCache(std::size_t kept) : shelf_(std::make_unique<Shelf>(kept)) {}
CodeCache::~CodeCache() = default;
std::size_t CodeCache::shapes() const { return shelf_->shapes(); }
std::size_t CodeCache::found() const {
  const std::lock_guard lock(shelf_->mutex);
  return shelf_->found;
}

}  // namespace nabla
