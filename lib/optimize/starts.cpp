#include "lib/optimize/starts.hpp"

#include <algorithm>
#include <cmath>

#include "lib/optimize/random.hpp"

namespace nabla {

std::vector<std::vector<double>> guessed_starts(
    const std::function<double(std::span<const double>)>& f, std::span<const double> start,
    const std::vector<bool>& given, const Box& box, std::size_t count, std::uint64_t seed) {
  struct Tried {
    double value;
    std::vector<double> at;
  };
  std::vector<Tried> tried;
  Random random(seed);
  const std::size_t n = start.size();
  const auto look = [&](const auto& draw) {
    std::vector<double> at(start.begin(), start.end());
    for (std::size_t i = 0; i < n; ++i) {
      if (!given[i]) at[i] = box.clamped(i, draw(i));
    }
    const double value = f(at);
    if (!std::isfinite(value)) return;
    if (std::ranges::none_of(tried, [&](const Tried& t) { return t.at == at; }))
      tried.push_back({value, std::move(at)});
  };
  look([&](std::size_t i) { return start[i]; });
  for (const double same : {1.0, 0.0, 0.1, -1.0, 10.0}) look([&](std::size_t) { return same; });
  for (std::size_t round = 0; round < 34 + 40 * n; ++round) {
    look([&](std::size_t i) {
      const bool bounded =
          !box.lower.empty() && std::isfinite(box.lower[i]) && std::isfinite(box.upper[i]);
      if (bounded) return box.lower[i] + random.uniform() * (box.upper[i] - box.lower[i]);
      // Sizes from 1/1000 to 1000, most of them positive.
      const double size = std::pow(10.0, 6 * random.uniform() - 3);
      return random.uniform() < 0.3 ? -size : size;
    });
  }
  std::ranges::stable_sort(tried, {}, &Tried::value);
  std::vector<std::vector<double>> best;
  for (std::size_t i = 0; i < std::min(count, tried.size()); ++i)
    best.push_back(std::move(tried[i].at));
  return best;
}

}  // namespace nabla
