#pragma once

// What is known about the values of expressions on the domain of the input: intervals, being other
// than zero, being whole numbers. Facts come from the user (x > 0) and from the input itself: where
// log(x) has a value, x is positive.

#include <cmath>
#include <limits>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "lib/core/graph.hpp"

namespace nabla {

// low <= value <= high, and value != 0 if so noted. Ends are rounded outward.
struct Range {
  static constexpr double infinite = std::numeric_limits<double>::infinity();
  double low = -infinite, high = infinite;
  bool nonzero = false;

  bool is_positive() const { return low > 0 || (low >= 0 && nonzero); }
  bool is_negative() const { return high < 0 || (high <= 0 && nonzero); }
  bool is_nonnegative() const { return low >= 0; }
  bool is_nonzero() const { return nonzero || low > 0 || high < 0; }
  bool within(double a, double b) const { return a <= low && high <= b; }

  static Range positive() { return {0, infinite, true}; }
  static Range exactly(double low, double high) { return {low, high, false}; }
};

Range operator+(const Range&, const Range&);
Range operator*(const Range&, const Range&);
Range operator-(const Range&);
Range both(const Range&, const Range&);  // intersection
Range power(const Range&, int exponent);
Range range_of(const Number&);

class Facts {
 public:
  explicit Facts(const Graph& g) : g_(g) {}

  void assume(NodeId id, const Range& range);
  void assume_integer(NodeId id) { integers_.insert(id); }

  // Facts from what every evaluation of these roots computes: arguments of log and roots,
  // denominators. Not from branches of choices, nor from comparisons.
  void harvest(std::span<const NodeId> roots);

  // O(1) amortised; looks through everything below the node once.
  Range range(NodeId id);
  bool is_integer(NodeId id);

  const std::unordered_map<NodeId, Range>& assumed() const { return known_; }

 private:
  Range examine(const Node& n, NodeId id);
  const Graph& g_;
  std::unordered_map<NodeId, Range> known_;
  std::unordered_set<NodeId> integers_;
  std::vector<Range> ranges_;
  std::vector<bool> done_;
};

}  // namespace nabla
