#pragma once

// Random: numbers drawn from a seed, the same ones on every machine and with every library.
// SplitMix64 (Steele, Lea & Flood 2014).

#include <cstdint>

namespace nabla {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  // From [0, 1).
  double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }

  // From 0 to n - 1; n is far below 2^64, so what the remainder prefers does not show.
  std::uint64_t below(std::uint64_t n) { return next() % n; }

 private:
  std::uint64_t state_;
};

}  // namespace nabla
