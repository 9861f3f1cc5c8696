#include "lib/core/big_rational.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

namespace nabla {

namespace {

using Wide = __int128;

constexpr std::int64_t smallest = std::numeric_limits<std::int64_t>::min();

Wide absolute(Wide x) { return x < 0 ? -x : x; }

Wide greatest_common_divisor(Wide a, Wide b) {
  a = absolute(a), b = absolute(b);
  while (b != 0) {
    const Wide rest = a % b;
    a = b, b = rest;
  }
  return a;
}

bool fits(Wide x) { return x > smallest && x <= std::numeric_limits<std::int64_t>::max(); }

mpz_class to_mpz(Wide x) {
  const bool negative = x < 0;
  const auto magnitude = static_cast<unsigned __int128>(negative ? -x : x);
  mpz_class result(static_cast<unsigned long>(magnitude >> 64));
  result <<= 64;
  result += static_cast<unsigned long>(magnitude);
  return negative ? mpz_class(-result) : result;
}

}  // namespace

// A value in lowest terms; goes back to two words when it fits.
Number::Number(BigRational value) {
  const mpz_class& n = value.value.get_num();
  const mpz_class& d = value.value.get_den();
  if (n.fits_slong_p() && d.fits_slong_p() && n.get_si() != smallest) {
    numerator_ = n.get_si(), denominator_ = d.get_si();
  } else {
    big_ = std::make_shared<const BigRational>(std::move(value));
  }
}

Number Number::ratio(std::int64_t numerator, std::int64_t denominator) {
  return Number(numerator) * Number(denominator).inverse();
}

bool Number::is_integer() const { return big_ ? big_->value.get_den() == 1 : denominator_ == 1; }

bool Number::is_even() const {
  if (!is_integer()) return false;
  return big_ ? mpz_even_p(big_->value.get_num_mpz_t()) != 0 : numerator_ % 2 == 0;
}

int Number::sign() const {
  return big_ ? sgn(big_->value) : (numerator_ > 0 ? 1 : 0) - (numerator_ < 0 ? 1 : 0);
}

std::optional<std::int64_t> Number::as_int64() const {
  if (!big_ && denominator_ == 1) return numerator_;
  if (big_ && big_->value.get_den() == 1 && big_->value.get_num().fits_slong_p()) {
    return big_->value.get_num().get_si();  // only the smallest 64-bit integer comes here
  }
  return std::nullopt;
}

Number Number::numerator() const {
  if (!big_) return Number(numerator_);
  make_sure_of_memory(static_cast<double>(bits()));
  return Number(BigRational{mpq_class(big_->value.get_num())});
}

Number Number::denominator() const {
  if (!big_) return Number(denominator_);
  make_sure_of_memory(static_cast<double>(bits()));
  return Number(BigRational{mpq_class(big_->value.get_den())});
}

std::size_t Number::bits() const {
  if (big_) return std::max(bits_of(big_->value.get_num()), bits_of(big_->value.get_den()));
  const auto magnitude = static_cast<std::uint64_t>(absolute(numerator_));
  return static_cast<std::size_t>(
      std::bit_width(std::max(magnitude, static_cast<std::uint64_t>(denominator_))));
}

std::size_t Number::numerator_bits() const {
  if (big_) return bits_of(big_->value.get_num());
  return static_cast<std::size_t>(std::bit_width(static_cast<std::uint64_t>(absolute(numerator_))));
}

std::size_t Number::denominator_bits() const {
  if (big_) return bits_of(big_->value.get_den());
  return static_cast<std::size_t>(std::bit_width(static_cast<std::uint64_t>(denominator_)));
}

std::size_t Number::bytes() const {
  return big_ ? (numerator_bits() + denominator_bits()) / 8 + 64 : 0;
}

std::size_t Number::hash() const {
  const auto mix = [](std::size_t h, std::size_t x) {
    h = (h ^ x) * 0x9E3779B97F4A7C15u;
    return h ^ (h >> 29);
  };
  if (!big_) {
    return mix(mix(0, static_cast<std::size_t>(numerator_)),
               static_cast<std::size_t>(denominator_));
  }
  std::size_t h = 1;
  for (const auto* z : {big_->value.get_num_mpz_t(), big_->value.get_den_mpz_t()}) {
    h = mix(h, static_cast<std::size_t>(mpz_sgn(z) + 1));
    for (std::size_t i = 0; i < mpz_size(z); ++i) {
      h = mix(h, static_cast<std::size_t>(mpz_getlimbn(z, static_cast<mp_size_t>(i))));
    }
  }
  return h;
}

Number Number::operator-() const {
  if (!big_ && numerator_ != smallest) {
    Number result;
    result.numerator_ = -numerator_, result.denominator_ = denominator_;
    return result;
  }
  make_sure_of_memory(static_cast<double>(bits()));
  return Number(BigRational{mpq_class(-to_mpq(numerator_, denominator_, big_.get()))});
}

Number Number::inverse() const {
  if (is_zero()) throw std::domain_error("division of an exact number by zero");
  if (!big_ && numerator_ != smallest) {
    Number result;
    result.numerator_ = numerator_ < 0 ? -denominator_ : denominator_;
    result.denominator_ = numerator_ < 0 ? -numerator_ : numerator_;
    return result;
  }
  make_sure_of_memory(static_cast<double>(bits()));
  return Number(BigRational{mpq_class(1 / to_mpq(numerator_, denominator_, big_.get()))});
}

Number Number::floor() const {
  if (is_integer()) return *this;
  if (!big_) {
    const std::int64_t quotient = numerator_ / denominator_;
    return Number(numerator_ < 0 ? quotient - 1 : quotient);
  }
  make_sure_of_memory(static_cast<double>(bits()));
  mpz_class result;
  mpz_fdiv_q(result.get_mpz_t(), big_->value.get_num_mpz_t(), big_->value.get_den_mpz_t());
  return Number(BigRational{mpq_class(result)});
}

// What two fast numbers make, before it is known to fit 64 bits; the denominator is positive.
struct WideQuotient {
  Wide n, d;

  Number reduced() const {
    const Wide common = d == 1 ? 1
                        : fits(n) && fits(d)
                            ? std::gcd(static_cast<std::int64_t>(n), static_cast<std::int64_t>(d))
                            : greatest_common_divisor(n, d);
    const Wide above = n / common, below = d / common;
    if (!fits(above) || !fits(below)) {
      make_sure_of_memory(0);
      return Number(BigRational{mpq_class(to_mpz(above), to_mpz(below))});
    }
    Number result;
    result.numerator_ = static_cast<std::int64_t>(above);
    result.denominator_ = static_cast<std::int64_t>(below);
    return result;
  }
};

Number operator+(const Number& a, const Number& b) {
  if (!a.big_ && !b.big_) {
    if (a.denominator_ == 1 && b.denominator_ == 1) {
      std::int64_t total = 0;
      if (!__builtin_add_overflow(a.numerator_, b.numerator_, &total) && total != smallest) {
        return total;
      }
    }
    // |a.n b.d| + |b.n a.d| stays below 2^127.
    return WideQuotient{
        .n = Wide{a.numerator_} * b.denominator_ + Wide{b.numerator_} * a.denominator_,
        .d = Wide{a.denominator_} * b.denominator_}
        .reduced();
  }
  make_sure_of_memory(2.0 * static_cast<double>(a.bits() + b.bits()));
  return Number(BigRational{mpq_class(to_mpq(a.numerator_, a.denominator_, a.big_.get()) +
                                      to_mpq(b.numerator_, b.denominator_, b.big_.get()))});
}

Number operator*(const Number& a, const Number& b) {
  if (!a.big_ && !b.big_) {
    return WideQuotient{.n = Wide{a.numerator_} * b.numerator_,
                        .d = Wide{a.denominator_} * b.denominator_}
        .reduced();
  }
  make_sure_of_memory(static_cast<double>(a.bits() + b.bits()));
  return Number(BigRational{mpq_class(to_mpq(a.numerator_, a.denominator_, a.big_.get()) *
                                      to_mpq(b.numerator_, b.denominator_, b.big_.get()))});
}

bool operator==(const Number& a, const Number& b) { return (a <=> b) == 0; }

std::strong_ordering operator<=>(const Number& a, const Number& b) {
  if (!a.big_ && !b.big_) {
    return Wide{a.numerator_} * b.denominator_ <=> Wide{b.numerator_} * a.denominator_;
  }
  make_sure_of_memory(2.0 * static_cast<double>(a.bits() + b.bits()));
  const int order = cmp(to_mpq(a.numerator_, a.denominator_, a.big_.get()),
                        to_mpq(b.numerator_, b.denominator_, b.big_.get()));
  return order <=> 0;
}

namespace {

// base^n in 64 bits, for n > 0 and a base other than 0, 1 and -1.
std::optional<std::int64_t> short_power(std::int64_t base, std::uint64_t n) {
  std::int64_t result = base;
  if (base == 1) return result;
  for (; n > 1; --n) {
    if (__builtin_mul_overflow(result, base, &result)) return std::nullopt;
  }
  return result == smallest ? std::nullopt : std::optional(result);
}

}  // namespace

Number power(const Number& base, std::int64_t exponent) {
  if (exponent == 1) return base;
  if (exponent == -1) return base.inverse();
  const Number& start = exponent < 0 ? base.inverse() : base;
  auto n = exponent < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(exponent)
                        : static_cast<std::uint64_t>(exponent);
  if (start.is_one()) return start;
  if (start.is_zero()) return n == 0 ? Number(1) : start;
  if (start == Number(-1)) return n % 2 == 0 ? Number(1) : start;
  if (!start.big_ && n <= 64) {
    const auto above = short_power(start.numerator_, n), below = short_power(start.denominator_, n);
    if (above && below) {
      Number result;
      result.numerator_ = *above, result.denominator_ = *below;
      return result;
    }
  }
  make_sure_of_memory(static_cast<double>(start.bits()) * static_cast<double>(n));
  const mpq_class q = to_mpq(start.numerator_, start.denominator_, start.big_.get());
  mpq_class result;
  mpz_pow_ui(result.get_num_mpz_t(), q.get_num_mpz_t(), n);
  mpz_pow_ui(result.get_den_mpz_t(), q.get_den_mpz_t(), n);
  return Number(BigRational{std::move(result)});
}

std::optional<Number> root(const Number& radicand, std::uint64_t n) {
  if (n == 0 || radicand.sign() < 0) return std::nullopt;
  make_sure_of_memory(static_cast<double>(radicand.bits()));
  const mpq_class q = to_mpq(radicand.numerator_, radicand.denominator_, radicand.big_.get());
  mpq_class result;
  if (mpz_root(result.get_num_mpz_t(), q.get_num_mpz_t(), n) == 0) return std::nullopt;
  if (mpz_root(result.get_den_mpz_t(), q.get_den_mpz_t(), n) == 0) return std::nullopt;
  return Number(BigRational{std::move(result)});
}

namespace {

// log2 of the larger of numerator and denominator, to double precision.
double length_of(const mpq_class& q) {
  const auto length = [](const mpz_class& z) {
    long exponent = 0;
    const double mantissa = mpz_get_d_2exp(&exponent, z.get_mpz_t());
    return std::log2(std::fabs(mantissa)) + static_cast<double>(exponent);
  };
  return std::max(length(q.get_num()), length(q.get_den()));
}

}  // namespace

bool sum_fits(const Number& a, const Number& b, const Limits& limits) {
  if (!a.big_ && !b.big_) return true;
  const std::size_t down_a = a.denominator_bits(), down_b = b.denominator_bits();
  const std::size_t bits =
      std::max({a.numerator_bits() + down_b, b.numerator_bits() + down_a, down_a + down_b});
  return bits <= limits.number_bits + 1 && std::min(down_a, down_b) <= longest_reduction;
}

bool product_fits(const Number& a, const Number& b, const Limits& limits) {
  if (!a.big_ && !b.big_) return true;
  const std::size_t up_a = a.numerator_bits(), up_b = b.numerator_bits();
  const std::size_t down_a = a.denominator_bits(), down_b = b.denominator_bits();
  const std::size_t bits = std::max(up_a + up_b, down_a + down_b);
  return bits <= limits.number_bits + 1 &&
         std::max(std::min(up_a, down_b), std::min(up_b, down_a)) <= longest_reduction;
}

bool power_fits(const Number& base, const Number& exponent, const Limits& limits) {
  if (base.is_zero() || base.is_one() || base == Number(-1)) return true;
  if (!exponent.is_integer() && base.bits() > 4 * longest_reduction) return false;  // a root
  if (!base.big_ && !exponent.big_ && absolute(exponent.numerator_) < 1 << 20) {
    // certainly, by the number of bits
    const auto most = static_cast<std::size_t>(absolute(exponent.numerator_)) * base.bits();
    if (most <= limits.number_bits) return true;
  }
  make_sure_of_memory(static_cast<double>(base.bits()));
  const double length = length_of(to_mpq(base.numerator_, base.denominator_, base.big_.get())) *
                        std::fabs(exponent.to_double());
  return length <= static_cast<double>(limits.number_bits) * (1 + 1e-12);
}

}  // namespace nabla
