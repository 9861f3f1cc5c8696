#include "lib/core/families.hpp"

#include <algorithm>
#include <iterator>
#include <memory>

namespace nabla {

std::uint32_t Families::size(std::string_view prefix) const {
  const auto it = families_.find(prefix);
  return it == families_.end() ? 0 : it->second.size;
}

bool Families::overlaps(std::string_view prefix) const {
  const auto all_digits = [](std::string_view s) {
    return std::ranges::all_of(s, [](char c) { return c >= '0' && c <= '9'; });
  };
  return std::ranges::any_of(families_, [&](const auto& entry) {
    const std::string_view other = entry.first;
    if (other.size() == prefix.size()) return false;
    const std::string_view shorter = other.size() < prefix.size() ? other : prefix,
                           longer = other.size() < prefix.size() ? prefix : other;
    return longer.starts_with(shorter) && all_digits(longer.substr(shorter.size()));
  });
}

std::uint32_t Families::extend(std::string_view prefix, std::uint32_t count, NodeId first) {
  auto it = families_.find(prefix);
  if (it == families_.end()) it = families_.emplace(std::string(prefix), Family{}).first;
  Family& family = it->second;
  Run& run = runs_.emplace_back();
  run.prefix = &it->first;
  run.number = family.size;
  run.member = members_;
  run.count = count;
  run.first = first;
  try {
    family.runs.push_back(&run);
  } catch (...) {
    runs_.pop_back();
    throw;
  }
  family.size += count;
  members_ += count;
  bytes_ += sizeof(Run) + 2 * prefix.size();
  return run.member;
}

std::optional<NodeId> Families::find(std::string_view name) const {
  std::optional<NodeId> found;
  each_split(name, [&](std::string_view prefix, std::uint64_t number) {
    const auto it = families_.find(prefix);
    if (it == families_.end() || number >= it->second.size) return false;
    const auto& runs = it->second.runs;
    const Run& run = **std::prev(
        std::ranges::upper_bound(runs, number, {}, [](const Run* r) { return r->number; }));
    found = NodeId{index(run.first) + static_cast<std::uint32_t>(number - run.number)};
    return true;
  });
  return found;
}

std::vector<NodeId> Families::nodes(std::string_view prefix, std::size_t count) const {
  std::vector<NodeId> ids;
  ids.reserve(count);
  for (const Run* run : families_.find(prefix)->second.runs) {
    const std::size_t wanted = std::min<std::size_t>(run->count, count - ids.size());
    for (std::uint32_t i = 0; i < wanted; ++i) ids.push_back(NodeId{index(run->first) + i});
  }
  return ids;
}

const Families::Run& Families::run_of(std::uint32_t member) const {
  if (runs_.size() == 1) return runs_.front();
  return *std::prev(std::ranges::upper_bound(runs_, member, {}, &Run::member));
}

NodeId Families::node(std::uint32_t member) const {
  const Run& run = run_of(member);
  return NodeId{index(run.first) + (member - run.member)};
}

// Whoever comes first with the array, or with a text, has made it; the others throw theirs away.
Families::Text* Families::texts_of(const Run& run) const {
  if (Text* const there = run.texts.load(std::memory_order_acquire)) return there;
  auto made = std::make_unique<Text[]>(run.count);
  Text* expected = nullptr;
  if (!run.texts.compare_exchange_strong(expected, made.get(), std::memory_order_acq_rel))
    return expected;
  bytes_ += run.count * sizeof(Text);
  return made.release();
}

const std::string& Families::text(std::uint32_t member) const {
  const Run& run = run_of(member);
  Text& place = texts_of(run)[member - run.member];
  if (const std::string* const there = place.load(std::memory_order_acquire)) return *there;
  auto made = std::make_unique<const std::string>(
      *run.prefix + std::to_string(run.number + (member - run.member)));
  const std::string* expected = nullptr;
  if (!place.compare_exchange_strong(expected, made.get(), std::memory_order_acq_rel))
    return *expected;
  bytes_ += sizeof(std::string) + made->size();
  return *made.release();
}

bool Families::starts_with(std::uint32_t member, std::string_view beginning) const {
  const std::string_view prefix = *run_of(member).prefix;
  const std::size_t common = std::min(prefix.size(), beginning.size());
  if (prefix.substr(0, common) != beginning.substr(0, common)) return false;
  return common == beginning.size() || text(member).starts_with(beginning);
}

void Families::clear() {
  for (Run& run : runs_) {
    Text* const texts = run.texts.load(std::memory_order_relaxed);
    if (texts == nullptr) continue;
    for (std::uint32_t i = 0; i < run.count; ++i) delete texts[i].load(std::memory_order_relaxed);
    delete[] texts;
  }
  runs_.clear();
  families_.clear();
  members_ = 0;
  bytes_ = 0;
}

}  // namespace nabla
