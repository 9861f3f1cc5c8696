#pragma once

// Where to begin when nobody says: points tried one by one, the lowest kept.

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "lib/optimize/search.hpp"

namespace nabla {

// The `count` best of many points where the function is finite, lowest first; fewer when there are
// not as many. What is given stays; the rest is tried at 0, 1, small and large numbers of both
// signs, drawn by the seed, inside the box. At most 40 + 40 * parameters evaluations.
std::vector<std::vector<double>> guessed_starts(
    const std::function<double(std::span<const double>)>& f, std::span<const double> start,
    const std::vector<bool>& given, const Box& box, std::size_t count, std::uint64_t seed);

}  // namespace nabla
