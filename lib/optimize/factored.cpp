#include "lib/optimize/factored.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "lib/optimize/triangle.hpp"

namespace nabla {
namespace {

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
Factors factor_in(const Residuals& f, std::span<const double> at, Workers& workers) {
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
  Factors result{.r = std::vector<long double>(p * p),
                 .c = std::vector<long double>(p),
                 .rho = triangle(p, p),
                 .finite = parts.front().finite};
  long double squares = result.rho * result.rho;
  for (std::size_t j = 0; j < p; ++j) {
    for (std::size_t i = 0; i <= j; ++i) result.r[j * p + i] = triangle(i, j);
    result.c[j] = triangle(j, p);
    squares += result.c[j] * result.c[j];
  }
  result.finite = result.finite && std::isfinite(static_cast<double>(squares));
  return result;
}

}  // namespace

// Extended precision as long as it costs little: ill-conditioned problems come with few rows.
Factors factor(const Residuals& f, std::span<const double> at, Workers& workers) {
  const double work = static_cast<double>(f.rows()) *
                      static_cast<double>((f.parameters() + 1) * (f.parameters() + 1));
  return work <= 1e6 ? factor_in<long double>(f, at, workers) : factor_in<double>(f, at, workers);
}

}  // namespace nabla
