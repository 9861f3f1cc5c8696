#pragma once

// Where an expression may lack a value, as the set of its divisions, logarithms, roots and other
// partial operations. One expression may take the place of another only if it brings no hazard the
// other does not have.

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "lib/calculus/fingerprint.hpp"

namespace nabla::calculus {

class Hazards {
 public:
  // Of `nodes`, ascending and closed under operands. O(nodes): sets of more than a few hazards are
  // not told apart.
  Hazards(const Graph&, std::span<const NodeId> nodes, const Positions&);

  // Wherever node `other` has a value, node `one` has one; positions among the nodes. Sure when
  // true.
  bool covers(std::size_t one, std::size_t other) const;

 private:
  using Set = std::vector<std::uint32_t>;
  static constexpr std::uint32_t none = 0, many = ~std::uint32_t{0};

  std::uint32_t united(std::uint32_t a, std::uint32_t b);
  std::uint32_t named(const Set&);

  // May be: where a value may be missing; must be: where it surely is (a choice hides hazards).
  std::vector<std::uint32_t> may_, must_;
  std::vector<Set> sets_{{}};
  std::map<Set, std::uint32_t> names_{{{}, none}};
};

}  // namespace nabla::calculus
