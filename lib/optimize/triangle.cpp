#include "lib/optimize/triangle.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>

namespace nabla {

template <typename T>
Triangle<T>::Triangle(std::size_t columns) : columns_(columns), r_(columns * columns, T(0)) {}

template <typename T>
void Triangle<T>::add(const double* rows, const double* last, std::size_t count) {
  const std::size_t n = columns_;
  work_.resize(n * count);
  for (std::size_t j = 0; j < n; ++j) {
    const double* const from = j + 1 < n ? rows + j * count : last;
    for (std::size_t i = 0; i < count; ++i) work_[j * count + i] = static_cast<T>(from[i]);
  }
  fold(count);
}

template <typename T>
void Triangle<T>::add(const Triangle& other) {
  const std::size_t n = columns_;
  work_ = other.r_;
  fold(n);
}

// Householder reflections that fold the new rows into R: each one touches the diagonal entry of its
// column and the new rows only, because what lies between is zero already.
template <typename T>
void Triangle<T>::fold(std::size_t count) {
  using Column = Eigen::Map<Eigen::Matrix<T, Eigen::Dynamic, 1>>;
  const std::size_t n = columns_;
  const auto column = [&](std::size_t j) {
    return Column(work_.data() + j * count, static_cast<Eigen::Index>(count));
  };
  for (std::size_t k = 0; k < n; ++k) {
    Column v = column(k);
    T& diagonal = r_[k * n + k];
    const T largest = std::max(std::abs(diagonal), v.cwiseAbs().maxCoeff());
    if (largest == T(0)) continue;
    // Scaled, so that squares neither overflow nor vanish.
    const T down = T(1) / largest;
    if (!std::isfinite(down)) continue;
    T squares = (diagonal * down) * (diagonal * down);
    const T below = (v * down).squaredNorm();
    if (below == T(0)) continue;
    squares += below;
    const T norm = largest * std::sqrt(squares);
    const T beta = diagonal > T(0) ? -norm : norm;
    const T head = diagonal - beta;
    const T tau = (beta - diagonal) / beta;  // H = I - tau u uᵀ with u = (1, v / head)
    v /= head;
    diagonal = beta;
    for (std::size_t j = k + 1; j < n; ++j) {
      Column w = column(j);
      T& top = r_[j * n + k];
      const T along = tau * (top + v.dot(w));
      top -= along;
      w -= along * v;
    }
  }
}

template class Triangle<double>;
template class Triangle<long double>;

}  // namespace nabla
