#pragma once

// Number: an exact rational. Two 64-bit words on the fast path, GMP beyond. GMP ends the program
// when it cannot allocate and cannot be interrupted, so callers ask first whether an operation fits
// (sum_fits, product_fits, power_fits) and leave it as written when it does not; operations beyond
// two words make sure of their memory before they begin, and throw std::bad_alloc (ADR 0014).

#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "lib/core/limits.hpp"

namespace nabla {

struct BigRational;  // mpq_class, kept out of this header

class Number {
 public:
  Number() = default;
  Number(std::int64_t integer) : numerator_(integer) {}

  // numerator/denominator in lowest terms; the denominator must not be zero.
  static Number ratio(std::int64_t numerator, std::int64_t denominator);

  // An unsigned integer written in decimal digits of any length. Throws LimitError when stopped.
  static Number from_digits(std::string_view digits, const Limits& = {});

  // The rational a double stands for (finite values only).
  static Number from_double(double value);

  bool is_integer() const;
  bool is_zero() const { return !big_ && numerator_ == 0; }
  bool is_one() const { return !big_ && numerator_ == 1 && denominator_ == 1; }
  bool is_even() const;  // an integer divisible by two
  int sign() const;

  // The integer when it fits 64 bits.
  std::optional<std::int64_t> as_int64() const;

  Number numerator() const;
  Number denominator() const;

  // Bits of the larger of numerator and denominator.
  std::size_t bits() const;
  std::size_t bytes() const;  // on the heap

  // Nearest double, ties to even; overflows to infinity.
  double to_double() const;

  // "-2/3"; the caller checks bits() against the output limit first (about 0.302 digits per bit).
  // Throws LimitError when stopped.
  std::string to_string(const Limits& = {}) const;

  std::size_t hash() const;

  Number operator-() const;
  Number inverse() const;  // of a number that is not zero
  Number floor() const;

  friend Number operator+(const Number&, const Number&);
  friend Number operator*(const Number&, const Number&);
  friend Number operator-(const Number& a, const Number& b) { return a + -b; }
  friend Number operator/(const Number& a, const Number& b) { return a * b.inverse(); }
  friend bool operator==(const Number&, const Number&);
  friend std::strong_ordering operator<=>(const Number&, const Number&);

  // base^exponent for an integer exponent (base not zero when it is negative).
  friend Number power(const Number& base, std::int64_t exponent);

  // The exact n-th root of a number that is not negative, if it is rational.
  friend std::optional<Number> root(const Number& radicand, std::uint64_t n);

 private:
  friend struct WideQuotient;
  friend bool sum_fits(const Number&, const Number&, const Limits&);
  friend bool product_fits(const Number&, const Number&, const Limits&);
  friend bool power_fits(const Number&, const Number&, const Limits&);
  std::size_t numerator_bits() const;
  std::size_t denominator_bits() const;
  explicit Number(BigRational value);

  std::int64_t numerator_ = 0, denominator_ = 1;
  std::shared_ptr<const BigRational> big_;  // set only when 64 bits do not suffice
};

// Numbers up to this many bits are brought to lowest terms; a common divisor of longer ones takes
// longer than anyone may have to wait for a stop.
inline constexpr std::size_t longest_reduction = std::size_t{1} << 19;

// Whether a result is found quickly and has at most about `number_bits` bits, known before it is
// computed: integers may come out one bit longer. The base of a power is not 0 when the exponent is
// negative.
bool sum_fits(const Number& a, const Number& b, const Limits&);
bool product_fits(const Number& a, const Number& b, const Limits&);
bool power_fits(const Number& base, const Number& exponent, const Limits&);

}  // namespace nabla
