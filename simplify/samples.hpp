#pragma once

// Values of expressions at fixed sample points, each with a running bound on its rounding error
// (Wilkinson; Higham, Accuracy and Stability of Numerical Algorithms, 3.3): two forms agree when
// their values do within the bounds, and the relative bound says how accurate a form is. Points are
// the same for the same variables in every run: moderate ones, extreme ones (20, 40, 1e-8), and far
// ones (400, 800, 1e5), where exponentials overflow: what has a value there must keep it, and
// nothing is said about accuracy.

#include <cstdint>
#include <vector>

#include "lib/core/graph.hpp"
#include "simplify/range.hpp"

namespace nabla {

class Samples {
 public:
  static constexpr std::size_t points = 38, far = 32;  // from `far` on

  Samples(const Graph& g, Facts& facts) : g_(g), facts_(facts) {}

  enum class Verdict : std::uint8_t {
    same,     // agrees wherever the original has a value, at one point at least
    unknown,  // the original has no value at any of the points
    differs,  // another value, or none where the original has one
  };
  Verdict compare(NodeId original, NodeId form);

  // Largest relative bound over the points that are not far and where the original has a value, in
  // units of 2^-53.
  double error(NodeId original, NodeId form);

  // Values below this may be lost to 0.
  void ignore_below(double size) { negligible_ = size; }

  // Far points where the form is NaN, such as infinity over infinity.
  int lost(NodeId form);

  // At the first point: the value of something without variables.
  double value(NodeId id) { return values(id)->value; }

 private:
  struct Value {
    double value, error;
  };
  const Value* values(NodeId id);
  void evaluate(const Node& n, NodeId id);
  Value applied_at(const Node& n, std::size_t point);
  Value call_at(const Node& n, NodeId id, std::size_t point);
  double sample(NodeId symbol, std::size_t point);

  const Graph& g_;
  Facts& facts_;
  double negligible_ = 1e-290;
  std::vector<std::uint32_t> place_;  // by id: 1 + where its values lie; 0: none yet
  std::vector<Value> values_;
};

}  // namespace nabla
