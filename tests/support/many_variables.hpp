#pragma once

// v0, v1, ... for sums of many terms, and a point for them.

#include <string>
#include <vector>

#include "lib/core/graph.hpp"

namespace nabla::test {

inline std::vector<Expr> names(Graph& g, std::size_t n) {
  std::vector<Expr> v;
  for (std::size_t i = 0; i < n; ++i) v.push_back(symbol(g, "v" + std::to_string(i)));
  return v;
}

// From 0.5 to 0.98, of 97 values.
inline std::vector<double> point(std::size_t n) {
  std::vector<double> p;
  for (std::size_t i = 0; i < n; ++i) p.push_back(0.5 + static_cast<double>(i % 97) / 200);
  return p;
}

}  // namespace nabla::test
