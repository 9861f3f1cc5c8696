#include "lib/optimize/factored.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "lib/optimize/triangle.hpp"

namespace nabla {
namespace {

using Index = Eigen::Index;

constexpr std::size_t rows_at_once = 512;

template <typename T>
struct Folded {
  Triangle<T> triangle;
  bool finite = true;
};

// The rows of one span.
template <typename T>
Folded<T> folded(const Residuals& f, std::span<const double> at, std::size_t begin,
                 std::size_t end) {
  const std::size_t p = f.parameters();
  Folded<T> result{.triangle = Triangle<T>(p + 1)};
  std::vector<double> r(std::min(end - begin, rows_at_once)), jacobian(r.size() * p);
  for (std::size_t first = begin; first < end && result.finite; first += r.size()) {
    const std::size_t count = std::min(r.size(), end - first);
    f.rows_at(at, first, count, r.data(), jacobian.data());
    const auto finite = [](double x) { return std::isfinite(x); };
    result.finite = std::all_of(r.data(), r.data() + count, finite) &&
                    std::all_of(jacobian.data(), jacobian.data() + count * p, finite);
    if (result.finite) result.triangle.add(jacobian.data(), r.data(), count);
  }
  return result;
}

template <typename T>
Factored factor_in(const Residuals& f, std::span<const double> at, Workers& workers) {
  const std::size_t p = f.parameters(), count = f.spans();
  std::vector<Folded<T>> parts(count, {.triangle = Triangle<T>(0)});
  workers.run(count, [&](std::size_t i) {
    const auto [begin, end] = f.span_of(i);
    parts[i] = folded<T>(f, at, begin, end);
  });
  Triangle<T>& triangle = parts.front().triangle;
  for (std::size_t i = 1; i < count; ++i) {
    parts.front().finite = parts.front().finite && parts[i].finite;
    if (parts.front().finite) triangle.add(parts[i].triangle);
  }
  Factored result;
  result.finite = parts.front().finite;
  const auto n = static_cast<Index>(p);
  result.r = LongMatrix::Zero(n, n);
  result.c = LongVector::Zero(n);
  for (std::size_t j = 0; j <= p; ++j) {
    for (std::size_t i = 0; i <= j && i < p; ++i) {
      if (j < p)
        result.r(static_cast<Index>(i), static_cast<Index>(j)) = triangle(i, j);
      else
        result.c(static_cast<Index>(i)) = triangle(i, j);
    }
  }
  result.rho = triangle(p, p);
  result.finite = result.finite && std::isfinite(result.squares());
  return result;
}

}  // namespace

// Extended precision as long as it costs little: ill-conditioned problems come with few rows.
Factored factor(const Residuals& f, std::span<const double> at, Workers& workers) {
  const double work = static_cast<double>(f.rows()) *
                      static_cast<double>((f.parameters() + 1) * (f.parameters() + 1));
  return work <= 1e6 ? factor_in<long double>(f, at, workers) : factor_in<double>(f, at, workers);
}

}  // namespace nabla
