#pragma once

// Families: names that are numbered, like x0, x1, ..., x999999, kept as one prefix and a range.
// Their texts are made only where somebody asks for one, so that a million of them cost a million
// nodes and no million strings.

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/core/expr.hpp"

namespace nabla {

class Families {
 public:
  Families() = default;
  Families(const Families&) = delete;
  Families& operator=(const Families&) = delete;
  ~Families() { clear(); }

  bool empty() const { return runs_.empty(); }

  // How many names there are with this prefix: those numbered from 0 on.
  std::uint32_t size(std::string_view prefix) const;

  // Names of another family could be names of this one: x1 with 0 and x with 10.
  bool overlaps(std::string_view prefix) const;

  // More names with this prefix, numbered from size(prefix) on, whose nodes follow one another from
  // `first` on. Their members are numbered on as well; returns the first. Throws std::bad_alloc.
  std::uint32_t extend(std::string_view prefix, std::uint32_t count, NodeId first);

  // The node with that name, by its text. O(digits) look-ups of prefixes.
  std::optional<NodeId> find(std::string_view name) const;

  // The nodes numbered from 0 to count - 1, all of which there are.
  std::vector<NodeId> nodes(std::string_view prefix, std::size_t count) const;

  // The text of a member, and its node. Texts are made when they are asked for, by any number of
  // threads at once, and stay. O(log runs). Throws std::bad_alloc.
  const std::string& text(std::uint32_t member) const;
  NodeId node(std::uint32_t member) const;

  // Does the text of a member begin so? Makes no text unless the beginning goes beyond the prefix.
  bool starts_with(std::uint32_t member, std::string_view beginning) const;

  std::size_t bytes() const { return bytes_.load(std::memory_order_relaxed); }
  void clear();

 private:
  using Text = std::atomic<const std::string*>;

  // Names made by one call.
  struct Run {
    const std::string* prefix;
    std::uint32_t number, member, count;  // of the first: in its text, among all members
    NodeId first;
    mutable std::atomic<Text*> texts{nullptr};  // made with the first text
  };
  struct Family {
    std::uint32_t size = 0;
    std::deque<const Run*> runs;  // by number
  };

  const Run& run_of(std::uint32_t member) const;
  Text* texts_of(const Run&) const;

  std::map<std::string, Family, std::less<>> families_;
  std::deque<Run> runs_;  // by member
  std::uint32_t members_ = 0;
  mutable std::atomic<std::size_t> bytes_{0};
};

// What stands at the end of a name and can be the number of a member: digits without a zero in
// front. Calls visit(prefix, number) for each way to split the name, until it returns true.
bool each_split(std::string_view name, auto visit) {
  std::uint64_t number = 0, unit = 1;
  for (std::size_t at = name.size(); at > 1 && name.size() - at < 10;) {
    const char digit = name[--at];
    if (digit < '0' || digit > '9') return false;
    number += unit * static_cast<std::uint64_t>(digit - '0');
    unit *= 10;
    if (digit == '0' && at + 1 != name.size()) continue;
    if (visit(name.substr(0, at), number)) return true;
  }
  return false;
}

}  // namespace nabla
