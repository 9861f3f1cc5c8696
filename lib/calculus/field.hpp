#pragma once

// Arithmetic in the field of integers modulo the Mersenne prime 2^61 - 1.

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace nabla::calculus {

inline constexpr std::uint64_t prime = (std::uint64_t{1} << 61) - 1;

constexpr std::uint64_t reduced(std::uint64_t x) {
  x = (x & prime) + (x >> 61);
  return x >= prime ? x - prime : x;
}
constexpr std::uint64_t field_add(std::uint64_t a, std::uint64_t b) {
  const std::uint64_t s = a + b;
  return s >= prime ? s - prime : s;
}
constexpr std::uint64_t field_negate(std::uint64_t a) { return a == 0 ? 0 : prime - a; }
constexpr std::uint64_t field_multiply(std::uint64_t a, std::uint64_t b) {
  const auto t = static_cast<unsigned __int128>(a) * b;
  const auto low = static_cast<std::uint64_t>(t) & prime;
  const auto high = static_cast<std::uint64_t>(t >> 61);
  return field_add(low, high);
}
constexpr std::uint64_t field_power(std::uint64_t base, std::uint64_t exponent) {
  std::uint64_t result = 1;
  for (; exponent != 0; exponent >>= 1) {
    if (exponent & 1) result = field_multiply(result, base);
    base = field_multiply(base, base);
  }
  return result;
}
// Of 0 it is 0.
constexpr std::uint64_t field_inverse(std::uint64_t a) { return field_power(a, prime - 2); }

// A well-mixed element, the same in every run.
constexpr std::uint64_t scatter(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15u;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

// All inverses for the price of one and three products each (Montgomery's trick); zeros stay.
inline void invert_all(std::span<std::uint64_t> values) {
  std::vector<std::uint64_t> before(values.size());
  std::uint64_t product = 1;
  for (std::size_t i = 0; i < values.size(); ++i) {
    before[i] = product;
    if (values[i] != 0) product = field_multiply(product, values[i]);
  }
  std::uint64_t inverse = field_inverse(product);
  for (std::size_t i = values.size(); i-- > 0;) {
    if (values[i] == 0) continue;
    const std::uint64_t own = field_multiply(inverse, before[i]);
    inverse = field_multiply(inverse, values[i]);
    values[i] = own;
  }
}

}  // namespace nabla::calculus
