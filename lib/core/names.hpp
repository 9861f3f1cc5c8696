#pragma once

// Names: interns identifiers. Each gets a number, in order of first appearance.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nabla {

class Names {
 public:
  // The number of a name, a new one if it was not there. Amortised O(length).
  std::uint32_t intern(std::string_view name);

  // The number of a name that is there. O(length).
  std::optional<std::uint32_t> find(std::string_view name) const;
  bool contains(std::string_view name) const;

  const std::string& operator[](std::uint32_t number) const { return texts_[number]; }
  std::size_t size() const { return texts_.size(); }
  std::size_t bytes() const;
  void clear();  // keeps memory in proportion to what was there

 private:
  void grow();
  std::size_t place_of(std::string_view name, std::uint32_t hash) const;

  std::vector<std::string> texts_;
  std::vector<std::uint32_t> hashes_;  // of each text, so that most comparisons end early
  std::vector<std::uint32_t> slots_;   // open addressing; 0 is empty, else number + 1
};

}  // namespace nabla
