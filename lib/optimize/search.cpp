#include "lib/optimize/search.hpp"

#include <cmath>

namespace nabla {

double Box::clamped(std::size_t i, double x) const {
  if (!lower.empty() && x < lower[i]) return lower[i];
  if (!upper.empty() && x > upper[i]) return upper[i];
  return x;
}

double free_norm(const Box& box, std::span<const double> at, std::span<const double> slope) {
  double norm = 0;
  for (std::size_t i = 0; i < at.size(); ++i) {
    if (box.empty() || !box.holds(i, at[i], slope[i])) norm = std::hypot(norm, slope[i]);
  }
  return norm;
}

}  // namespace nabla
