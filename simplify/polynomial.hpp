#pragma once

// Polynomials in a few kernels with exact coefficients: what rational simplification computes with.
// Kernels are known here by number only; field.hpp says what they stand for.

#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "lib/core/number.hpp"
#include "simplify/meter.hpp"

namespace nabla::fractions {

inline constexpr std::size_t most_kernels = 16;

using Exponents = std::array<std::int16_t, most_kernels>;

struct Term {
  Exponents powers{};
  Number coefficient;
};

// Terms in descending lexicographic order, none zero; no terms: the polynomial 0. Exponents are
// never negative.
class Polynomial {
 public:
  static constexpr std::size_t most_terms = 160;
  static constexpr int highest_degree = 64;

  Polynomial() = default;
  Polynomial(const Number& constant);
  static Polynomial kernel(std::size_t which, int power = 1, Meter* meter = nullptr);
  // Any order; equal powers are added.
  static Polynomial from(std::vector<Term> terms, Meter* meter = nullptr);

  const std::vector<Term>& terms() const { return terms_; }
  // What computing with it counts on; results inherit it from either operand.
  Meter* meter() const { return meter_; }
  bool is_zero() const { return terms_.empty(); }
  bool is_constant() const;
  bool is_monomial() const { return terms_.size() == 1; }
  const Term& leading() const { return terms_.front(); }
  Number constant_term() const;
  int degree(std::size_t kernel) const;
  int total_degree() const;
  bool contains(std::size_t kernel) const { return degree(kernel) > 0; }

  // The coefficient of kernel^power, a polynomial in the others.
  Polynomial coefficient(std::size_t kernel, int power) const;
  Polynomial derivative(std::size_t kernel) const;

  friend Polynomial operator+(const Polynomial&, const Polynomial&);
  friend Polynomial operator-(const Polynomial&, const Polynomial&);
  friend Polynomial operator*(const Polynomial&, const Polynomial&);
  friend Polynomial operator*(const Polynomial&, const Number&);
  Polynomial operator-() const { return *this * Number(-1); }
  friend bool operator==(const Polynomial&, const Polynomial&);

 private:
  static Meter* meter_of(const Polynomial& a, const Polynomial& b) {
    return a.meter_ != nullptr ? a.meter_ : b.meter_;
  }

  std::vector<Term> terms_;
  Meter* meter_ = nullptr;
};

Polynomial power(const Polynomial& base, int exponent);

// The quotient when nothing remains.
std::optional<Polynomial> divide(const Polynomial& a, const Polynomial& b);

// Quotient and remainder as polynomials in one kernel, where the leading coefficient of b divides
// all along; nothing otherwise.
std::optional<std::pair<Polynomial, Polynomial>> divide_in(const Polynomial& a, const Polynomial& b,
                                                           std::size_t kernel);

// Greatest common divisor, primitive with a positive leading coefficient; primitive remainder
// sequences (Knuth 4.6.1), after a probabilistic test for 1 modulo a prime that errs on the safe
// side only.
Polynomial gcd(const Polynomial& a, const Polynomial& b);

// The positive rational c with p/c primitive over the integers.
Number content(const Polynomial& p);

// s with s*s == p, when there is one over the rationals; its leading coefficient is positive.
std::optional<Polynomial> square_root(const Polynomial& p);

// p == content * product of factors^exponents: square-free parts, factors free of a kernel,
// rational roots, quadratics whose discriminant is a square, sums and differences of cubes. Factors
// are primitive; the sign is in the content.
struct Factored {
  Number content;
  std::vector<std::pair<Polynomial, int>> factors;
};
Factored factor(const Polynomial& p);

// Only what repeated factors and factors free of a kernel tell: x^4 - 2 x^2 + 1 is (x^2 - 1)^2.
Factored square_free_factor(const Polynomial& p);

}  // namespace nabla::fractions
