#include "lib/optimize/triangle.hpp"

#include <algorithm>
#include <cmath>

namespace nabla {

template <typename T>
Triangle<T>::Triangle(std::size_t columns) : columns_(columns), r_(columns * columns, T(0)) {}

// Householder reflections that fold the new rows into R: each one touches the diagonal entry of its
// column and the new rows only, because what lies between is zero already.
template <typename T>
void Triangle<T>::add(const double* rows, const double* last, std::size_t count) {
  const std::size_t n = columns_;
  work_.resize(n * count);
  for (std::size_t j = 0; j < n; ++j) {
    const double* const from = j + 1 < n ? rows + j * count : last;
    for (std::size_t i = 0; i < count; ++i) work_[j * count + i] = static_cast<T>(from[i]);
  }
  for (std::size_t k = 0; k < n; ++k) {
    T* const v = work_.data() + k * count;
    T& diagonal = r_[k * n + k];
    T largest = std::abs(diagonal);
    for (std::size_t i = 0; i < count; ++i) largest = std::max(largest, std::abs(v[i]));
    if (largest == T(0)) continue;
    // Scaled, so that squares neither overflow nor vanish.
    const T down = T(1) / largest;
    if (!std::isfinite(down)) continue;
    T squares = (diagonal * down) * (diagonal * down);
    T below = 0;
    for (std::size_t i = 0; i < count; ++i) below += (v[i] * down) * (v[i] * down);
    if (below == T(0)) continue;
    squares += below;
    const T norm = largest * std::sqrt(squares);
    const T beta = diagonal > T(0) ? -norm : norm;
    const T head = diagonal - beta;
    const T tau = (beta - diagonal) / beta;  // H = I - tau u uᵀ with u = (1, v / head)
    for (std::size_t i = 0; i < count; ++i) v[i] /= head;
    diagonal = beta;
    for (std::size_t j = k + 1; j < n; ++j) {
      T* const w = work_.data() + j * count;
      T& top = r_[j * n + k];
      T dot = top;
      for (std::size_t i = 0; i < count; ++i) dot += v[i] * w[i];
      dot *= tau;
      top -= dot;
      for (std::size_t i = 0; i < count; ++i) w[i] -= dot * v[i];
    }
  }
}

template class Triangle<double>;
template class Triangle<long double>;

}  // namespace nabla
